import { readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { readFile, mkdtemp } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Actor } from '#lib/server/access.ts';
import { putDataset } from '#lib/server/data/dataset.ts';
import { startLodestar, type TestLodestar } from '#lib/testing/lodestar.ts';
import { makeActor, makeProject } from '#lib/testing/people.ts';
import { createWarehouse } from './create.ts';
import { uploadLimits, type Upload } from './upload.ts';

/* SECURITY 21, and the 200 MB file of the issue: big bodies pass through without growing this process. */

let lodestar: TestLodestar;
let owner: Actor;
let project: string;

beforeAll(async () => {
  lodestar = await startLodestar({ warehouse: (world) => createWarehouse(world) });
  owner = await makeActor();
  project = (await makeProject(owner)).id;
});
afterAll(() => lodestar.close());

const mebibyte = 2 ** 20;

/** A CSV of so many bytes, made as it is read. */
function csvOf(bytes: number): ReadableStream<Uint8Array> {
  const line = `${'x'.repeat(40)},1234567,2026-11-21,0.25\n`;
  const part = new TextEncoder().encode(line.repeat(16_384));
  let left = bytes;
  return new ReadableStream({
    start: (controller) => controller.enqueue(new TextEncoder().encode('word,n,day,share\n')),
    pull(controller) {
      if (left <= 0) return controller.close();
      controller.enqueue(part.slice());
      left -= part.byteLength;
    },
  });
}

function put(name: string, body: ReadableStream<Uint8Array> | null, more: Partial<Upload> = {}) {
  const signal = new AbortController().signal;
  return putDataset(owner, project, name, { format: 'csv', body, length: null, signal, ...more });
}

async function staged(): Promise<string[]> {
  return readdir(join(lodestar.config.DATA_DIR, 'warehouse', 'staging'));
}

async function isAbsent(name: string): Promise<boolean> {
  return (await lodestar.db.dataset.count({ where: { projectId: project, name } })) === 0;
}

describe('a 200 MB file', () => {
  test('becomes a dataset, and this process does not grow with it', async () => {
    let highest = 0;
    const before = process.memoryUsage().rss;
    const timer = setInterval(() => (highest = Math.max(highest, process.memoryUsage().rss)), 50);
    const made = await put('big', csvOf(200 * mebibyte));
    clearInterval(timer);
    expect(made.rows).toBeGreaterThan(3_000_000);
    expect(highest - before).toBeLessThan(120 * mebibyte);
    expect(await staged()).toEqual([]);
  }, 120_000);

  test('over the limit is 413, whether the sender says so or not, and leaves nothing', async () => {
    const limits = { ...uploadLimits, bytes: 8 * mebibyte };
    await expect(put('over', csvOf(16 * mebibyte), { limits })).rejects.toMatchObject({
      status: 413,
      code: 'too-large',
    });
    const said = put('over', csvOf(mebibyte), { limits, length: 9 * mebibyte });
    await expect(said).rejects.toMatchObject({ status: 413 });
    expect(await staged()).toEqual([]);
    expect(await isAbsent('over')).toBe(true);
  });

  test('a sender who leaves half-way leaves nothing', async () => {
    const stop = new AbortController();
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        controller.enqueue(new TextEncoder().encode('a,b\n1,2\n'));
        return new Promise((resolve) => setImmediate(resolve));
      },
    });
    const sending = put('half', endless, { signal: stop.signal });
    setTimeout(() => stop.abort(), 50);
    await expect(sending).rejects.toThrow();
    expect(await staged()).toEqual([]);
    expect(await isAbsent('half')).toBe(true);
  });
});

describe('bombs', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'lodestar-bomb-'));
  });
  afterAll(() => rm(directory, { recursive: true }));

  async function bomb(sql: string): Promise<ReadableStream<Uint8Array>> {
    const path = join(directory, 'bomb.parquet');
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    await connection.run(`COPY (${sql}) TO '${path}' (FORMAT parquet, COMPRESSION zstd)`);
    return new Blob([await readFile(path)]).stream();
  }

  test('a small Parquet file with very many rows is refused before it is unpacked', async () => {
    const body = await bomb('SELECT 1 AS n FROM range(3000000)');
    const limits = { ...uploadLimits, rows: 1_000_000 };
    await expect(put('rows', body, { format: 'parquet', limits })).rejects.toMatchObject({ code: 'file-refused' });
    expect(await isAbsent('rows')).toBe(true);
  });

  test('a small Parquet file that unpacks to very much is refused', async () => {
    const body = await bomb(`SELECT repeat('x', 1000) || range AS t FROM range(20000)`);
    const limits = { ...uploadLimits, unpacked: 4 * mebibyte };
    await expect(put('wide', body, { format: 'parquet', limits })).rejects.toMatchObject({ code: 'file-refused' });
    expect(await staged()).toEqual([]);
  });

  test('types that only later rows show are found by reading all', async () => {
    const text = `n\n${'1\n'.repeat(50_000)}one and a half\n`;
    const made = await put('late', new Blob([text]).stream());
    expect(made).toMatchObject({ rows: 50_001, columns: [{ name: 'n', type: 'VARCHAR' }] });
  });
});
