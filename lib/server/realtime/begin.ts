import { PromotionSpec, type RealTime } from '#lib/job/spec.ts';
import { windowAt, windowsBetween } from '#lib/job/window.ts';
import { Progress, freshProgress, lastSeen } from '#lib/stream/progress.ts';
import type { Lodestar } from '#lib/server/lodestar.ts';
import type { Prisma, Promotion } from '#prisma/client/client.ts';

/*
 * Where a job begins in its stream, and where a later version of it takes over. Both are decided once, at the approval, and kept
 * in the job's row.
 */
export interface Beginning {
  streamId: string;
  /** The number of the first event it reads. */
  position: number;
  progress: Progress;
}

type World = Pick<Lodestar, 'db' | 'streams' | 'now'>;

/**
 * Asked before the transaction of a first approval, as the log may have to be opened. Throws a Problem (503) when the stream
 * cannot be read here now.
 */
export async function beginningOf(world: World, spec: PromotionSpec): Promise<Beginning> {
  const realtime = demandRealTime(spec);
  const streamId = realtime.stream;
  const since = world.now().getTime();
  const from = realtime.kind === 'tumbling' ? firstStart(spec, realtime, world.now()) : null;
  const position = await firstOffset(world, realtime, from);
  return { streamId, position, progress: freshProgress({ since, from }) };
}

/** In the transaction that makes the job: gives it its place in the stream. */
export async function beginLive(tx: Prisma.TransactionClient, jobId: string, beginning: Beginning): Promise<void> {
  const { streamId, position, progress } = beginning;
  await tx.liveJob.create({ data: { jobId, streamId, position, progress: progress as unknown as Prisma.JsonObject } });
}

/**
 * In the transaction that approves a later version: the version runs from the first window on that begins after every event
 * seen so far, where windows of both versions begin; a windowless one from the next commit. A job that cannot go on is taken over where it
 * stands. The job keeps its promotion and owner until the commit that passes that edge.
 */
export async function nextVersion(
  tx: Prisma.TransactionClient,
  jobId: string,
  promotion: Pick<Promotion, 'id' | 'spec'>,
  now: Date,
): Promise<{ from: Date | null }> {
  await tx.$queryRaw`SELECT 1 FROM "LiveJob" WHERE "jobId" = ${jobId} FOR UPDATE`;
  const { progress, trouble, job } = await tx.liveJob.findUniqueOrThrow({
    where: { jobId },
    include: { job: { include: { promotion: true } } },
  });
  const before = PromotionSpec.parse(job.promotion.spec);
  const after = PromotionSpec.parse(promotion.spec);
  const isAtOnce = trouble !== null || demandRealTime(after).kind === 'windowless';
  const from = isAtOnce ? null : commonEdge(before, after, lastSeen(Progress.parse(progress)) ?? now.getTime());
  await tx.liveJob.update({ where: { jobId }, data: { nextId: promotion.id, nextFrom: from, updatedAt: new Date(0) } });
  return { from };
}

export function demandRealTime(spec: PromotionSpec): RealTime {
  if (!spec.realtime) throw new Error(`${spec.target} is no real-time job.`);
  return spec.realtime;
}

/** The start of the first window that is answered, ms; null: of the first window with events. */
function firstStart(spec: PromotionSpec, { start }: RealTime, now: Date): number | null {
  if (start === 'beginning') return null;
  const at = start === 'now' ? now : new Date(start);
  const window = windowAt(spec.window, spec.timeZone, at);
  return (window.start.getTime() === at.getTime() ? window.start : window.end).getTime();
}

async function firstOffset(world: World, { stream, start, kind }: RealTime, from: number | null): Promise<number> {
  const { end } = await world.streams.live(stream);
  if (start === 'now') return end;
  const segments = await world.db.segment.findMany({ where: { streamId: stream }, orderBy: { firstOffset: 'asc' } });
  const time = start === 'beginning' ? -Infinity : (from ?? Date.parse(start));
  const last = (each: (typeof segments)[number]) => (kind === 'tumbling' ? each.lastEventAt : each.lastReceivedAt);
  const segment = segments.find((each) => (last(each)?.getTime() ?? Infinity) >= time);
  const position = segment ? Number(segment.firstOffset) : end;
  return kind === 'windowless' && start !== 'beginning' ? firstReceived(world, stream, position, time) : position;
}

/** Of the events from `position` on, the first that came at or after the time. */
async function firstReceived({ streams }: World, stream: string, position: number, time: number): Promise<number> {
  for (let at = position; ;) {
    const moments = await streams.timeline(stream, at, 10_000);
    const found = moments.find(({ received }) => received >= time);
    if (found) return Math.max(found.first, at);
    const last = moments.at(-1);
    if (!last) return at;
    at = last.first + last.rows;
  }
}

/** The first instant after `seen` at which a window of either version begins. */
export function commonEdge(before: PromotionSpec, after: PromotionSpec, seen: number): Date {
  let edge = windowAt(before.window, before.timeZone, new Date(seen)).end;
  for (let tries = 0; tries < 10_000; tries += 1) {
    if (windowsBetween(after.window, after.timeZone, edge, new Date(edge.getTime() + 1)).length > 0) return edge;
    edge = windowAt(before.window, before.timeZone, edge).end;
  }
  return edge;
}
