import { PromotionSpec, type RealTime } from '#lib/job/spec.ts';
import { Progress } from '#lib/stream/progress.ts';
import { Problem } from '#lib/server/problem.ts';
import type { Job, LiveJob, PrismaClient, Promotion, Stream } from '#prisma/client/client.ts';
import { demandRealTime } from './begin.ts';
import { LeaseLost, type Lease } from './lease.ts';

/** Where a job stands and what it is, as the database says it: what a session works from, and what its commit must still find. */
export interface Standing {
  live: LiveJob;
  job: Job;
  promotion: Promotion;
  spec: PromotionSpec;
  realtime: RealTime;
  stream: Stream;
  /** A version that takes over. */
  next: Promotion | null;
  position: number;
  progress: Progress;
  /** The number before which everything is answered before the job rests; null while it is not drained. */
  drainTo: number | null;
}

/** Throws LeaseLost when the job is not ours, and a Problem when what is stored of it cannot be read. */
export async function readStanding(db: PrismaClient, { jobId, token }: Lease): Promise<Standing> {
  const found = await db.liveJob.findUnique({
    where: { jobId, lease: token },
    include: { stream: true, job: { include: { promotion: true } } },
  });
  if (!found) throw new LeaseLost(`The real-time job ${jobId} is worked on elsewhere, or is gone.`);
  const { stream, job: jobRow, ...live } = found;
  const { promotion, ...job } = jobRow;
  const progress = Progress.safeParse(live.progress);
  if (!progress.success)
    throw new Problem(
      500,
      'bad-state',
      'What is stored of this job cannot be read, so it does not go on. Promote its query again under another name.',
    );
  const spec = PromotionSpec.parse(promotion.spec);
  const next = live.nextId ? await db.promotion.findUnique({ where: { id: live.nextId } }) : null;
  const realtime = demandRealTime(spec);
  return {
    live,
    job,
    promotion,
    spec,
    realtime,
    stream,
    next,
    position: Number(live.position),
    progress: progress.data,
    drainTo: job.state === 'draining' && live.drainTo !== null ? Number(live.drainTo) : null,
  };
}
