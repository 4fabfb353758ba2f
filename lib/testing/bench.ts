import { apart } from '#lib/server/realtime/chores.ts';
import type { Bench } from '#lib/server/realtime/build.ts';
import { claim, type Lease } from '#lib/server/realtime/lease.ts';
import { readStanding } from '#lib/server/realtime/standing.ts';
import type { Sales } from './realtime.ts';
import { until } from './until.ts';

/** Takes a real-time job from its session and gives what a session of the test's own works with. */
export async function takeOver({ lodestar, lead }: Sales, jobId: string): Promise<{ bench: Bench; lease: Lease }> {
  const { db, realtime, warehouse } = lodestar;
  await db.job.update({ where: { id: jobId }, data: { state: 'paused' } });
  realtime.wake(jobId);
  await until(() => !realtime.working().includes(jobId), 'nobody works on it', 90_000);
  const asked = { bootId: 'test', node: 'test', seconds: 600, alone: false, except: [], asked: [jobId] };
  await db.job.update({ where: { id: jobId }, data: { state: 'active' } });
  const { lease } = (await claim(db, asked))!;
  const standing = await readStanding(db, lease);
  const { signal } = new AbortController();
  const bench = { world: lodestar, standing, owner: lead, workshop: apart(warehouse), signal, failures: 0 };
  return { lease, bench };
}
