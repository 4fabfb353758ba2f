import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { gather, kernelContract, numbers } from '#kernels/contract.ts';
import { tableToIPC } from 'apache-arrow';
import type { Kernel, Relation } from '#kernels/kernel.ts';
import { remoteWarehouse } from '#kernels/remote.ts';
import type { Actor } from '#lib/server/access.ts';
import { createWarehouse, type StandingWarehouse } from '#lib/server/warehouse/create.ts';
import { toRows } from '#lib/table/text.ts';
import { startLodestar, testUrl, type TestLodestar } from '#lib/testing/lodestar.ts';
import { bearerHeaders, makeActor, makeProject } from '#lib/testing/people.ts';

/* The warehouse as a page has it: the contract's suite over the HTTP surface, the real door and the real children. */

let lodestar: TestLodestar;
let owner: Actor;
let project: string;

beforeAll(async () => {
  lodestar = await startLodestar({ warehouse: (world) => createWarehouse(world) });
  owner = await makeActor();
  project = (await makeProject(owner)).id;
});
afterAll(() => lodestar.close());

const pool = () => (lodestar.warehouse as StandingWarehouse).kernel.pool;

async function remote(): Promise<Kernel> {
  const headers = await bearerHeaders(owner);
  const fetch = (input: RequestInfo | URL, init?: RequestInit) => lodestar.api(new Request(input, init));
  const reads = (source: string) => lodestar.warehouse.kernel.reads(source);
  return remoteWarehouse({ projectId: project, base: testUrl, headers, fetch, reads });
}

kernelContract('warehouse over HTTP', remote, {
  rows: (n) => `SELECT range AS n FROM range(${n})`,
  endless: 'SELECT count(*) AS n FROM range(100000000) a, range(100000000) b WHERE a.range + b.range = -1',
  broken: 'SELECT 1 AS n\nFROM range(3) WHER n > 1 GROUP GROUP',
  fails: `SELECT CAST('no number' AS INTEGER) AS n`,
  parameter: (name) => `SELECT {{${name}}} AS v`,
  total: (relation) => `SELECT CAST(sum(n) AS BIGINT) AS total FROM ${relation}`,
  joins: 'SELECT * FROM first JOIN second USING (n)',
  unknown: 'SELECT * FROM nowhere',
  writes: ['CREATE TABLE t (n INTEGER)', 'SELECT 1; SELECT 2'],
});

describe('a query over HTTP', () => {
  test('reads the page’s rows and the project’s dataset together', async () => {
    const headers = { ...(await bearerHeaders(owner)), 'content-type': 'text/csv' };
    const path = `${testUrl}/api/projects/${project}/datasets/names`;
    await lodestar.api(new Request(path, { method: 'PUT', headers, body: 'n,name\n1,one\n2,two\n' }));
    const ipc = tableToIPC(numbers(3));
    const mine: Relation = { kind: 'arrow', hash: '', complete: true, ipc: () => Promise.resolve(ipc) };
    const code = { name: 'cell', source: 'SELECT name FROM mine JOIN names USING (n) ORDER BY n' };
    const ran = await gather(await remote(), code, { parameters: {}, relations: { mine } });
    expect(ran.error).toBeNull();
    expect(toRows(ran.batches)).toEqual([['one'], ['two']]);
  });

  test('leaving ends the process that ran it', async () => {
    const headers = { ...(await bearerHeaders(owner)), 'content-type': 'application/json' };
    const leave = new AbortController();
    const sql = 'SELECT count(*) AS n FROM range(100000000) a, range(100000000) b WHERE a.range + b.range = -1';
    const init = { method: 'POST', headers, body: JSON.stringify({ sql }), signal: leave.signal };
    const answer = lodestar.api(new Request(`${testUrl}/api/projects/${project}/query`, init));
    await vi.waitUntil(() => pool().pids.length === 1, { timeout: 30_000 });
    leave.abort();
    await vi.waitUntil(() => pool().pids.length === 0, { timeout: 30_000 });
    expect((await answer).status).toBe(422);
  });

  test('a stranger is refused before the body is read', async () => {
    const headers = { ...(await bearerHeaders(await makeActor())), 'content-type': 'application/vnd.lodestar.events' };
    const path = `${testUrl}/api/projects/${project}/query/with-tables`;
    const body = new Uint8Array([9, 0, 0, 0, 1, 123]);
    expect((await lodestar.api(new Request(path, { method: 'POST', headers, body }))).status).toBe(404);
  });

  test('a body cut short after its first frame is refused, not run', async () => {
    const headers = { ...(await bearerHeaders(owner)), 'content-type': 'application/vnd.lodestar.events' };
    const path = `${testUrl}/api/projects/${project}/query/with-tables`;
    const answer = await lodestar.api(
      new Request(path, { method: 'POST', headers, body: new Uint8Array([9, 0, 0, 0, 1, 123]) }),
    );
    expect(answer.status).toBe(400);
  });
});
