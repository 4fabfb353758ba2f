import pino from 'pino';
import { Config } from '#lib/server/config.ts';
import { openDatabase } from '#lib/server/database/open.ts';
import { createStreams } from '#lib/server/streams/create.ts';
import { createWarehouse } from '#lib/server/warehouse/create.ts';
import { batchOf } from './streams.ts';

/*
 * A writer of one stream that pushes numbered batches, some at a time, until someone kills it, and says which were
 * acknowledged. Batches are made from their numbers alone, so that one sent again is the same.
 */
const [dataDir, url, stream, first] = process.argv.slice(2) as [string, string, string, string];
const database = await openDatabase(url === 'pglite' ? { dataDir } : { url });
const config = Config.parse({ DATA_DIR: dataDir });
const world = { config, log: pino({ level: 'silent' }), db: database.db, now: () => new Date() };
const warehouse = await createWarehouse(world);
const streams = createStreams({ ...world, warehouse: () => warehouse }, { writer: { segmentRows: 600 } });

export const eventsIn = 5;
const atOnce = 6;

async function push(number: number): Promise<void> {
  const events = Array.from({ length: eventsIn }, (_, at) => ({
    time: new Date().toISOString().slice(0, 10),
    id: number * eventsIn + at,
    pad: 'x'.repeat((number * 37) % 3000),
  }));
  const answer = await streams.append(stream, batchOf([...events, events[0], 'broken'], `batch ${number}`), 100);
  process.stdout.write(`ack ${number} ${JSON.stringify(answer)}\n`);
}

let next = Number(first);
async function sender(): Promise<void> {
  for (;;) await push(next++);
}
process.stdout.write('ready\n');
await Promise.all(Array.from({ length: atOnce }, sender));
