import { randomUUID } from 'node:crypto';
import { Agent, type Dispatcher } from 'undici';
import { afterEach, expect, test } from 'vitest';
import { gather } from '#kernels/contract.ts';
import type { Relation } from '#kernels/kernel.ts';
import { seeded, seedOfRun } from '#lib/testing/seed.ts';
import { makeTarget } from '#lib/testing/trino-target.ts';
import { until } from '#lib/testing/until.ts';
import { ask } from './ask.ts';
import { Conversation } from './conversation.ts';
import { TrinoKernel } from './kernel.ts';
import { ReadyTransactions } from './ready.ts';
import type { TrinoTarget } from './target.ts';
import { decoder } from './threads.ts';
import { end } from './transaction.ts';
import { Wire } from './wire.ts';

interface Sent {
  sql: string;
  transaction: string;
}

/** A person on the cluster, and what is sent there as them. */
function person(given: Partial<TrinoTarget> = {}): { target: TrinoTarget; sent: Sent[] } {
  const sent: Sent[] = [];
  const dispatcher = new Agent().compose((dispatch) => (options, handler) => {
    if (options.method === 'POST') sent.push(sentOf(options));
    return dispatch(options, handler);
  });
  return { target: makeTarget({ dispatcher, user: `p-${randomUUID()}`, ...given }), sent };
}

function sentOf({ body, headers }: Dispatcher.DispatchOptions): Sent {
  const transaction = (headers as Record<string, string>)['x-trino-transaction-id'] ?? '';
  return { sql: typeof body === 'string' ? body : '', transaction };
}

const watcher = makeTarget({ source: 'watcher' });
const transactions = async () =>
  Number((await ask(watcher, 'SELECT count(*) FROM system.runtime.transactions', { access: 'write' })).rows[0]![0]);

const opened: ReadyTransactions[] = [];
const open = (...limits: ConstructorParameters<typeof ReadyTransactions>) => {
  const ready = new ReadyTransactions(...limits);
  opened.push(ready);
  return ready;
};
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close();
});

const run = (target: TrinoTarget, ready: ReadyTransactions, source = 'SELECT 1 AS a') =>
  gather(new TrinoKernel(target, { ready }), { name: 'cell', source }, { parameters: {}, relations: {} });
const begun = (sent: Sent[]) => sent.filter(({ sql }) => sql.startsWith('START TRANSACTION')).length;

test('the next query of a person waits for no transaction, and each is used once', async () => {
  const ready = open();
  const { target, sent } = person();
  for (const count of [1, 2, 3]) {
    expect((await run(target, ready)).rows).toEqual([{ a: 1 }]);
    await ready.settled();
    // One for the first query, and one after each.
    expect(begun(sent)).toBe(1 + count);
  }
  const queries = sent.filter(({ sql }) => sql.startsWith('SELECT'));
  expect(new Set(queries.map(({ transaction }) => transaction)).size).toBe(3);
  await ready.close();
  await until(() => sent.filter(({ sql }) => sql === 'ROLLBACK').length === begun(sent), 'each was ended');
});

test('nobody is given one of somebody else', async () => {
  const ready = open();
  const one = person();
  await run(one.target, ready);
  for (const other of [
    { ...one.target, user: 'somebody-else' },
    { ...one.target, authorization: 'Basic eDp5' },
    { ...one.target, url: `${one.target.url}/` },
    { ...one.target, dispatcher: new Agent() },
  ])
    expect(ready.take(other)).toBeNull();
  expect(await ready.take({ ...one.target, traceToken: 'another run' })).toMatch(/^[\w-]+$/);
});

test('it lets nothing be written, and shows what was written since it was begun', async () => {
  const ready = open();
  const { target } = person();
  const table = `memory.default.r_${randomUUID().slice(0, 8)}`;
  await ask(target, `CREATE TABLE ${table} (a bigint)`, { access: 'write' });
  ready.prepare(new Wire(target));
  await ready.settled();
  await ask(target, `INSERT INTO ${table} VALUES 7`, { access: 'write' });
  expect((await run(target, ready, `SELECT a FROM ${table}`)).rows).toEqual([{ a: 7n }]);
  await ready.settled();
  const signal = new AbortController().signal;
  const writing = new Conversation(new Wire(target), decoder, { access: 'read', spooling: false, signal, ready });
  const errors: unknown[] = [];
  for await (const { head } of writing.pages(`DROP TABLE ${table}`)) if (head.error) errors.push(head.error.errorName);
  expect(errors).toEqual(['READ_ONLY_VIOLATION']);
  await writing.end();
  await ask(target, `DROP TABLE ${table}`, { access: 'write' });
});

test('one that the cluster has ended meanwhile is replaced, and the query runs', async () => {
  const ready = open();
  const { target, sent } = person();
  ready.prepare(new Wire(target));
  const id = (await ready.take(target))!;
  await end(new Wire(target), decoder, id); // behind the back of whoever has it
  const gone = { take: () => Promise.resolve(id), prepare: () => undefined } as unknown as ReadyTransactions;
  expect((await run(target, gone, 'SELECT 2 AS a')).rows).toEqual([{ a: 2 }]);
  expect(sent.filter(({ sql }) => sql.startsWith('SELECT 2'))).toHaveLength(2);
});

test('an unused one is ended when it is old, or one too many', async () => {
  const ready = open({ age: 60_000, most: 1 });
  const one = person();
  const other = person();
  ready.prepare(new Wire(one.target));
  ready.prepare(new Wire(other.target));
  await until(() => one.sent.some(({ sql }) => sql === 'ROLLBACK'), 'the first is ended');
  const short = open({ age: 1, most: 9 });
  const third = person();
  short.prepare(new Wire(third.target));
  await until(() => third.sent.some(({ sql }) => sql === 'ROLLBACK'), 'the old one is ended');
  expect(short.take(third.target)).toBeNull();
});

test('a text that is refused begins none, one that fails later ends its own', async () => {
  const ready = open();
  const { target, sent } = person();
  expect((await run(target, ready, 'DROP TABLE a')).error).toMatchObject({ code: 'refused' });
  expect((await run(target, ready, 'SELECT {{none}}')).error).toBeDefined();
  expect(sent).toEqual([]);
  const broken: Relation = { kind: 'query', hash: '', complete: true, sql: 'SELECT {{none}}' };
  const kernel = new TrinoKernel(target, { ready });
  const code = { name: 'cell', source: 'SELECT * FROM broken' };
  expect((await gather(kernel, code, { parameters: {}, relations: { broken } })).error).toBeDefined();
  await until(() => sent.some(({ sql }) => sql === 'ROLLBACK'), 'what was begun is ended');
  expect(sent.map(({ sql }) => sql)).toEqual(['START TRANSACTION READ ONLY', 'ROLLBACK']);
});

test('100 runs that are left at random moments leave none behind but the one that is ready', async () => {
  const ready = open();
  const { target, sent } = person();
  const random = seeded(seedOfRun());
  const before = await transactions();
  let left = 100;
  const worker = async () => {
    while (left-- > 0) {
      const timeout = Math.ceil(random() * 200);
      const kernel = new TrinoKernel(target, { ready });
      const inputs = { parameters: {}, relations: {} };
      const options = { signal: new AbortController().signal, timeout };
      const source = random() < 0.5 ? 'SELECT * FROM tpch.sf1.lineitem' : 'SELECT 1';
      for await (const event of kernel.run({ name: 'cell', source }, inputs, options))
        if (event.type === 'batch' && random() < 0.3) break;
    }
  };
  await Promise.all(Array.from({ length: 4 }, worker));
  await ready.settled();
  const ended = () => sent.filter(({ sql }) => sql === 'ROLLBACK').length;
  await until(() => begun(sent) - ended() <= 1, 'all but one are ended');
  await ready.close();
  await until(() => begun(sent) === ended(), 'all are ended');
  await until(async () => (await transactions()) <= before, 'as few transactions are open as before');
});
