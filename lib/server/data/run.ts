import { z } from 'zod';
import { parseInstant } from '#lib/job/clock.ts';
import { PromotionSpec } from '#lib/job/spec.ts';
import type { BackfillView, RunDetail, RunView } from '#lib/job/view.ts';
import { aligned, lastWindowBefore, roughCount, windowsBetween, type Window } from '#lib/job/window.ts';
import { newId } from '#lib/notebook/id.ts';
import type { Actor, Right } from '#lib/server/access.ts';
import { getLodestar } from '#lib/server/lodestar.ts';
import { badRequest, conflict, notFound, type Problem } from '#lib/server/problem.ts';
import type { Job, Promotion, Run } from '#prisma/client/client.ts';
import { demandJob } from './job.ts';
import { namesOf } from './person.ts';
import { demandReplayable } from './replayable.ts';
import { toRunView, type RunRow } from './run-view.ts';
import { cut, firstSlice, window as windowOf, type Slice, type Sliced } from './slice.ts';

/** Runs: asked for by people, listed, cancelled. What happens in one is lib/server/jobs. */

export const NewRun = z.object({
  /** The start of a window: an ISO instant, or a local date or time in the job's zone. */
  windowStart: z.string().max(40),
});
export type NewRun = z.infer<typeof NewRun>;

export const NewBackfill = z.object({
  /** Every whole window that starts in [from, to); instants, or local dates or times in the job's zone. */
  from: z.string().max(40),
  to: z.string().max(40),
});
export type NewBackfill = z.infer<typeof NewBackfill>;

const mostWindows = 1000;

/** A job's runs, the newest first. */
export async function listRuns(actor: Actor, jobId: string, slice: Slice = firstSlice): Promise<Sliced<RunView>> {
  await demandJob(actor, jobId, 'read');
  const rows = await getLodestar().db.run.findMany({
    where: { jobId },
    include: { promotion: { select: { version: true } } },
    orderBy: [{ queuedAt: 'desc' }, { windowStart: 'desc' }, { id: 'asc' }],
    ...windowOf(slice),
  });
  const names = await namesOf(rows.map((row) => row.startedBy));
  return cut(rows, slice, (row) => toRunView(row, names));
}

export async function readRun(actor: Actor, id: string): Promise<RunDetail> {
  await demandRun(actor, id, 'read');
  const row = await getLodestar().db.run.findUniqueOrThrow({
    where: { id },
    include: { promotion: { select: { version: true } }, lines: { orderBy: { id: 'asc' } } },
  });
  const lines = row.lines.map((line) => ({ at: line.at.toISOString(), text: line.text }));
  return { ...toRunView(row, await namesOf([row.startedBy])), lines };
}

/** Runs one whole past window, whether it ran before or not; what it gives replaces what stood there. */
export async function startRun(actor: Actor, jobId: string, given: NewRun): Promise<RunView> {
  const job = await demandJob(actor, jobId, 'edit');
  const { window: spec, timeZone } = specOf(job);
  const window = aligned(spec, timeZone, demandInstant(given.windowStart, 'windowStart', timeZone));
  if (!window) {
    const near = lastWindowBefore(spec, timeZone, getLodestar().now());
    throw badRequest(
      `No window of this job starts at ${given.windowStart} (${timeZone}); the last whole one starts at ${near.start.toISOString()}.`,
    );
  }
  if (window.end > getLodestar().now())
    throw conflict(
      'window-open',
      `The window that starts at ${given.windowStart} is not over before ${window.end.toISOString()}.`,
    );
  await demandReplayable(job, [window]);
  const [run] = await queue(job, [window], { cause: 'manual', startedBy: actor.userId });
  return readRun(actor, (run as Run).id);
}

/** Runs every whole past window that starts in [from, to). */
export async function startBackfill(actor: Actor, jobId: string, given: NewBackfill): Promise<BackfillView> {
  const job = await demandJob(actor, jobId, 'edit');
  const { db, now } = getLodestar();
  const { from, to, windows } = demandWindows(job, given, now());
  await demandReplayable(job, windows);
  const backfill = await db.backfill.create({
    data: { id: newId(), jobId, from, to, createdBy: actor.userId, createdAt: now() },
  });
  const made = await queue(job, windows, { cause: 'backfill', startedBy: actor.userId, backfillId: backfill.id });
  const names = await namesOf([actor.userId]);
  const runs = made.map((run) => toRunView({ ...run, promotion: job.promotion }, names));
  return { id: backfill.id, jobId, from: from.toISOString(), to: to.toISOString(), runs };
}

/** Stops a run that waits or works; one that is over stays as it is and is refused. */
export async function cancelRun(actor: Actor, id: string): Promise<RunDetail> {
  const run = await demandRun(actor, id, 'edit');
  if (run.state !== 'queued' && run.state !== 'running')
    throw conflict('wrong-state', `This run is already over: ${run.state}.`);
  if (run.cause === 'stream')
    throw conflict(
      'wrong-state',
      'This run counts what its job publishes as events come, so there is nothing to stop in it. Pause the job instead.',
    );
  await getLodestar().scheduler.cancel(id);
  return readRun(actor, id);
}

type JobWithText = Job & { promotion: Promotion };

function demandWindows(job: JobWithText, given: NewBackfill, now: Date): { from: Date; to: Date; windows: Window[] } {
  const { window: spec, timeZone } = specOf(job);
  const [from, to] = [demandInstant(given.from, 'from', timeZone), demandInstant(given.to, 'to', timeZone)];
  if (from >= to) throw badRequest('`from` must be before `to`.');
  if (roughCount(spec, from, to > now ? now : to) > mostWindows * 1.1) throw tooMany(roughCount(spec, from, to));
  const windows = windowsBetween(spec, timeZone, from, to > now ? now : to).filter((window) => window.end <= now);
  if (windows.length === 0)
    throw badRequest(`No whole past window of this job starts between ${given.from} and ${given.to} (${timeZone}).`);
  if (windows.length > mostWindows) throw tooMany(windows.length);
  return { from, to, windows };
}

function tooMany(windows: number): Problem {
  return badRequest(`That would be ${Math.round(windows)} windows; at most ${mostWindows} can be asked for at once.`);
}

async function queue(
  job: JobWithText,
  windows: Window[],
  why: Pick<Run, 'cause' | 'startedBy'> & { backfillId?: string },
): Promise<Run[]> {
  const { db, now, scheduler } = getLodestar();
  const place = { jobId: job.id, promotionId: job.promotionId, queuedAt: now() };
  const data = windows.map((window) => ({
    id: newId(),
    ...place,
    ...why,
    windowStart: window.start,
    windowEnd: window.end,
  }));
  const made = await db.run.createManyAndReturn({ data });
  const last = made.at(-1);
  if (last) await scheduler.enqueue(last.id);
  return made.sort((a, b) => a.windowStart.getTime() - b.windowStart.getTime());
}

async function demandRun(actor: Actor, id: string, right: Right): Promise<RunRow | Run> {
  const run = await getLodestar().db.run.findUnique({ where: { id } });
  if (!run) throw notFound('run');
  await demandJob(actor, run.jobId, right, 'run');
  return run;
}

function demandInstant(text: string, field: string, zone: string): Date {
  const instant = parseInstant(text, zone);
  if (!instant) throw badRequest(`\`${field}\` is neither an ISO instant nor a local date or time: ${text}.`);
  return instant;
}

function specOf(job: JobWithText): PromotionSpec {
  return PromotionSpec.parse(job.promotion.spec);
}
