import { PromotionSpec } from '#lib/job/spec.ts';
import type { LiveView, NoticeView } from '#lib/job/view.ts';
import { Progress, slowestOf, windowOf, type Rules } from '#lib/stream/progress.ts';
import type { Lodestar } from '#lib/server/lodestar.ts';
import type { Live } from '#lib/server/streams/streams.ts';
import type { LiveJob, LiveMinute } from '#prisma/client/client.ts';
import { rulesOf } from './rules.ts';

type World = Pick<Lodestar, 'db' | 'streams' | 'now'>;

const minute = 60_000;
/** Windows that are shown open at once. */
const mostOpen = 100;

/** How a real-time job stands in its stream; null for a job that has no place in one. */
export async function readLive(world: World, jobId: string): Promise<LiveView | null> {
  const { db, streams, now } = world;
  const live = await db.liveJob.findUnique({
    where: { jobId },
    include: { stream: true, job: { include: { promotion: true } } },
  });
  if (!live) return null;
  const log = await streams.live(live.streamId).catch(() => null);
  const spec = PromotionSpec.parse(live.job.promotion.spec);
  const progress = Progress.safeParse(live.progress).data ?? null;
  const since = new Date(now().getTime() - 60 * minute);
  const minutes = await db.liveMinute.findMany({
    where: { jobId, minute: { gte: since } },
    orderBy: { minute: 'asc' },
  });
  const isTumbling = spec.realtime?.kind === 'tumbling';
  return {
    stream: { id: live.streamId, name: live.stream.name },
    position: Number(live.position),
    end: log?.end ?? Number(live.stream.end),
    lag: await lagOf(world, live, log),
    watermark: live.watermark?.toISOString() ?? null,
    open: progress && isTumbling ? openOf(progress, rulesOf(spec, live.stream)) : [],
    eventsIn: Number(live.eventsIn),
    rowsOut: Number(live.rowsOut),
    late: Number(live.late),
    deadLetters: log?.deadLetters ?? Number(live.stream.deadLetters),
    ...ratesOf(minutes, now().getTime()),
    slowest: progress && isTumbling ? slowestOf(progress) : null,
    node: live.lease === null ? null : live.node,
    since: live.lease === null ? null : (live.since?.toISOString() ?? null),
    trouble: live.trouble as LiveView['trouble'],
    next: await nextOf(world, live),
    lateDataset: live.lateDatasetId
      ? await db.dataset.findUnique({ where: { id: live.lateDatasetId }, select: { id: true, name: true } })
      : null,
    minutes: minutes.map(toMinute),
    notices: await noticesOf(world, jobId),
  };
}

/** Seconds that the oldest event which is not answered for has waited. */
async function lagOf({ streams, now }: World, live: LiveJob, log: Live | null): Promise<number> {
  if (!log || log.end <= Number(live.position)) return 0;
  const [oldest] = await streams.timeline(live.streamId, Number(live.position), 1).catch(() => []);
  return oldest ? Math.max(0, now().getTime() - oldest.received) / 1000 : 0;
}

function openOf(progress: Progress, rules: Rules): LiveView['open'] {
  return progress.open.slice(0, mostOpen).map(([start, events]) => {
    const { end } = windowOf(rules, start);
    return { windowStart: new Date(start).toISOString(), windowEnd: end.toISOString(), events };
  });
}

/** Over the last whole minute and what has passed of this one. */
function ratesOf(minutes: LiveMinute[], now: number): Pick<LiveView, 'rateIn' | 'rateOut'> {
  const from = Math.floor(now / minute) * minute - minute;
  const seconds = (now - from) / 1000;
  const last = minutes.filter((each) => each.minute.getTime() >= from);
  const perSecond = (key: 'eventsIn' | 'rowsOut') => last.reduce((sum, each) => sum + Number(each[key]), 0) / seconds;
  return { rateIn: perSecond('eventsIn'), rateOut: perSecond('rowsOut') };
}

async function nextOf({ db }: World, { nextId, nextFrom }: LiveJob): Promise<LiveView['next']> {
  const next = nextId && (await db.promotion.findUnique({ where: { id: nextId }, select: { version: true } }));
  return next ? { version: next.version, from: nextFrom?.toISOString() ?? null } : null;
}

function toMinute({ minute: at, eventsIn, rowsOut, late, corrections, lag }: LiveMinute): LiveView['minutes'][number] {
  return {
    minute: at.toISOString(),
    eventsIn: Number(eventsIn),
    rowsOut: Number(rowsOut),
    late: Number(late),
    corrections,
    lag: Number(lag) / 1000,
  };
}

async function noticesOf({ db }: World, jobId: string): Promise<NoticeView[]> {
  const rows = await db.notice.findMany({ where: { jobId }, orderBy: [{ at: 'desc' }, { id: 'desc' }], take: 50 });
  return rows.map(({ id, at, kind, text }) => ({ id, at: at.toISOString(), kind: kind as NoticeView['kind'], text }));
}
