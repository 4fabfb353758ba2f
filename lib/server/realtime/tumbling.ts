import type { Window } from '#lib/job/window.ts';
import { decide, decideDrain, type Decision } from '#lib/stream/decide.ts';
import { keptSince } from '#lib/server/jobs/kept-since.ts';
import { buildWindows, type Bench } from './build.ts';
import { changeOf, type Answer, type Change } from './change.ts';
import { keepLate } from './kept.ts';
import { crowded, gapsPassed } from './passed.ts';
import { drained, lost, notCorrected, stuck, tookOver, type NewNotice } from './notices.ts';
import { rulesOf } from './rules.ts';
import { commit } from './commit.ts';
import { byWindow, correctedBy, type Correction } from './corrections.ts';
import type { Lease } from './lease.ts';
import { readOn, type Read } from './read.ts';
import type { Step } from './rest.ts';
import type { Standing } from './standing.ts';
import { cutAnew, takeover } from './version.ts';

/*
 * A tumbling job's step: what the moments that follow bring due is built, window after window, and goes into one commit.
 */
const mostWindows = 64;
/** How long a frame may be on its way to the log after its time was taken, ms: silence is judged so much later. */
const onItsWay = 1000;

/** Events whose moments are read at once. */
const mostEvents = 500_000;
/** What brings no window is written down after so long, ms; while nothing comes the clock is looked at as often. */
const atLeastEvery = 1000;
/** Frames that come within so many ms are decided on together. */
const together = 100;

export async function stepTumbling(bench: Bench, lease: Lease): Promise<Step> {
  const { world, standing } = bench;
  const { live, stream, position } = standing;
  const read = await readOn(world, stream.id, position, mostEvents);
  const decision = decideWindows(standing, read, world.now());
  const isOld = world.now().getTime() - live.updatedAt.getTime() >= atLeastEvery;
  const isWanted = isDue(standing, read, decision) || (decision.events > 0 && (isOld || !read.isEnd));
  if (!isWanted) return { waitBeyond: read.below, atMost: atLeastEvery, together };
  const change = (await correctAhead(bench, decision)) ?? (await answerWindows(bench, read, decision));
  await commit(world, lease, standing, change);
  return 'done';
}

/** Something that people wait for, or that must not be forgotten. */
function isDue(standing: Standing, read: Read, decision: Decision): boolean {
  const { closed, late, gaps, isAtEdge, progress } = decision;
  return (
    closed.length + late.length + gaps.length > 0 ||
    isAtEdge ||
    read.lost !== null ||
    standing.drainTo !== null ||
    standing.live.trouble !== null ||
    String(progress.silent) !== String(standing.progress.silent)
  );
}

/** What the events that follow bring. */
export function decideWindows(standing: Standing, read: Read, now: Date): Decision {
  const { live, spec, stream, next, progress, drainTo } = standing;
  const rules = rulesOf(spec, stream, next, live.nextFrom);
  const place = { position: read.from, progress };
  const below = drainTo !== null ? { below: drainTo } : {};
  const clock = drainTo === null && read.isEnd ? { clock: now.getTime() - onItsWay } : {};
  const decision = decide(place, rules, read.moments, {
    most: mostWindows,
    now: now.getTime(),
    ...below,
    ...clock,
  });
  const isRead = drainTo !== null && (decision.position >= drainTo || read.isEnd);
  if (!isRead || decision.isFull || decision.isAtEdge) return decision;
  const rest = decideDrain(decision, rules, mostWindows - decision.closed.length);
  return { ...rest, ...joined(decision, rest), isAtEdge: !rest.isFull && next !== null };
}

function joined(one: Decision, other: Decision) {
  const { events, received, late } = one;
  return { events, received, late, closed: [...one.closed, ...other.closed], gaps: [...one.gaps, ...other.gaps] };
}

/** Builds what is due. Throws Passing where the machine fails. */
export async function answerWindows(bench: Bench, read: Read, decision: Decision): Promise<Change> {
  const { standing, world } = bench;
  const late = byWindow(decision.late);
  const corrected = correctedBy(decision);
  const places: Place[] = [];
  for (const { window, events, through } of decision.closed) {
    const start = window.start.getTime();
    const place = { window, cause: 'stream' as const, events, late: late.get(start)?.events ?? 0, warning: null };
    places.push({ ...place, corrections: 0, through: corrected.get(start)?.through ?? through });
    corrected.delete(start);
  }
  const { kept, parted } = await stillCorrected(bench, [...corrected.values()]);
  for (const each of kept) places.push(await correction(bench, each));
  const answers = await answer(bench, places);
  for (const [at, due] of decision.closed.entries()) answers[at]!.warning = await warningOf(bench, due, decision);
  const end = endOf(standing, read, decision);
  return changeOf({
    ...end,
    notices: [
      ...end.notices,
      ...parted.map(({ window }) => notCorrected(window)),
      ...(decision.isCrowded ? await crowded(world, standing.job.id) : []),
    ],
    eventsIn: decision.events,
    lag: decision.received === null ? null : Math.max(0, world.now().getTime() - decision.received),
    answers,
    late: [...late.values()],
    kept: standing.realtime.late.do === 'keep' ? await keepLate(bench, decision.late) : null,
  });
}

/**
 * The next of very many windows that late events correct: they are published before the place moves, and are found answered when
 * it is looked at again. null when so few are left that they can be published with it.
 */
async function correctAhead(bench: Bench, decision: Decision): Promise<Change | null> {
  const corrected = correctedBy(decision);
  for (const { window } of decision.closed) corrected.delete(window.start.getTime());
  if (corrected.size <= mostWindows) return null;
  const { kept } = await stillCorrected(bench, [...corrected.values()]);
  if (kept.length <= mostWindows) return null;
  const { position, progress } = bench.standing;
  const places: Place[] = [];
  for (const late of kept.slice(0, mostWindows)) places.push(await correction(bench, late));
  return changeOf({ position, progress, answers: await answer(bench, places) });
}

/** Those that are not answered over these events yet; `parted` are left as they are, as others of their events are gone. */
async function stillCorrected({ world, standing }: Bench, corrected: Correction[]) {
  if (corrected.length === 0) return { kept: [], parted: [] };
  const done = corrected.length > mostWindows ? await answeredBy(world.db, standing, corrected) : new Map();
  const since = await keptSince(world.db, standing.stream, 'tumbling');
  const left = corrected.filter(({ window, through }) => (done.get(window.start.getTime()) ?? 0) < through);
  const isKept = ({ window }: Correction) => window.start.getTime() >= since;
  return { kept: left.filter(isKept), parted: left.filter((late) => !isKept(late)) };
}

/** By the starts of windows, up to which event one was answered since the job stands where it does. */
async function answeredBy(db: Bench['world']['db'], { job, position }: Standing, corrected: Correction[]) {
  const starts = corrected.map(({ window }) => window.start.getTime());
  const runs = await db.run.groupBy({
    by: ['windowStart'],
    where: {
      jobId: job.id,
      windowStart: { gte: new Date(Math.min(...starts)), lte: new Date(Math.max(...starts)) },
      through: { gt: position },
    },
    _max: { through: true },
  });
  return new Map(runs.map(({ windowStart, _max }) => [windowStart.getTime(), Number(_max.through)]));
}

async function correction(bench: Bench, { window, events, corrections, through }: Correction): Promise<Place> {
  const place = { window, cause: 'late' as const, late: events, corrections, warning: null };
  return { ...place, events: await eventsBefore(bench, window), through };
}

/** Asked after it was built, as retention goes on meanwhile. */
async function warningOf(
  { world, standing }: Bench,
  due: Decision['closed'][number],
  decision: Decision,
): Promise<Answer['warning']> {
  const oldest = await world.db.segment.findFirst({
    where: { streamId: standing.stream.id },
    orderBy: { firstOffset: 'asc' },
  });
  if (due.first !== null && due.first < Number(oldest?.firstOffset ?? 0))
    return {
      code: 'events-gone',
      message:
        "The stream's retention had deleted events of this window before it was over; it is answered over the rest.",
    };
  return isEarly(due, decision)
    ? { code: 'drained', message: 'The job was drained before the end of this window.' }
    : null;
}

/** A window that is to be answered. */
type Place = Omit<Answer, 'result' | 'startedAt'>;

async function answer(bench: Bench, places: Place[]): Promise<Answer[]> {
  const startedAt = bench.world.now();
  const asked = places.map(({ window, through }) => ({ window, events: { below: through } }));
  const results = await buildWindows(bench, asked);
  return places.map((place, at) => ({ ...place, startedAt, result: results[at]! }));
}

/** The events that the window's last answer was given for in time, and those before that came late. */
async function eventsBefore({ world, standing }: Bench, { start }: Window): Promise<number> {
  const run = await world.db.run.findFirst({
    where: { jobId: standing.job.id, windowStart: start, eventsIn: { not: null } },
    orderBy: [{ queuedAt: 'desc' }, { through: 'desc' }],
  });
  return Number(run?.eventsIn ?? 0);
}

/** Where the job stands after it: another version may take over there, or the drain be done. */
function endOf(standing: Standing, read: Read, decision: Decision) {
  const { next } = standing;
  const { position, progress } = decision;
  const takesOver = next && decision.isAtEdge ? takeover(next) : null;
  const isDrained = isAnswered(standing, read, decision) && !takesOver;
  const notices: NewNotice[] = [
    ...(read.lost ? [lost(read.lost.from, read.lost.to)] : []),
    ...(decision.gaps.length > 0 ? [gapsPassed(decision.gaps)] : []),
    ...progress.silent.filter((part) => !standing.progress.silent.includes(part)).map(stuck),
    ...(takesOver ? [tookOver(next!.version)] : []),
    ...(isDrained ? [drained(decision.closed.filter((due) => isEarly(due, decision)).length)] : []),
  ];
  return { position, progress: takesOver ? cutAnew(standing, progress) : progress, takesOver, isDrained, notices };
}

/** Everything that a drain asks for is. */
function isAnswered({ drainTo }: Standing, read: Read, { isFull, progress, position }: Decision): boolean {
  if (drainTo === null || isFull || progress.open.length > 0) return false;
  return position >= drainTo || read.isEnd;
}

function isEarly({ window }: { window: Window }, { progress }: Decision): boolean {
  return window.end.getTime() > (progress.watermark ?? -Infinity);
}
