import { Config } from '#lib/server/config.ts';
import { start } from '#lib/server/start.ts';
import { startBackfill } from '#lib/server/data/run.ts';
import type { Jobs } from './jobs.ts';
import { makeJob, openShop } from './jobs.ts';

/*
 * A server without pages that works on jobs until someone kills it. The first time it makes a shop and its job; each time
 * it asks for the last days again, says so, and goes on.
 */
const { lodestar } = await start(Config.parse({ DATA_DIR: process.env.DATA_DIR, LOG_LEVEL: 'warn' }));
const world = lodestar as Jobs['lodestar'];
const job = await lodestar.db.job.findFirst();
const jobId = job?.id ?? (await makeJob(await openShop(world)));
const owner = await lodestar.db.user.findFirstOrThrow();
const lead = {
  userId: owner.id,
  name: owner.name,
  email: owner.email,
  isAdmin: false,
  via: { kind: 'session' as const, id: 'test' },
};
await startBackfill(lead, jobId, { from: job ? '2026-11-18' : '2026-11-01', to: '2026-11-21' });
process.stdout.write(`ready ${jobId}\n`);
