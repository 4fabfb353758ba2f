import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import type { z } from 'zod';
import { handle } from '#lib/server/api/door.ts';
import { createLimits } from '#lib/server/auth/limits.ts';
import { Config } from '#lib/server/config.ts';
import { openDatabase, type Database, type DatabaseAddress } from '#lib/server/database/open.ts';
import { migrate } from '#lib/server/database/migrate.ts';
import { setLodestar, type Lodestar } from '#lib/server/lodestar.ts';
import { authenticate } from '#lib/server/auth/authenticate.ts';
import { createRooms, type Rooms } from '#lib/server/collaboration/rooms.ts';
import type { Connections } from '#lib/server/connections/connections.ts';
import { createConnections } from '#lib/server/connections/create.ts';
import type { Warehouse } from '#lib/server/warehouse/warehouse.ts';
import type { Scheduler } from '#lib/server/jobs/scheduler.ts';
import type { RealTimeJobs } from '#lib/server/realtime/realtime.ts';
import { createStreams } from '#lib/server/streams/create.ts';
import { createSources } from '#lib/server/streams/kafka/sources.ts';
import type { Streams } from '#lib/server/streams/streams.ts';
import { emptyDatabase } from './memory-database.ts';

/*
 * The server's parts for one test file, without the web: a fresh database (in-memory PGlite unless `postgres` names one),
 * a fresh DATA_DIR, and the parts the test asks for. A part that was not asked for says so when it is touched.
 */

export const testUrl = 'http://lodestar.test';

export interface Parts {
  /** As an environment gives it. */
  config?: z.input<typeof Config>;
  /** The address of a real PostgreSQL (lib/testing/postgres.ts). */
  postgres?: string;
  /** PGlite in a folder of the caller's, kept when closed, instead of one in memory. */
  dataDir?: string;
  now?: () => Date;
  /** Called in this order, each with what stands so far. Without one, real rooms, streams and connections. */
  rooms?: (lodestar: Lodestar) => Rooms | Promise<Rooms>;
  warehouse?: (lodestar: Lodestar) => Warehouse | Promise<Warehouse>;
  streams?: (lodestar: Lodestar) => Streams;
  connections?: (lodestar: Lodestar) => Connections;
  scheduler?: (lodestar: Lodestar) => Scheduler | Promise<Scheduler>;
  realtime?: (lodestar: Lodestar) => RealTimeJobs;
}

export type TestLodestar = Lodestar & { database: Database; close(): Promise<void> };

export async function startLodestar(parts: Parts = {}): Promise<TestLodestar> {
  const dataDir = parts.dataDir ?? (await mkdtemp(join(tmpdir(), 'lodestar-test-')));
  const database = await openDatabase(await addressOf(parts));
  await migrate(database);
  const lodestar: TestLodestar = {
    config: Config.parse({
      PUBLIC_URL: 'http://lodestar.test',
      DATA_DIR: dataDir,
      LOG_LEVEL: 'silent',
      ...parts.config,
    }),
    log: pino({ level: process.env.TEST_LOG ?? 'silent' }),
    db: database.db,
    executeSql: database.executeSql,
    publicUrl: testUrl,
    origins: [testUrl],
    limits: createLimits(),
    api: handle,
    now: parts.now ?? (() => new Date()),
    secrets: { session: 'test-session-secret', box: '00'.repeat(32) },
    rooms: missing('rooms'),
    warehouse: missing('warehouse'),
    streams: missing('streams'),
    sources: missing('sources'),
    connections: missing('connections'),
    scheduler: missing('scheduler'),
    realtime: missing('realtime'),
    database,
    close: () => close(lodestar, parts, dataDir),
  };
  setLodestar(lodestar);
  lodestar.rooms = await (parts.rooms ?? realRooms)(lodestar);
  if (parts.warehouse) lodestar.warehouse = await parts.warehouse(lodestar);
  lodestar.streams = (parts.streams ?? realStreams)(lodestar);
  // Fetches nothing until a test starts it.
  lodestar.sources = createSources(lodestar);
  lodestar.connections = (parts.connections ?? ((world) => createConnections(world, { every: 0 })))(lodestar);
  if (parts.scheduler) lodestar.scheduler = await parts.scheduler(lodestar);
  if (parts.realtime) lodestar.realtime = parts.realtime(lodestar);
  return lodestar;
}

async function addressOf({ postgres, dataDir }: Parts): Promise<DatabaseAddress> {
  if (postgres) return { url: postgres };
  return dataDir ? { dataDir } : { memory: await emptyDatabase() };
}

function realRooms(lodestar: Lodestar): Rooms {
  const { executeSql, log, now } = lodestar;
  return createRooms({ executeSql, log, now, authenticate, allowedOrigins: () => lodestar.origins });
}

function realStreams(lodestar: Lodestar): Streams {
  return createStreams({ ...lodestar, warehouse: () => lodestar.warehouse });
}

async function close(lodestar: TestLodestar, parts: Parts, dataDir: string): Promise<void> {
  await lodestar.rooms.drain();
  if (parts.realtime) await lodestar.realtime.stop();
  if (parts.scheduler) await lodestar.scheduler.stop();
  await lodestar.sources.close();
  await lodestar.streams.close();
  await lodestar.connections.close();
  if (parts.warehouse) await lodestar.warehouse.close();
  await lodestar.database.close();
  if (!parts.dataDir) await rm(dataDir, { recursive: true, force: true });
}

/** Throws on any use, but for `then`, which `await` and promises ask for. */
function missing<T extends object>(part: string): T {
  const refuse = (_: object, property: string | symbol) => {
    if (property === 'then') return undefined;
    throw new Error(`This test started Lodestar without ${part}: give startLodestar({ ${part}: … }).`);
  };
  return new Proxy({}, { get: refuse }) as T;
}
