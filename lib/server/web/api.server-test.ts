import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { request as ask, type ClientRequest, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Actor } from '#lib/server/access.ts';
import { createWarehouse, type StandingWarehouse } from '#lib/server/warehouse/create.ts';
import { startLodestar, type TestLodestar } from '#lib/testing/lodestar.ts';
import { bearerHeaders, makeActor, makeProject } from '#lib/testing/people.ts';
import { isApi } from './api.ts';
import { listen, type Web } from './server.ts';

/* The surface over a real socket: bodies that wait, people who leave, answers as they were given. */

let lodestar: TestLodestar;
let web: Web;
let owner: Actor;
let project: string;

beforeAll(async () => {
  lodestar = await startLodestar({ config: { PORT: 0 }, warehouse: (world) => createWarehouse(world) });
  web = await listen(lodestar, { handle: async (_, response) => void response.end('page') });
  owner = await makeActor();
  project = (await makeProject(owner)).id;
});
afterAll(async () => {
  await web.close();
  await lodestar.close();
});

const pids = () => (lodestar.warehouse as StandingWarehouse).kernel.pool.pids;

async function open(method: string, path: string, type: string): Promise<ClientRequest> {
  const headers = { ...(await bearerHeaders(owner)), 'content-type': type };
  return ask({ method, path, headers, port: web.port, host: '127.0.0.1' });
}

async function answerOf(sent: ClientRequest): Promise<{ status: number; body: string }> {
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  return { status: response.statusCode ?? 0, body: await text(response) };
}

describe('the surface', () => {
  test('is ours; pages and next-auth are Next’s', async () => {
    expect(['/api/health', '/api/projects/x', '/api/auth/session', '/', '/apix'].map(isApi)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
    expect(await (await fetch(`http://127.0.0.1:${web.port}/somewhere`)).text()).toBe('page');
  });

  test('answers over the socket with the status, type and headers of the door', async () => {
    const sent = await open('GET', '/api/projects/nothing/datasets', 'application/json');
    const answer = await answerOf(sent.end());
    expect(answer.status).toBe(404);
    expect(JSON.parse(answer.body)).toMatchObject({ code: 'not-found' });
  });

  test('a 200 MB upload becomes a dataset without this process growing with it', async () => {
    const part = Buffer.from(`${'x'.repeat(40)},1234567,2026-11-21,0.25\n`.repeat(16_384));
    const before = process.memoryUsage().rss;
    let highest = before;
    const sent = await open('PUT', `/api/projects/${project}/datasets/big`, 'text/csv');
    const answer = answerOf(sent);
    sent.write('word,n,day,share\n');
    for (let bytes = 0; bytes < 200 * 2 ** 20; bytes += part.byteLength) {
      if (!sent.write(part)) await once(sent, 'drain');
      highest = Math.max(highest, process.memoryUsage().rss);
    }
    sent.end();
    expect((await answer).status).toBe(200);
    expect(highest - before).toBeLessThan(120 * 2 ** 20);
  }, 120_000);

  test('a sender who vanishes half-way leaves nothing', async () => {
    const sent = await open('PUT', `/api/projects/${project}/datasets/half`, 'text/csv');
    sent.on('error', () => undefined);
    sent.write('a,b\n1,2\n');
    const staging = join(lodestar.config.DATA_DIR, 'warehouse', 'staging');
    await vi.waitUntil(async () => (await readdir(staging)).length > 0);
    sent.destroy();
    await vi.waitUntil(async () => (await readdir(staging)).length === 0);
    expect(await lodestar.db.dataset.count({ where: { name: 'half' } })).toBe(0);
  });

  test('who leaves before the first row stops the query', async () => {
    const sent = await open('POST', `/api/projects/${project}/query`, 'application/json');
    sent.on('error', () => undefined);
    const sql = 'SELECT count(*) AS n FROM range(100000000) a, range(100000000) b WHERE a.range + b.range = -1';
    sent.end(JSON.stringify({ sql }));
    await vi.waitUntil(() => pids().length === 1, { timeout: 30_000 });
    sent.destroy();
    await vi.waitUntil(() => pids().length === 0, { timeout: 30_000 });
  });

  test('who leaves in the middle of the rows stops the query', async () => {
    const sent = await open('POST', `/api/projects/${project}/query`, 'application/json');
    sent.on('error', () => undefined);
    sent.setHeader('accept', 'text/csv');
    sent.end(JSON.stringify({ sql: 'SELECT * FROM range(500000000)' }));
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    response.on('error', () => undefined);
    await once(response, 'data');
    sent.destroy();
    await vi.waitUntil(() => pids().length === 0, { timeout: 30_000 });
  });
});
