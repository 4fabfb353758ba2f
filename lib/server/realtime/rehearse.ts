import type { Replay, Trying } from '#lib/job/evidence.ts';
import { compare, leadingKey, type Comparison, type TextTable } from '#lib/job/parity.ts';
import { windowColumn } from '#lib/job/lake.ts';
import { lateWords, span } from '#lib/job/realtime.ts';
import type { PromotionSpec } from '#lib/job/spec.ts';
import { lastWindowBefore, windowAt, type Window } from '#lib/job/window.ts';
import type { Moment } from '#lib/stream/moment.ts';
import { batchesOf, rehearse, type Answered } from '#lib/stream/rehearsal.ts';
import type { Person } from '#lib/server/connections/connections.ts';
import { failureOf, isExpected } from '#lib/server/jobs/failure.ts';
import type { Events } from '#lib/server/jobs/work.ts';
import type { Lodestar } from '#lib/server/lodestar.ts';
import { rulesOf } from './rules.ts';
import { demandRealTime } from './begin.ts';
import { inWorkshop, Rows } from './rehearse-bench.ts';

/*
 * The proof that a promotion carries: the events that are kept go through the job as if they came now, by the decisions and the
 * builds of a session, and what it would have published is compared with what the same text gives in batch. Nothing is published.
 */
export interface Past {
  projectId: string;
  person: Person;
  spec: PromotionSpec;
  /** Those that take part: the last ones that are kept. */
  events: Events & { from: number };
  /** Windows that would have been answered, in order; of tumbling jobs. */
  answered: Answered[];
  /** Events [from, below) that came together; of windowless jobs. */
  batches: [from: number, below: number][];
  /** Of event times, ms. */
  times: [number, number] | null;
}

export type World = Pick<Lodestar, 'db' | 'warehouse' | 'connections' | 'streams' | 'now'>;

const most = { tumbling: 500_000, windowless: 50_000, windows: 200, tried: 10_000 };
/** For all builds together, ms; what is not begun by then is left out, and said. */
const patience = 60_000;

/** What is kept of the stream. Throws a Problem (503) when it cannot be read here. */
export async function pastOf(world: World, projectId: string, person: Person, spec: PromotionSpec): Promise<Past> {
  const { stream: streamId, kind } = demandRealTime(spec);
  const stream = await world.db.stream.findUniqueOrThrow({ where: { id: streamId } });
  const { end } = await world.streams.live(streamId);
  const moments = await momentsOf(world, streamId, Math.max(0, end - most[kind]), end);
  const from = Math.max(moments[0]?.first ?? end, end - most[kind]);
  const answered = kind === 'tumbling' ? rehearse(moments, rulesOf(spec, stream), world.now().getTime()) : [];
  return {
    projectId,
    person,
    spec,
    events: { streamId, name: stream.name, from, below: end },
    answered: answered.filter((each) => each.events + each.late > 0).slice(-most.windows),
    batches: kind === 'windowless' ? batchesOf(moments, from) : [],
    times: timesOf(moments),
  };
}

/** What the trial runs over: the last window that has events and is over, or the last events. */
export function trialOf({ spec, events, answered }: Past, now: Date): { window: Window; events: Events } {
  const { below, from, ...place } = events;
  if (spec.realtime?.kind === 'tumbling') {
    const window = answered.at(-1)?.window ?? lastWindowBefore(spec.window, spec.timeZone, now);
    return { window, events: { ...place, below } };
  }
  const window = windowAt(spec.window, spec.timeZone, now);
  return { window, events: { ...place, from: Math.max(from, below - most.tried), below } };
}

/** Never rejects for what the query did: then it has failed, and says why. */
export async function replay(world: World, past: Past, tell: (done: Replaying) => void = () => {}): Promise<Replay> {
  const started = performance.now();
  const { events, times, spec } = past;
  const count = events.below - events.from;
  const frame = {
    events: count,
    pieces: 0,
    late: past.answered.reduce((sum, each) => sum + each.late, 0),
    failing: 0,
    from: times && new Date(times[0]).toISOString(),
    to: times && new Date(times[1]).toISOString(),
    comparison: null,
    took: null,
  };
  if (count === 0) return { ...frame, state: 'absent', why: 'The stream keeps no event that could be replayed.' };
  const isTumbling = spec.realtime?.kind === 'tumbling';
  if (isTumbling && past.answered.length === 0)
    return { ...frame, state: 'absent', why: 'No window of the events that are kept is over yet.' };
  try {
    const found = await (isTumbling ? replayWindows : replayBatches)(world, past, started + patience, tell);
    const state = found.comparison.equal ? 'equal' : 'differs';
    return { ...frame, ...found, state, took: performance.now() - started };
  } catch (error) {
    if (!isExpected(error)) throw error;
    return { ...frame, state: 'failed', why: failureOf(error).message, took: performance.now() - started };
  }
}

type Found = Pick<Replay, 'why' | 'pieces' | 'late' | 'failing'> & { comparison: Comparison };

/** How far it has come: events of windowless jobs, windows of others. */
export type Replaying = Pick<Trying, 'done' | 'total'>;

type Tell = (done: Replaying) => void;

/** The latest windows first, so that those are there when the time is over. */
async function replayWindows(world: World, past: Past, deadline: number, tell: Tell): Promise<Found> {
  const live = new Rows();
  const batch = new Rows();
  const done: Answered[] = [];
  const total = past.answered.length;
  await inWorkshop(world, past, deadline, async (ask) => {
    for (const each of past.answered.toReversed()) {
      if (performance.now() > deadline || live.isFull) break;
      tell({ done: done.length, total });
      live.add((await ask(each.window, { below: each.through })).rows);
      batch.add((await ask(each.window, {})).rows);
      done.push(each);
    }
  });
  const [ours, theirs] = [windowFirst(live.table), windowFirst(batch.table)];
  const comparison = compare(ours, theirs, leadingKey(ours, theirs));
  const late = done.reduce((sum, each) => sum + each.late, 0);
  const cut = done.length < total ? ` The last ${done.length} of ${total} windows.` : '';
  const why = `${differenceWords(past.spec, done, comparison)}${cut}`.trim();
  return { pieces: done.length, late, failing: 0, comparison, why };
}

/** Batch after batch as they came, then all of their events at once. */
async function replayBatches(world: World, past: Past, deadline: number, tell: Tell): Promise<Found> {
  const live = new Rows();
  const whole = new Rows();
  const { from, below } = past.events;
  const total = below - from;
  const window = windowAt(past.spec.window, past.spec.timeZone, world.now());
  const cuts: [number, number][] = [];
  let failing = 0;
  await inWorkshop(world, past, deadline, async (ask) => {
    const patience = () => Math.max(1, (deadline - performance.now()) / 2);
    for (const cut of past.batches) {
      if (performance.now() > deadline || live.isFull) break;
      tell({ done: cut[0] - from, total });
      const asked = await ask(window, { from: cut[0], below: cut[1], patience: patience() });
      live.add(asked.rows);
      failing += asked.failing;
      cuts.push([cut[0], asked.below]);
      if (asked.below < cut[1]) break;
    }
    tell({ done: (cuts.at(-1)?.[1] ?? from) - from, total });
    whole.add((await ask(window, { below: cuts.at(-1)?.[1] ?? from })).rows);
  });
  const comparison = compare(live.table, whole.table);
  const done = (cuts.at(-1)?.[1] ?? from) - from;
  const cut = done < total ? `The first ${done} of ${total} events.` : '';
  const other = comparison.equal
    ? ''
    : `${differing(comparison)} when the events come in other batches: the text depends on which of them come together.`;
  const why = [other, failing > 0 ? failingWords(failing, past.spec) : '', cut].filter(Boolean).join(' ');
  return { pieces: cuts.length, late: 0, failing, comparison, why };
}

function failingWords(failing: number, { target }: PromotionSpec): string {
  return `The query fails for ${eventsOf(failing)} by ${failing === 1 ? 'itself' : 'themselves'}; such ones are left out, and stand in ${target}_failed.`;
}

/** The window tells rows apart before their own columns do, so it comes first. */
function windowFirst({ columns, rows }: TextTable): TextTable {
  const at = columns.findIndex(({ name }) => name.toLowerCase() === windowColumn);
  if (at <= 0) return { columns, rows };
  const moved = <T>(list: T[]): T[] => [list[at]!, ...list.slice(0, at), ...list.slice(at + 1)];
  return { columns: moved(columns), rows: rows.map(moved) };
}

/** Why what stands live is another answer than the batch gives; '' when it is the same. */
function differenceWords(spec: PromotionSpec, done: Answered[], comparison: Comparison): string {
  const { delay, late } = demandRealTime(spec);
  const missed = done.reduce((sum, each) => sum + each.late - each.corrected, 0);
  if (comparison.equal)
    return missed > 0 ? `${eventsOf(missed)} came after their window was answered, and changed nothing in it.` : '';
  if (missed === 0)
    return `${differing(comparison)}, though no event came late: the text reads more than the events of its window, or functions whose answer changes.`;
  const policy =
    late.do === 'correct' ? `beyond the ${span(late.for)} in which they correct it` : lateWords(late, spec.target);
  return `${differing(comparison)}: ${eventsOf(missed)} came after their window was answered (${span(delay)} after its end) and ${policy}.`;
}

function differing({ onlyInA, onlyInB, differing: other }: Comparison): string {
  const count = Math.max(onlyInA, onlyInB) + other;
  return `${count} ${count === 1 ? 'row differs' : 'rows differ'} from the batch`;
}

function eventsOf(count: number): string {
  return `${count.toLocaleString('en')} ${count === 1 ? 'event' : 'events'}`;
}

async function momentsOf({ streams }: World, streamId: string, from: number, below: number): Promise<Moment[]> {
  const moments: Moment[] = [];
  for (let at = from; at < below;) {
    const part = await streams.timeline(streamId, at, 100_000);
    for (const each of part) if (each.first < below) moments.push(each);
    const last = part.at(-1);
    if (!last) break;
    at = last.first + last.rows;
  }
  return moments;
}

function timesOf(moments: Moment[]): [number, number] | null {
  let found: [number, number] | null = null;
  for (const { spans, parts } of moments) {
    const latest = Math.max(...Object.values(parts));
    const first = spans[0]?.[0] ?? latest;
    found = found ? [Math.min(found[0], first), Math.max(found[1], latest)] : [first, latest];
  }
  return found;
}
