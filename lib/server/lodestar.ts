import type { PrismaClient } from '#prisma/client/client.ts';
import type { Config } from './config.ts';
import type { Limits } from './auth/limits.ts';
import type { ExecuteSql } from './database/open.ts';
import type { Connections } from './connections/connections.ts';
import type { Rooms } from './collaboration/rooms.ts';
import type { Warehouse } from './warehouse/warehouse.ts';
import type { Scheduler } from './jobs/scheduler.ts';
import type { RealTimeJobs } from './realtime/realtime.ts';
import type { Sources } from './streams/kafka/sources.ts';
import type { Streams } from './streams/streams.ts';
import type { Logger } from 'pino';

/*
 * The one set of things that exist once a process. main.ts makes them; Next's bundle is a second module graph in the
 * same process and must never make its own, so it reaches them here, by a process-wide symbol. Nothing else is global.
 */
export interface Lodestar {
  config: Config;
  log: Logger;
  /** The truth. PGlite in DATA_DIR, or PostgreSQL. */
  db: PrismaClient;
  /** The same database in plain SQL, for pg-boss. */
  executeSql: ExecuteSql;
  /** The address people use, without a path: for links and redirects. */
  publicUrl: string;
  /** The origins pages of ours have (auth/origin.ts). */
  origins: string[];
  /** The clock, so that tests can hold it. */
  now(): Date;
  /** Secrets this installation made for itself at first start. */
  secrets: Secrets;
  /** Wrong attempts to sign in, counted once a process. */
  limits: Limits;
  /** The HTTP surface (api/door.ts): it lives in this graph, so that a notebook's Yjs is one Yjs. */
  api(request: Request): Promise<Response>;
  /** Open notebooks: documents, sockets, presence. */
  rooms: Rooms;
  /** Datasets as files, and DuckDB in child processes. */
  warehouse: Warehouse;
  /** Logs of events that are pushed to us. */
  streams: Streams;
  /** Streams whose events are fetched. */
  sources: Sources;
  /** Trino clusters: queries as people, in turn and within limits. */
  connections: Connections;
  /** Jobs: ticks, runs, backfills. */
  scheduler: Scheduler;
  /** Real-time jobs: sessions over streams. */
  realtime: RealTimeJobs;
}

export interface Secrets {
  /** Signs next-auth's cookie. */
  session: string;
  /** 32 bytes, hex: encrypts what is secret at rest. */
  box: string;
}

const key = Symbol.for('lodestar');

export function setLodestar(lodestar: Lodestar): void {
  (globalThis as Record<symbol, unknown>)[key] = lodestar;
}

export function getLodestar(): Lodestar {
  const lodestar = (globalThis as Record<symbol, unknown>)[key];
  if (!lodestar) throw new Error('Lodestar is not started in this process: lib/server/main.ts makes it.');
  return lodestar as Lodestar;
}
