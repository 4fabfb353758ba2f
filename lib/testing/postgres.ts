import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';

const run = promisify(execFile);

/** A real PostgreSQL for a test: a throw-away cluster, or fresh databases on TEST_DATABASE_URL. */
export interface Cluster {
  /** Makes an empty database and gives its address. */
  database(): Promise<string>;
  close(): Promise<void>;
}

/** Why no PostgreSQL can be had here, or null when it can. A test that needs one names this when it skips. */
export async function whyNoPostgres(): Promise<string | null> {
  if (process.env.TEST_DATABASE_URL) return null;
  try {
    await run(join(await binaries(), 'initdb'), ['--version']);
    return null;
  } catch (error) {
    return `no PostgreSQL binaries (${String(error)}): install postgresql, or set TEST_DATABASE_URL`;
  }
}

export async function startCluster(): Promise<Cluster> {
  const given = process.env.TEST_DATABASE_URL;
  if (given) return { database: () => makeDatabase(given), close: async () => {} };
  const dir = await mkdtemp(join(tmpdir(), 'lodestar-pg-'));
  const port = await freePort();
  await initdb(dir);
  await asServer([
    'pg_ctl',
    '-D',
    join(dir, 'data'),
    '-w',
    '-o',
    `-p ${port} -h 127.0.0.1 -k ${dir} -c timezone=Asia/Tokyo`,
    '-l',
    join(dir, 'log'),
    'start',
  ]);
  return {
    database: () => makeDatabase(`postgresql://postgres@127.0.0.1:${port}/postgres`),
    close: async () => {
      await asServer(['pg_ctl', '-D', join(dir, 'data'), '-w', '-m', 'immediate', 'stop']);
      await rm(dir, { recursive: true, force: true });
    },
  };
}

async function initdb(dir: string): Promise<void> {
  await chmod(dir, 0o777);
  await asServer([
    'initdb',
    '-D',
    join(dir, 'data'),
    '-U',
    'postgres',
    '-A',
    'trust',
    '-E',
    'UTF8',
    '--no-sync',
    '--locale=C',
  ]);
}

/** PostgreSQL refuses to run as root. */
async function asServer([tool, ...args]: string[]): Promise<void> {
  const command = join(await binaries(), tool ?? '');
  if (process.getuid?.() !== 0) await run(command, args);
  else
    await run('su', ['postgres', '-s', '/bin/sh', '-c', [command, ...args].map((word) => `'${word}'`).join(' ')], {
      cwd: '/',
    });
}

let found: Promise<string> | undefined;
function binaries(): Promise<string> {
  found ??= run('pg_config', ['--bindir']).then(({ stdout }) => stdout.trim());
  return found;
}

let count = 0;
async function makeDatabase(server: string): Promise<string> {
  const name = `lodestar_test_${process.pid}_${count++}`;
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  await client.query(`CREATE DATABASE "${name}"`);
  await client.end();
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
