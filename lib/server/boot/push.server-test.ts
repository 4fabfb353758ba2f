import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { ApiServer } from '#lib/testing/api-server.ts';
import { signedIn } from '#lib/testing/product.ts';

/** `lodestar push` against a server that is killed meanwhile: every line is stored once. */

let dir: string;
let server: ApiServer;
let client: Awaited<ReturnType<typeof signedIn>>;
let project: string;
const lines = 6000;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lodestar-push-'));
  server = new ApiServer(join(dir, 'data'));
  await server.start();
  client = await signedIn(server.url);
  project = (await client.post<{ id: string }>('/api/projects', { name: 'Shop' })).id;
  const line = (n: number) => `{"time":"2026-11-21T09:00:00Z","n":${n}}\n`;
  await writeFile(join(dir, 'events.ndjson'), Array.from({ length: lines }, (_, n) => line(n)).join(''));
});
afterAll(async () => {
  await server.kill();
  await rm(dir, { recursive: true, force: true });
});

function run(args: string[], env: Record<string, string> = {}, file = join(dir, 'events.ndjson')) {
  return runScript('bin/lodestar.mjs', args, env, file);
}

function runScript(path: string, args: string[], env: Record<string, string>, file: string) {
  const child = spawn(process.execPath, [path, ...args], {
    env: { ...process.env, LODESTAR_URL: server.url, LODESTAR_TOKEN: client.token, ...env },
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  child.stdin.on('error', () => undefined);
  createReadStream(file).pipe(child.stdin);
  const ended = once(child, 'exit').then(([code]) => ({ code: code as number | null, said }));
  return { child, ended };
}

async function make(name: string): Promise<string> {
  const given = { name, eventTime: 'time' };
  return (await client.post<{ id: string }>(`/api/projects/${project}/streams`, given)).id;
}

const offsetOf = async (id: string) => (await client.get<{ offset: number }>(`/api/streams/${id}`)).offset;

async function storedOf(id: string): Promise<number[]> {
  const found = await client.get<{ items: { n: string }[] }>(`/api/streams/${id}/events?limit=10000`);
  return found.items.map(({ n }) => Number(n));
}

const all = Array.from({ length: lines }, (_, n) => n);

test('a server that is killed and comes back has every line once', async () => {
  const id = await make('killed');
  const { ended } = run(['push', 'killed', '--batch', '2000']);
  for (const least of [1500]) {
    await vi.waitUntil(async () => (await offsetOf(id)) >= least, { timeout: 30_000 });
    await server.kill();
    await server.start();
  }
  const { code, said } = await ended;
  expect([code, said]).toEqual([0, expect.stringContaining('6,000 lines: 6,000 events stored in')]);
  expect(await storedOf(id)).toEqual(all);
});

test('a push that is killed goes on when it is run again, and again it stores nothing more', async () => {
  const id = await make('again');
  const first = run(['push', 'Shop/again', '--batch', '2000']);
  await vi.waitUntil(async () => (await offsetOf(id)) >= 1000, { timeout: 30_000 });
  first.child.kill('SIGKILL');
  await first.ended;
  for (let round = 0; round < 2; round++) {
    expect((await run(['push', id, '--batch', '2000']).ended).code).toBe(0);
    expect(await storedOf(id)).toEqual(all);
  }
  expect((await run(['push', 'again', '--label', 'once more', '--quiet']).ended).said).toBe('');
  expect(await offsetOf(id)).toBe(2 * lines);
});

test('what it cannot do is one sentence and a code', async () => {
  await writeFile(join(dir, 'odd.ndjson'), '{"time":"2026-11-21T09:00:00Z"}\nno json\n');
  await make('odd');
  expect(await run(['push', 'odd'], {}, join(dir, 'odd.ndjson')).ended).toEqual({
    code: 0,
    said: expect.stringContaining('2 lines: 1 event stored, 1 dead letter (the stream tells why)'),
  });
  expect(await run(['push', 'nowhere']).ended).toEqual({
    code: 1,
    said: 'lodestar: There is no stream nowhere that this token may see.\n',
  });
  expect(await run(['push', 'odd'], { LODESTAR_TOKEN: 'wrong' }).ended).toMatchObject({
    code: 1,
    said: expect.stringMatching(/Sign in.*\(401\)/),
  });
  expect(await run(['push', 'odd'], { LODESTAR_TOKEN: '' }).ended).toMatchObject({
    code: 2,
    said: expect.stringMatching(/must be set/),
  });
  expect(await run(['push', 'odd', '--batch', '0']).ended).toMatchObject({
    code: 2,
    said: expect.stringMatching(/from 1 to/),
  });
  expect(await run(['pull', 'odd']).ended).toMatchObject({
    code: 2,
    said: expect.stringMatching(/lodestar push STREAM/),
  });
  expect(await run(['push', 'odd', '--patience', '0'], { LODESTAR_URL: 'http://127.0.0.1:9' }).ended).toMatchObject({
    code: 1,
    said: expect.stringMatching(/does not answer.*Run the same again/),
  });
});

test('a simulated shop makes its stream and pushes to it; what it sends twice is known', async () => {
  const args = ['--stream', 'Shop/shop_events', '--rate', '2000', '--seconds', '2', '--seed', '7'];
  const { code, said } = await runScript('lib/server/boot/simulate.mjs', args, {}, '/dev/null').ended;
  expect([code, said]).toEqual([0, '']);
  const { items } = await client.get<{ items: Record<string, unknown>[] }>(`/api/projects/${project}/streams`);
  const made = items.find(({ name }) => name === 'shop_events') as Record<string, number>;
  expect(made).toMatchObject({ eventTime: 'happened_at', key: ['event_id'], deadLetters: 0, trouble: null });
  expect(made.events).toBeGreaterThan(1000);
  expect(made.duplicates).toBeGreaterThan(0);
});
