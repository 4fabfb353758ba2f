import { startScheduler } from '#lib/server/jobs/start.ts';
import { startRealTime } from '#lib/server/realtime/supervise.ts';
import { createWarehouse } from '#lib/server/warehouse/create.ts';
import { dying } from './dying.ts';
import { startLodestar } from './lodestar.ts';
import { eventsOfBatch, makeRealTimeJob, openSales, push, readSales, type Sales } from './realtime.ts';

/*
 * A server that works on two real-time jobs, one of each kind, while it pushes numbered batches into their stream, until someone kills
 * it: from outside, or it itself before a statement of a transaction of the sessions.
 */
const [dataDir, most, before, mode, postgres] = process.argv.slice(2) as Given;
type Given = [string, string, string, 'whole' | 'split', string?];

const lodestar = (await startLodestar({
  dataDir,
  ...(postgres ? { postgres } : {}),
  warehouse: (world) => createWarehouse(world),
  scheduler: (world) => startScheduler(world, { slots: 0, every: 3600 }),
  realtime: (world) => {
    const db = dying(world.db, { before: Number(before), split: mode === 'split' });
    return startRealTime({ ...world, db }, { embedded: !postgres, every: 0.2, paces: { fold: 0.1, drift: 3600 } });
  },
})) as Sales['lodestar'];
const found = await readSales(lodestar);
const sales: Sales = { lodestar, close: () => lodestar.close(), ...(found ?? (await openSales())) };
if ((await lodestar.db.job.count()) === 0) {
  const late = { do: 'correct', for: 60 };
  await makeRealTimeJob(sales, { target: 'tumbling', seconds: 10, delay: 5, late });
  await makeRealTimeJob(sales, { target: 'windowless', kind: 'windowless' });
}
process.stdout.write('ready\n');
const { end } = await lodestar.streams.live(sales.streamId);
for (let number = end / eventsOfBatch(0).length; number < Number(most); number += 1) {
  await push(sales, eventsOfBatch(number));
  process.stdout.write(`pushed ${number}\n`);
}
