import { PromotionSpec, type RealTime } from '#lib/job/spec.ts';
import { Progress } from '#lib/stream/progress.ts';
import { guard, type Guarded } from '#lib/server/jobs/guard.ts';
import { Problem } from '#lib/server/problem.ts';
import type { Job, LiveJob, PrismaClient, Promotion, Stream } from '#prisma/client/client.ts';
import { demandRealTime } from './begin.ts';
import { LeaseLost, type Lease } from './lease.ts';

/** Where a job stands and what it is, as the database says it: what a session works from, and what its commit must still find. */
export interface Standing extends Rest {
  live: LiveJob;
  position: number;
  progress: Progress;
  /** The number before which everything is answered before the job rests; null while it is not drained. */
  drainTo: number | null;
}

/** What of it seldom changes. */
interface Rest {
  job: Job;
  promotion: Promotion;
  spec: PromotionSpec;
  realtime: RealTime;
  stream: Stream;
  /** A version that takes over. */
  next: Promotion | null;
}

/** Throws LeaseLost when the job is not ours, and a Problem when what is stored of it cannot be read. */
export async function readStanding(db: PrismaClient, lease: Lease): Promise<Standing> {
  return new Standings(db, lease).read();
}

/**
 * Looks at where a job stands, again and again. Each look is one statement: the job's place, and the marks (xmin) that the
 * database puts on a row whenever it is written. The rest, and what the guard said of it, is asked again when a mark is another.
 */
export class Standings {
  private db: PrismaClient;
  private lease: Lease;
  private known: { marks: string; rest: Rest; guarded: Guarded | null } | null = null;

  constructor(db: PrismaClient, lease: Lease) {
    this.db = db;
    this.lease = lease;
  }

  /** Throws as readStanding does. */
  async read(): Promise<Standing> {
    const { marks, ...live } = await this.look();
    // The marks were read first: what is written while the rest is read has another mark at the next look.
    if (this.known?.marks !== marks) this.known = { marks, rest: await this.readRest(live), guarded: null };
    const { rest } = this.known!;
    const { position, drainTo } = live;
    const isDraining = rest.job.state === 'draining' && drainTo !== null;
    const progress = progressOf(live);
    return { ...rest, live, position: Number(position), progress, drainTo: isDraining ? Number(drainTo) : null };
  }

  /** What the guard says of the job as it was read last. */
  async guarded(): Promise<Guarded> {
    const { rest, guarded } = this.known!;
    const said = guarded ?? (await guard(this.db, rest.job, rest.promotion));
    if (said.ok) this.known!.guarded = said;
    return said;
  }

  private async look(): Promise<LiveJob & { marks: string }> {
    const { jobId, token } = this.lease;
    const [found] = await this.db.$queryRaw<(LiveJob & { marks: string })[]>`
      SELECT live.*, format('%s %s %s %s %s %s', job.xmin,
        (SELECT xmin FROM "Promotion" WHERE id = job."promotionId"), (SELECT xmin FROM "Promotion" WHERE id = live."nextId"),
        (SELECT xmin FROM "Stream" WHERE id = live."streamId"), (SELECT xmin FROM "User" WHERE id = job."ownerId"),
        (SELECT xmin FROM "Member" WHERE "projectId" = job."projectId" AND "userId" = job."ownerId")) AS marks
      FROM "LiveJob" live JOIN "Job" job ON job.id = live."jobId"
      WHERE live."jobId" = ${jobId} AND live.lease = ${token}`;
    if (!found) throw new LeaseLost(`The real-time job ${jobId} is worked on elsewhere, or is gone.`);
    return found;
  }

  private async readRest({ jobId, streamId, nextId }: LiveJob): Promise<Rest> {
    const { db } = this;
    const { promotion, ...job } = await db.job.findUniqueOrThrow({
      where: { id: jobId },
      include: { promotion: true },
    });
    const stream = await db.stream.findUniqueOrThrow({ where: { id: streamId } });
    const next = nextId ? await db.promotion.findUnique({ where: { id: nextId } }) : null;
    const spec = PromotionSpec.parse(promotion.spec);
    return { job, promotion, spec, realtime: demandRealTime(spec), stream, next };
  }
}

function progressOf({ progress }: LiveJob): Progress {
  const read = Progress.safeParse(progress);
  if (read.success) return read.data;
  throw new Problem(
    500,
    'bad-state',
    'What is stored of this job cannot be read, so it does not go on. Promote its query again under another name.',
  );
}
