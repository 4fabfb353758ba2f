import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/*
 * The whole product in its own process, as people run it: the built pages, the embedded database, every service. Tests
 * talk to it over HTTP, websockets and Chromium, and may kill it at any moment.
 */

export interface Product {
  url: string;
  dataDir: string;
  /** What it printed so far. */
  output(): string;
  /** kill -9, and wait until it is gone. */
  kill(): Promise<void>;
  /** Starts again on the same port and data. */
  restart(): Promise<void>;
  /** SIGTERM, wait, and remove the data. */
  close(): Promise<void>;
}

export const admin = { email: 'lead@shop.example', password: 'correct horse battery' };

/** Starts Lodestar on a free loopback port with fresh data; `env` wins over the defaults (the first administrator is `admin`). */
export async function startProduct(env: Record<string, string | undefined> = {}): Promise<Product> {
  const dataDir = await mkdtemp(join(tmpdir(), 'lodestar-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const settings = {
    PORT: String(port),
    DATA_DIR: dataDir,
    ADMIN_EMAIL: admin.email,
    ADMIN_PASSWORD: admin.password,
    LOG_LEVEL: 'warn',
    ...env,
  };
  let running = await launch(settings, url);
  return {
    url,
    dataDir,
    output: () => running.output(),
    kill: () => end(running.child, 'SIGKILL'),
    restart: async () => {
      running = await launch(settings, url);
    },
    close: async () => {
      await end(running.child, 'SIGTERM');
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function launch(settings: Record<string, string | undefined>, url: string) {
  const child = spawn(process.execPath, ['lib/server/main.ts'], {
    env: { ...process.env, NODE_ENV: 'production', ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  await answering(url, child, () => output);
  return { child, output: () => output };
}

async function answering(url: string, child: ChildProcess, output: () => string): Promise<void> {
  const until = Date.now() + 60_000;
  while (Date.now() < until) {
    if (child.exitCode !== null) throw new Error(`Lodestar ended with ${child.exitCode}:\n${output()}`);
    if (await answers(url)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`Lodestar did not answer within a minute:\n${output()}`);
}

async function answers(url: string): Promise<boolean> {
  return fetch(`${url}/api/health`).then(
    (response) => response.ok,
    () => false,
  );
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill(signal);
  await gone;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/** A client of the HTTP surface with a script's bearer token. */
export async function signedIn(url: string, who = admin) {
  const { token } = (await call(url, 'POST', '/api/session', who)) as { token: string };
  return {
    token,
    get: <T>(path: string) => call(url, 'GET', path, undefined, token) as Promise<T>,
    post: <T>(path: string, body: unknown = {}) => call(url, 'POST', path, body, token) as Promise<T>,
  };
}

async function call(url: string, method: string, path: string, body?: unknown, token?: string): Promise<unknown> {
  const response = await fetch(url + path, {
    method,
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token ? { authorization: `Bearer ${token}` } : { origin: url }),
    },
    body: body === undefined ? null : JSON.stringify(body),
  });
  const answer = response.status === 204 ? null : await response.json();
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${JSON.stringify(answer)}`);
  return answer;
}
