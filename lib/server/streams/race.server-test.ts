import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Relation } from '#kernels/kernel.ts';
import { jsonRows } from '#lib/table/json.ts';
import { createWarehouse } from '#lib/server/warehouse/create.ts';
import { startLodestar, type TestLodestar } from '#lib/testing/lodestar.ts';
import { makeActor, makeProject } from '#lib/testing/people.ts';
import { batchOf, makeStreamRow } from '#lib/testing/streams.ts';
import type { PrismaClient } from '#prisma/client/client.ts';
import { createStreams } from './create.ts';
import { joinLimits } from './join.ts';

/* Who reads a stream looks at its tail, then at the manifest, then at files. Between any two of them segments may be closed, sealed and joined. */

let lodestar: TestLodestar;
let project: string;
/** Called once, before and after who reads next has looked at the manifest. */
const hooks: { before?: (() => Promise<void>) | undefined; after?: (() => Promise<void>) | undefined } = {};

beforeAll(async () => {
  lodestar = await startLodestar({
    warehouse: (world) => createWarehouse(world),
    streams: (world) =>
      createStreams(
        { ...world, db: hooked(world.db), warehouse: () => lodestar.warehouse },
        { writer: { segmentRows: 4 }, join: { ...joinLimits, least: 2 } },
      ),
  });
  project = (await makeProject(await makeActor())).id;
});
afterAll(() => lodestar.close());

function hooked(db: PrismaClient): PrismaClient {
  const segment = new Proxy(db.segment, {
    get: (target, name) =>
      name === 'findMany' ? (asked: object) => looking(() => target.findMany(asked)) : of(target, name),
  });
  return new Proxy(db, { get: (target, name) => (name === 'segment' ? segment : of(target, name)) });
}

function of(target: object, name: string | symbol): unknown {
  const value: unknown = Reflect.get(target, name);
  return typeof value === 'function' ? value.bind(target) : value;
}

async function looking<T>(look: () => Promise<T>): Promise<T> {
  const { before, after } = hooks;
  delete hooks.before;
  delete hooks.after;
  await before?.();
  const found = await look();
  await after?.();
  return found;
}

async function rowsOf(relation: Relation): Promise<number[]> {
  const run = lodestar.warehouse.kernel.run(
    { name: 'x', source: 'SELECT _offset::INTEGER FROM s ORDER BY 1' },
    { parameters: {}, relations: { s: relation } },
    { signal: AbortSignal.timeout(60_000) },
  );
  const rows: number[] = [];
  for await (const event of run) {
    if (event.type === 'failed') throw new Error(JSON.stringify(event.error));
    if (event.type === 'batch') for (const row of jsonRows(event.batch) as unknown[][]) rows.push(Number(row[0]));
  }
  return rows;
}

const readers: [name: string, read: (id: string) => Promise<number[]>][] = [
  [
    'moments',
    async (id) =>
      (await lodestar.streams.timeline(id, 0, 1e6)).flatMap(({ first, rows }) =>
        Array.from({ length: rows }, (_, at) => first + at),
      ),
  ],
  [
    'events',
    async (id) =>
      (await lodestar.streams.read(id, 0, 1e6, AbortSignal.timeout(60_000))).items.map(({ _offset }) =>
        Number(_offset),
      ),
  ],
  ['rows of a relation', async (id) => rowsOf(await lodestar.streams.slice(id, { below: Infinity }))],
];
const times = ['before', 'after'] as const;

test.each(readers.flatMap(([name, read]) => times.map((when) => [name, when, read] as const)))(
  '%s are each there once when segments are closed, sealed and joined %s the manifest is read',
  async (_, when, read) => {
    const id = await makeStreamRow(project);
    let next = 0;
    const push = async (count: number) => {
      const events = Array.from({ length: count }, () => ({ time: '2026-11-21T09:00:00Z', id: next++ }));
      await lodestar.streams.append(id, batchOf(events), 1);
    };
    const range = (count: number) => Array.from({ length: count }, (__, at) => at);
    for (let frame = 0; frame < 7; frame += 1) await push(2);
    const states = async () =>
      (await lodestar.db.segment.findMany({ where: { streamId: id } })).map(({ state }) => state).toSorted();
    for (const sealing of [false, true]) {
      const acknowledged = next;
      hooks[when] = async () => {
        await push(2);
        if (sealing) await lodestar.streams.sweep();
        await push(3);
        if (sealing) await lodestar.streams.sweep();
      };
      const seen = await read(id);
      expect(hooks[when]).toBeUndefined();
      expect(seen).toEqual(range(seen.length));
      expect(seen.length).toBeGreaterThanOrEqual(acknowledged);
    }
    expect(await states()).toEqual(['open', 'sealed']);
    expect(await read(id)).toEqual(range(next));
  },
);
