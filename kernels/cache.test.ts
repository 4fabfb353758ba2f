import { tableFromArrays } from 'apache-arrow';
import { beforeEach, describe, expect, test } from 'vitest';
import { withCache, type CacheOptions, type Keeping, type Kept, type ResultStore } from './cache.ts';
import { gather } from './contract.ts';
import type { Code, Kernel, KernelEvent } from './kernel.ts';

const code: Code = { name: 'cell', source: 'SELECT n FROM numbers' };
const asOf = '2026-11-21T10:00:00.000Z';
const rows = tableFromArrays({ n: new Int32Array([1, 2, 3]) });

let clock: Date;
let runs: number;
let store: Shelf;
beforeEach(() => {
  clock = new Date(asOf);
  runs = 0;
  store = new Shelf();
});

/** Keeps answers in memory, at most `most` bytes each. */
class Shelf implements ResultStore {
  kept = new Map<string, { at: Date; parts: Uint8Array[] }>();
  most = Infinity;
  broken = false;

  async find(key: string): Promise<Kept | null> {
    const found = this.kept.get(key);
    return found ? { at: found.at, read: () => this.read(found.parts) } : null;
  }

  async keep(key: string): Promise<Keeping> {
    if (this.broken) throw new Error('The disk is gone.');
    const parts: Uint8Array[] = [];
    const size = () => parts.reduce((sum, part) => sum + part.byteLength, 0);
    return {
      write: async (bytes) => parts.push(bytes) > 0 && size() <= this.most,
      commit: async () => void this.kept.set(key, { at: clock, parts }),
      discard: async () => void parts.splice(0),
    };
  }

  private async *read(parts: Uint8Array[]): AsyncGenerator<Uint8Array> {
    if (this.broken) throw new Error('The file is gone.');
    yield* parts;
  }
}

const good: KernelEvent[] = [
  { type: 'progress', rows: 1 },
  { type: 'schema', schema: rows.schema },
  { type: 'batch', batch: rows.batches[0]! },
  { type: 'done', rows: 3, complete: true, asOf, took: 5, warnings: ['slow'] },
];

function engine(events: KernelEvent[]): Kernel {
  return {
    engine: 'trino',
    reads: () => Promise.resolve([]),
    async *run() {
      runs++;
      yield* events;
    },
    close: () => Promise.resolve(),
  };
}

const cached = (more: Partial<CacheOptions> = {}, events = good) =>
  withCache(engine(events), {
    store,
    key: (code) => Promise.resolve(code.source),
    maxAge: 600,
    now: () => clock,
    ...more,
  });

const run = (kernel: Kernel, source = code.source) =>
  gather(kernel, { ...code, source }, { parameters: {}, relations: {} });

describe('a kernel that keeps answers', () => {
  test('gives the same rows again without a run, and says since when and as of when', async () => {
    const first = await run(cached());
    clock = new Date('2026-11-21T10:05:00Z');
    const second = await run(cached());
    expect(runs).toBe(1);
    expect(first.done!.cachedAt).toBeUndefined();
    expect(second.rows).toEqual(first.rows);
    expect(second.done).toEqual({ ...first.done!, cachedAt: asOf });
    expect(second.events.map((event) => event.type)).toEqual(['schema', 'batch', 'done']);
  });

  test('runs when the answer is too old, or none may be given', async () => {
    await run(cached());
    clock = new Date('2026-11-21T10:10:01Z');
    await run(cached());
    await run(cached({ maxAge: 0 }));
    expect(runs).toBe(3);
  });

  test('runs when it must be fresh, and keeps that answer instead', async () => {
    await run(cached());
    clock = new Date('2026-11-21T10:01:00Z');
    expect((await run(cached({ fresh: true }))).done!.cachedAt).toBeUndefined();
    expect((await run(cached())).done!.cachedAt).toBe('2026-11-21T10:01:00.000Z');
    expect(runs).toBe(2);
  });

  test('runs for another key, and always where there is none', async () => {
    await run(cached());
    await run(cached(), 'SELECT 2');
    const keyless = { key: () => Promise.resolve(null) };
    await run(cached(keyless));
    await run(cached(keyless));
    expect(runs).toBe(4);
  });

  test('keeps no failure', async () => {
    const failing: KernelEvent[] = [
      ...good.slice(0, 3),
      { type: 'failed', error: { code: 'runtime', message: 'Broke.' } },
    ];
    expect((await run(cached({}, failing))).error!.message).toBe('Broke.');
    expect(store.kept.size).toBe(0);
  });

  test('keeps nothing of a reader who left', async () => {
    const kernel = cached();
    for await (const event of kernel.run(code, { parameters: {}, relations: {} }, never())) {
      if (event.type === 'batch') break;
    }
    expect(store.kept.size).toBe(0);
  });

  test('keeps what its limit cut, and still says so', async () => {
    const cut: KernelEvent[] = [...good.slice(0, 3), { type: 'done', rows: 3, complete: false, asOf, took: 5 }];
    await run(cached({}, cut));
    expect((await run(cached({}, cut))).done).toMatchObject({ complete: false, cachedAt: asOf });
    expect(runs).toBe(1);
  });

  test('keeps no answer that is too much, and gives all of it', async () => {
    store.most = 10;
    expect((await run(cached())).rows).toHaveLength(3);
    expect(store.kept.size).toBe(0);
  });

  test('runs when nothing can be kept or read', async () => {
    await run(cached());
    store.broken = true;
    expect((await run(cached())).rows).toHaveLength(3);
    expect((await run(cached({ key: () => Promise.reject(new Error('no relation')) }))).rows).toHaveLength(3);
    expect(runs).toBe(3);
  });

  test('stops giving when it is stopped', async () => {
    await run(cached());
    const events = [];
    const given = cached().run(code, { parameters: {}, relations: {} }, { signal: AbortSignal.abort() });
    for await (const event of given) events.push(event);
    expect(events).toMatchObject([{ type: 'failed', error: { code: 'cancelled' } }]);
  });
});

const never = () => ({ signal: new AbortController().signal });
