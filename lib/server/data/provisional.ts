import { rm } from 'node:fs/promises';
import { z } from 'zod';
import { parseInstant } from '#lib/job/clock.ts';
import { PromotionSpec } from '#lib/job/spec.ts';
import type { Provisional } from '#lib/job/view.ts';
import { aligned, windowAt, type Window } from '#lib/job/window.ts';
import { isAnswered, Progress } from '#lib/stream/progress.ts';
import type { Actor } from '#lib/server/access.ts';
import { toBuild } from '#lib/server/jobs/request.ts';
import type { Work } from '#lib/server/jobs/work.ts';
import { getLodestar } from '#lib/server/lodestar.ts';
import { Problem, badRequest, conflict } from '#lib/server/problem.ts';
import type { Job, LiveJob, Promotion, Stream } from '#prisma/client/client.ts';
import { toProblem } from './failure.ts';
import { demandJob } from './job.ts';

/*
 * What an open window would answer now: the job's own build over the events that are there, asked for and never stored. It
 * costs as much as the window's answer does, so a job is asked at most once a second, and all who ask share what comes.
 */
export const ProvisionalQuery = z.object({
  /** Of another open window than the latest with events: an ISO instant, or a local time in the job's zone. */
  windowStart: z.string().max(40).optional(),
});
export type ProvisionalQuery = z.infer<typeof ProvisionalQuery>;

const rows = 1000;
/** How long an answer is shared, ms; and the wall clock of one, ms. */
const [shared, patience] = [1000, 60_000];
/** Windows of a job that may wait behind the one that is being answered. */
const mostWaiting = 4;

export async function readProvisional(actor: Actor, jobId: string, asked: ProvisionalQuery): Promise<Provisional> {
  const job = await demandJob(actor, jobId, 'read');
  const spec = PromotionSpec.parse(job.promotion.spec);
  if (spec.realtime?.kind !== 'tumbling')
    throw conflict('no-open-window', `${job.name} has no windows over a stream, so none is open.`);
  const live = await getLodestar().db.liveJob.findUniqueOrThrow({ where: { jobId }, include: { stream: true } });
  const progress = Progress.parse(live.progress);
  const window = openWindow(spec, progress, asked.windowStart);
  return share(job.id, window, () => build(actor, { job, spec, live, progress, window }));
}

/** The one asked for; else the latest that has events, else the one that now falls into. */
function openWindow(spec: PromotionSpec, progress: Progress, asked: string | undefined): Window {
  const { window: cut, timeZone } = spec;
  if (asked === undefined) {
    const latest = progress.open.at(-1)?.[0] ?? getLodestar().now().getTime();
    return windowAt(cut, timeZone, new Date(latest));
  }
  const instant = parseInstant(asked, timeZone);
  const window = instant && aligned(cut, timeZone, instant);
  if (!window) throw badRequest(`No window of this job starts at ${asked} (${timeZone}).`);
  if (isAnswered(progress, window))
    throw conflict('window-closed', `The window that starts at ${asked} is over: its answer stands in ${spec.target}.`);
  return window;
}

interface Shared {
  window: number;
  /** When it was asked for, ms. */
  at: number;
  answer: Promise<Provisional>;
  isOver: boolean;
  /** How many were asked for before it and are not answered. */
  behind: number;
}

const standing = new Map<string, Shared>();

/** One after the other for a job; who asks for the window that is being answered, or was asked for a second ago, shares that. */
async function share(jobId: string, window: Window, ask: () => Promise<Provisional>): Promise<Provisional> {
  const start = window.start.getTime();
  const last = standing.get(jobId);
  const isFresh = last && performance.now() - last.at < shared;
  if (last?.window === start && (isFresh || !last.isOver)) return last.answer;
  const behind = last && !last.isOver ? last.behind + 1 : 0;
  if (behind > mostWaiting) throw tooManyAsked();
  const before = last?.answer.catch(() => undefined);
  const pause = isFresh ? shared - (performance.now() - last.at) : 0;
  const answer = Promise.all([before, new Promise((resolve) => setTimeout(resolve, pause))]).then(ask);
  const mine = { window: start, at: performance.now() + pause, answer, isOver: false, behind };
  standing.set(jobId, mine);
  const forget = () => standing.get(jobId) === mine && standing.delete(jobId);
  const end = () => {
    mine.isOver = true;
    setTimeout(forget, shared).unref();
  };
  answer.then(end, end);
  return answer;
}

function tooManyAsked(): Problem {
  const detail = 'Too many open windows of this job are asked for at once. Ask again in a moment.';
  return new Problem(429, 'busy', detail, { retryAfter: 5 });
}

interface Asked {
  job: Job & { promotion: Promotion };
  spec: PromotionSpec;
  live: LiveJob & { stream: Stream };
  progress: Progress;
  window: Window;
}

async function build(actor: Actor, { job, spec, live, progress, window }: Asked): Promise<Provisional> {
  const world = getLodestar();
  const { warehouse, streams, now } = world;
  const asOf = now();
  const { end } = await streams.live(live.streamId);
  const work: Work = {
    projectId: job.projectId,
    spec: { ...spec, checks: [] },
    window,
    person: actor,
    turn: actor.userId,
    about: { kind: 'job', job: job.name },
    events: { streamId: live.streamId, name: live.stream.name, below: end },
    signal: AbortSignal.timeout(patience),
    log: () => undefined,
  };
  const { build: request, remove } = await toBuild(world, work);
  try {
    const built = await warehouse.build({ ...request, preview: rows }, work.signal);
    if (!built.ok) throw toProblem(built.error);
    await rm(built.file.path, { force: true });
    const { columns, rows: shown, complete } = built.preview!;
    return {
      windowStart: window.start.toISOString(),
      windowEnd: window.end.toISOString(),
      asOf: asOf.toISOString(),
      watermark: live.watermark?.toISOString() ?? null,
      events: progress.open.find(([start]) => start === window.start.getTime())?.[1] ?? 0,
      columns,
      rows: shown,
      complete,
    };
  } finally {
    await remove();
  }
}
