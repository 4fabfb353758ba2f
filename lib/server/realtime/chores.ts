import { PromotionSpec } from '#lib/job/spec.ts';
import type { Warehouse, Workshop } from '#lib/server/warehouse/warehouse.ts';
import type { Bench } from './build.ts';
import { checkDrift } from './drift.ts';
import { fold } from './fold.ts';
import { forget } from './forget.ts';
import { LeaseLost, type Lease } from './lease.ts';

/** Seconds between what a session does beside its work. */
export interface Pace {
  fold: number;
  drift: number;
  forget: number;
}
export const pace: Pace = { fold: 5, drift: 180, forget: 3600 };

/*
 * What a session does now and then, beside its work and one after the other: it never holds the work up, and what goes wrong in it
 * is only said in the server's log.
 */
export class Chores {
  private due: Record<keyof Pace, number>;
  private paces: Pace;
  private work: Promise<void> | null = null;

  constructor(paces: Partial<Pace> = {}) {
    this.paces = { ...pace, ...paces };
    const now = Date.now();
    this.due = { fold: now, drift: now + this.paces.drift * 1000, forget: now };
  }

  /** Begins what is due, unless something is under way. */
  begin(bench: Bench, lease: Lease): void {
    this.work ??= this.next(bench, lease)
      .catch((error: unknown) => {
        if (!(error instanceof LeaseLost) && !bench.signal.aborted)
          bench.world.log.warn({ err: error, jobId: lease.jobId }, 'a chore of a real-time job was not done');
      })
      .finally(() => (this.work = null));
  }

  /** Resolves when nothing is under way. */
  async done(): Promise<void> {
    await this.work;
  }

  private async next(bench: Bench, lease: Lease): Promise<void> {
    const { world, standing, signal } = bench;
    const { job, live, realtime } = standing;
    const isWindowless = realtime.kind === 'windowless';
    const folded = [...(isWindowless ? [job.datasetId] : []), ...(live.lateDatasetId ? [live.lateDatasetId] : [])];
    if (this.isDue('fold') && folded.length > 0) await fold(world, lease, folded, signal, bench.workshop);
    if (this.isDue('drift')) await checkDrift(alone(bench), lease);
    if (this.isDue('forget')) await forget(world.db, job.id, world.now());
  }

  private isDue(chore: keyof Pace): boolean {
    if (Date.now() < this.due[chore]) return false;
    this.due[chore] = Date.now() + this.paces[chore] * 1000;
    return true;
  }
}

/** Each build in a process of its own. */
export function apart(warehouse: Warehouse): Workshop {
  const build = warehouse.build.bind(warehouse);
  const each: Workshop['each'] = async (request, _others, signal) => [await build(request, signal)];
  return { build, each, close: () => Promise.resolve() };
}

/**
 * With builds of its own, so that the work does not wait for them. The checks of a window were passed when it was published; those of a
 * windowless job say which events are in its answer.
 */
function alone(bench: Bench): Bench {
  const { world, standing } = bench;
  const isWindowless = standing.realtime.kind === 'windowless';
  const spec: PromotionSpec = isWindowless ? standing.spec : { ...standing.spec, checks: [] };
  return { ...bench, workshop: apart(world.warehouse), standing: { ...standing, spec } };
}
