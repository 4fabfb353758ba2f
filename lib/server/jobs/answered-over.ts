import type { Window } from '#lib/job/window.ts';
import type { PromotionSpec } from '#lib/job/spec.ts';
import { Progress, type Rules } from '#lib/stream/progress.ts';
import { Witness, type LastAnswer } from '#lib/stream/rehearsal.ts';
import { StreamSettings } from '#lib/stream/spec.ts';
import type { Lodestar } from '#lib/server/lodestar.ts';
import type { LiveJob, Stream } from '#prisma/client/client.ts';

type World = Pick<Lodestar, 'db' | 'streams'>;

/**
 * Over which events a window of a tumbling job is answered once more: those that its last answer read, so that what came too late for it
 * stays out. Where no run tells (its windows were passed over, or runs so old are forgotten), the log does: the decisions of the
 * job are taken again, by the rules of its version now. `eventsIn` and `late` are null where they are not known.
 */
export async function answeredOver(
  world: World,
  spec: PromotionSpec,
  live: LiveJob & { stream: Stream },
  window: Window,
): Promise<{ below: number; eventsIn: bigint | null; late: bigint | null }> {
  const last = await world.db.run.findFirst({
    where: { jobId: live.jobId, windowStart: window.start, windowEnd: window.end, through: { not: null } },
    orderBy: [{ queuedAt: 'desc' }, { through: 'desc' }],
  });
  if (last) return { below: Number(last.through), eventsIn: last.eventsIn, late: last.late };
  const { through, events } = await rehearsed(world, spec, live, window);
  return { below: through, eventsIn: BigInt(events), late: null };
}

const momentsAtOnce = 100_000;

async function rehearsed(
  { db, streams }: World,
  spec: PromotionSpec,
  { streamId, stream, progress, position }: LiveJob & { stream: Stream },
  window: Window,
): Promise<LastAnswer> {
  const stands = Progress.parse(progress);
  const { idle, ahead } = StreamSettings.parse(stream.settings);
  const witness = new Witness(rulesOf(spec, idle), window, stands);
  // What came earlier is of times before its end, and of parts that were silent by then.
  const since = window.end.getTime() - (ahead + idle) * 1000;
  const segments = await db.segment.findMany({ where: { streamId }, orderBy: { firstOffset: 'asc' } });
  const segment = segments.find(({ lastReceivedAt }) => lastReceivedAt === null || lastReceivedAt.getTime() >= since);
  const end = stands.waiting?.below ?? Number(position);
  let at = Number(segment?.firstOffset ?? end);
  while (at < end && !witness.isOver) {
    const moments = await streams.timeline(streamId, at, momentsAtOnce);
    if (moments.length === 0) break;
    for (const moment of moments) if (moment.first < end && !witness.isOver) witness.take(moment);
    const { first, rows } = moments.at(-1)!;
    at = first + rows;
  }
  return witness.last.through > 0 ? witness.last : { through: end, events: 0 };
}

function rulesOf({ window, timeZone, realtime }: PromotionSpec, idle: number): Rules {
  const { delay, late } = realtime!;
  return { window, timeZone, delay, idle, late };
}
