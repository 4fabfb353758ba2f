import pino from 'pino';
import { handle } from './api/door.ts';
import { authenticate } from './auth/authenticate.ts';
import { createLimits } from './auth/limits.ts';
import { ownOrigins } from './auth/origin.ts';
import { createRooms } from './collaboration/rooms.ts';
import type { Config } from './config.ts';
import { createConnections } from './connections/create.ts';
import { endChanges } from './data/changes.ts';
import { readSecrets } from './data/setting.ts';
import { lockDataDir } from './database/lock.ts';
import { migrate } from './database/migrate.ts';
import { openDatabase, type Database } from './database/open.ts';
import { startScheduler } from './jobs/start.ts';
import { setLodestar, type Lodestar } from './lodestar.ts';
import { startRealTime } from './realtime/supervise.ts';
import { createStreams } from './streams/create.ts';
import { createSources } from './streams/kafka/sources.ts';
import { createWarehouse } from './warehouse/create.ts';

export interface Started {
  lodestar: Lodestar;
  /** Stores what the rooms hold, waits for the last answers, then lets go of everything in reverse order. */
  stop(answered: Promise<void>): Promise<void>;
}

/** Makes everything that exists once a process, in the order in which each needs the other. */
export async function start(config: Config): Promise<Started> {
  const log = pino({ level: config.LOG_LEVEL }, pino.destination(2));
  const lock = await lockDataDir(config.DATA_DIR);
  try {
    const database = await openDatabase({ url: config.DATABASE_URL, dataDir: config.DATA_DIR }, (err) =>
      log.warn({ err }, 'a database connection was lost'),
    );
    await migrate(database);
    const lodestar = await compose(config, log, database);
    return { lodestar, stop: (answered) => stop(lodestar, database, answered).finally(lock.release) };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function compose(config: Config, log: pino.Logger, { db, executeSql }: Database): Promise<Lodestar> {
  const world = { config, log, db, executeSql, now: () => new Date() };
  const rooms = createRooms({ ...world, authenticate, allowedOrigins: () => lodestar.origins });
  const secrets = await readSecrets(db);
  const warehouse = await createWarehouse(world);
  const connections = createConnections({ ...world, secrets });
  const streams = createStreams({ ...world, warehouse: () => warehouse });
  const jobs = { ...world, warehouse, connections, streams };
  const lodestar: Lodestar = {
    ...world,
    ...addresses(config, config.PORT),
    secrets,
    limits: createLimits(),
    api: handle,
    rooms,
    warehouse,
    streams,
    sources: createSources({ ...world, secrets, streams }),
    connections,
    scheduler: await startScheduler(jobs),
    realtime: startRealTime(jobs),
  };
  setLodestar(lodestar);
  await lodestar.sources.start();
  return lodestar;
}

/** The addresses people use, which a start on port 0 knows only once it listens. */
export function addresses(config: Config, port: number): Pick<Lodestar, 'publicUrl' | 'origins'> {
  const origins = ownOrigins(config, port);
  return { publicUrl: config.PUBLIC_URL ?? origins[0] ?? '', origins };
}

async function stop(lodestar: Lodestar, database: Database, answered: Promise<void>): Promise<void> {
  endChanges();
  await lodestar.rooms.drain();
  await answered;
  await lodestar.realtime.stop();
  await lodestar.scheduler.stop();
  await lodestar.sources.close();
  await lodestar.streams.close();
  await lodestar.connections.close();
  await lodestar.warehouse.close();
  await database.close();
}
