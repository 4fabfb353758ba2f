import type { StreamRates, StreamReader } from '#lib/stream/view.ts';
import { PromotionSpec } from '#lib/job/spec.ts';
import type { Actor } from '#lib/server/access.ts';
import { getLodestar } from '#lib/server/lodestar.ts';
import { Problem } from '#lib/server/problem.ts';
import { Minutes } from '#lib/server/streams/minutes.ts';
import { Recent } from '#lib/server/streams/recent.ts';
import type { Streams } from '#lib/server/streams/streams.ts';
import { readJob } from './job.ts';
import { demandStream } from './stream-row.ts';
import { segmentSince } from './stream-since.ts';

/** How a stream went in the last hour, and who reads it. */

const shown = 60;
const hourMs = shown * 60_000;

/** What was counted of the streams that were looked at last, so that a look reads only what came since the one before. */
const counted = new WeakMap<Streams, Recent<Minutes>>();
const mostCounted = 200;

export async function readRates(actor: Actor, streamId: string): Promise<StreamRates> {
  await demandStream(actor, streamId, 'read');
  const now = getLodestar().now().getTime();
  const minutes = await minutesOf(streamId, now);
  const late = await lateBy(streamId, now);
  return {
    asOf: new Date(now).toISOString(),
    minutes: minutes.until(now).map(({ start, events, behind }) => ({
      minute: new Date(start).toISOString(),
      events,
      behind: behind === null ? null : behind / 1000,
      late: late && (late.get(start) ?? 0),
    })),
  };
}

/** The real-time jobs on a stream by name, each with its own place in the log. */
export async function listReaders(actor: Actor, streamId: string): Promise<StreamReader[]> {
  await demandStream(actor, streamId, 'read');
  const { db } = getLodestar();
  const rows = await db.liveJob.findMany({ where: { streamId }, select: { jobId: true }, orderBy: { jobId: 'asc' } });
  const readers = await Promise.all(rows.map(({ jobId }) => toReader(actor, jobId)));
  return readers.flatMap((reader) => reader ?? []).sort((one, other) => (one.name < other.name ? -1 : 1));
}

/** Null of a job that is gone meanwhile. */
async function toReader(actor: Actor, jobId: string): Promise<StreamReader | null> {
  const job = await readJob(actor, jobId).catch((error: unknown) => {
    if (error instanceof Problem && error.status === 404) return null;
    throw error;
  });
  if (!job) return null;
  const { live } = job;
  const { window, realtime } = PromotionSpec.parse(job.spec);
  return {
    jobId,
    name: job.name,
    kind: realtime?.kind ?? 'tumbling',
    window: { unit: window.unit, size: window.size },
    state: job.state,
    waiting: live ? Math.max(0, live.end - live.position) : 0,
    behind: live ? live.lag : null,
    trouble: live?.trouble?.message ?? null,
  };
}

/** A log that is written elsewhere shows no rates here: who asks is told so by the stream itself. */
async function minutesOf(streamId: string, now: number): Promise<Minutes> {
  const { streams } = getLodestar();
  const all = counted.get(streams) ?? new Recent<Minutes>(mostCounted);
  counted.set(streams, all);
  const minutes = all.get(streamId) ?? new Minutes(await segmentSince(streamId, now - hourMs), shown);
  all.set(streamId, minutes);
  try {
    await countOn(streams, streamId, minutes);
  } catch (error) {
    if (!(error instanceof Problem && error.status === 503)) throw error;
  }
  return minutes;
}

const part = 1_000_000;

async function countOn(streams: Streams, streamId: string, minutes: Minutes): Promise<void> {
  for (;;) {
    const moments = await streams.timeline(streamId, minutes.next, part);
    // Two looks at once may both have asked for these.
    const fresh = moments.filter(({ first }) => first >= minutes.next);
    for (const moment of fresh) minutes.take(moment);
    if (fresh.length === 0) return;
  }
}

/** Late events of all jobs on the stream by minute, ms; null while there is no job. */
async function lateBy(streamId: string, now: number): Promise<Map<number, number> | null> {
  const { db } = getLodestar();
  const jobs = await db.liveJob.findMany({ where: { streamId }, select: { jobId: true } });
  if (jobs.length === 0) return null;
  const sums = await db.liveMinute.groupBy({
    by: ['minute'],
    where: { jobId: { in: jobs.map(({ jobId }) => jobId) }, minute: { gte: new Date(now - hourMs) } },
    _sum: { late: true },
  });
  return new Map(sums.map(({ minute, _sum }) => [minute.getTime(), Number(_sum.late ?? 0)]));
}
