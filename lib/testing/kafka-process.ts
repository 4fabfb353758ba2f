import pino from 'pino';
import { Config } from '#lib/server/config.ts';
import { openDatabase } from '#lib/server/database/open.ts';
import { createStreams } from '#lib/server/streams/create.ts';
import { createSources } from '#lib/server/streams/kafka/sources.ts';
import { createWarehouse } from '#lib/server/warehouse/create.ts';

/*
 * A Lodestar that fetches what its database says, until someone kills it, and says how far it came. Segments are short, so
 * that a kill may fall between one and the next.
 */
const [dataDir] = process.argv.slice(2) as [string];
const database = await openDatabase({ dataDir });
const config = Config.parse({ DATA_DIR: dataDir, ALLOW_PRIVATE_ADDRESSES: '127.0.0.1' });
const secrets = { session: '', box: '00'.repeat(32) };
const world = { config, log: pino({ level: 'silent' }), db: database.db, now: () => new Date(), secrets };
const warehouse = await createWarehouse(world);
const streams = createStreams({ ...world, warehouse: () => warehouse }, { writer: { segmentRows: 700 } });
await createSources({ ...world, streams }).start();
process.stdout.write('ready\n');

const { id } = await database.db.stream.findFirstOrThrow();
for (let told = -1; ; await new Promise((resolve) => setTimeout(resolve, 20))) {
  const live = await streams.live(id).catch(() => null);
  if (live && live.end !== told) process.stdout.write(`end ${(told = live.end)}\n`);
}
