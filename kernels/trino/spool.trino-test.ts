import { afterAll, beforeAll, expect, test } from 'vitest';
import { Agent, type Dispatcher } from 'undici';
import { gather } from '#kernels/contract.ts';
import { toRows } from '#lib/table/text.ts';
import { readExceptions } from '#lib/server/outbound/address.ts';
import { makeOutbound, type Lookup } from '#lib/server/outbound/agent.ts';
import { startTrino } from '#lib/testing/trino.ts';
import { makeTarget } from '#lib/testing/trino-target.ts';
import { until } from '#lib/testing/until.ts';
import { ask } from './ask.ts';
import { TrinoKernel } from './kernel.ts';
import type { TrinoTarget } from './target.ts';

/*
 * A cluster with passwords over TLS, that offers its answers through an object store. Slow to start, so all that needs one
 * of the two is here.
 */

let cluster: Awaited<ReturnType<typeof startTrino>>;
let target: TrinoTarget;
const asked: string[] = [];

beforeAll(async () => {
  cluster = await startTrino({ auth: true, spooling: true });
  target = makeTarget({
    url: cluster.url,
    dispatcher: listening(new Agent({ connections: 16, connect: { ca: cluster.ca! } })),
    authorization: basic('svc_lodestar', cluster.passwords['svc_lodestar']!),
    user: 'svc_lodestar',
  });
}, 180_000);
afterAll(() => cluster?.stop());

function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

/** Notes which addresses are called, and that none but the coordinator's is told who asks. */
function listening(agent: Agent): Dispatcher {
  return agent.compose((dispatch) => (options, handler) => {
    const origin = String(options.origin);
    asked.push(`${options.method} ${origin}${options.path}`);
    const names = Object.keys((options.headers ?? {}) as object);
    const isTold = names.some((name) => name === 'authorization' || name.startsWith('x-trino-'));
    if (isTold && origin !== new URL(cluster.url).origin) asked.push(`told ${origin}`);
    return dispatch(options, handler);
  });
}

async function rowsOf(source: string, spooling: boolean, limit?: number) {
  const kernel = new TrinoKernel(target);
  const options = { spooling, ...(limit === undefined ? {} : { limit }) };
  const ran = await gather(kernel, { name: 'cell', source }, { parameters: {}, relations: {} }, options);
  await kernel.close();
  expect(ran.error).toBeNull();
  return { rows: toRows(ran.batches), schema: String(ran.schema), done: ran.done! };
}

test.each([
  ['a big answer', 'SELECT * FROM tpch.tiny.lineitem ORDER BY orderkey, linenumber'],
  ['a small one', 'SELECT * FROM tpch.tiny.nation ORDER BY 1'],
  ['one without rows', 'SELECT * FROM tpch.tiny.nation WHERE false'],
  [
    'one of many types',
    `SELECT n, CAST(n AS decimal(38, 4)) / 7 AS d, TIMESTAMP '2026-01-01 00:00:00.123456789' AS t,
     ARRAY[n, NULL] AS a, MAP(ARRAY['k'], ARRAY[n]) AS m, nan() AS f FROM UNNEST(sequence(1, 9999)) AS s(n)`,
  ],
])('%s is the same with and without spooling', async (_what, source) => {
  const plain = await rowsOf(source, false);
  const spooled = await rowsOf(source, true);
  expect(spooled.schema).toBe(plain.schema);
  expect(spooled.rows).toEqual(plain.rows);
  expect(spooled.done).toMatchObject({ rows: plain.done.rows, complete: true });
});

test('segments come from the store, are acknowledged, and nobody else is told who asks', async () => {
  asked.length = 0;
  await rowsOf('SELECT * FROM tpch.tiny.lineitem', true);
  const elsewhere = asked.filter((each) => each.startsWith('GET') && !each.includes('/v1/statement'));
  expect(elsewhere.length).toBeGreaterThan(0);
  await until(() => asked.some((each) => each.includes('/ack/')), 'a segment is acknowledged');
  expect(asked.filter((each) => each.startsWith('told'))).toEqual([]);
});

test('a limit cuts a spooled answer and says so', async () => {
  const { done, rows } = await rowsOf('SELECT * FROM tpch.tiny.lineitem', true, 1000);
  expect(rows).toHaveLength(1000);
  expect(done.complete).toBe(false);
});

test('a wrong password is said to be one', async () => {
  const wrong = { ...target, authorization: basic('svc_lodestar', 'wrong') };
  await expect(ask(wrong, 'SELECT 1')).rejects.toMatchObject({
    error: { code: 'refused', message: expect.stringContaining('does not accept') as unknown },
  });
});

test('an account may act for a person where the cluster allows it, and the name is the query’s', async () => {
  const { rows } = await ask({ ...target, user: 'ann@example.org' }, 'SELECT current_user');
  expect(rows).toEqual([['ann@example.org']]);
});

test('a certificate nobody vouches for is refused, and what to do is said', async () => {
  const trusting = { ...target, dispatcher: new Agent() };
  await expect(ask(trusting, 'SELECT 1')).rejects.toMatchObject({
    error: { code: 'refused', hint: expect.stringContaining('certificate authority') as unknown },
  });
});

test('http to a port of TLS, and a port where nothing listens', async () => {
  const plain = { ...target, url: cluster.url.replace('https:', 'http:') };
  await expect(ask(plain, 'SELECT 1')).rejects.toMatchObject({ error: { code: 'lost' } });
  const none = { ...target, url: 'https://127.0.0.1:9' };
  await expect(ask(none, 'SELECT 1')).rejects.toThrow('Nothing listens on 127.0.0.1:9.');
});

test('the way out of this server checks names against certificates, by the address it checked', async () => {
  const way = { exceptions: readExceptions('127.0.0.0/8'), authority: cluster.ca! };
  const toLoopback: Lookup = (_host, _options, answer) => answer(null, [{ address: '127.0.0.1', family: 4 }]);
  const good = { ...target, dispatcher: makeOutbound(way) };
  expect((await ask(good, 'SELECT 1')).rows).toEqual([['1']]);
  const { port } = new URL(cluster.url);
  const other = {
    ...good,
    url: `https://other.example:${port}`,
    dispatcher: makeOutbound({ ...way, lookup: toLoopback }),
  };
  await expect(ask(other, 'SELECT 1')).rejects.toThrow('The certificate is not for other.example.');
  const closed = { ...target, dispatcher: makeOutbound({ authority: cluster.ca! }) };
  await expect(ask(closed, 'SELECT 1')).rejects.toThrow('which this server does not call');
});
