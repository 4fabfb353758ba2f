import { jobPerson } from '#kernels/server.ts';
import { ofKernel } from '#lib/server/jobs/failure.ts';
import type { Built } from '#lib/server/warehouse/warehouse.ts';
import { Passing, type Bench } from './build.ts';

interface Own {
  name: string;
  /** Reads `events`. */
  sql: string;
  /** The numbers of the events that are there. */
  bounds: { from: number; below: number };
}

/**
 * A query of ours over events of the job's stream, in its workshop. Throws Passing: nothing of people's own is in it, so what goes wrong
 * is the machine's.
 */
export async function buildOwn(
  { world, workshop, standing, signal }: Bench,
  { name, sql, bounds }: Own,
): Promise<Extract<Built, { ok: true }>> {
  const { stream, job } = standing;
  const built = await workshop.build(
    {
      steps: [{ name, engine: 'warehouse', sql }],
      parameters: {},
      relations: { events: await world.streams.slice(stream.id, bounds) },
      checks: [],
      stamp: {},
      log: () => undefined,
      person: jobPerson(job.id),
    },
    signal,
  );
  signal.throwIfAborted();
  if (!built.ok) throw new Passing(ofKernel(built.error));
  return built;
}
