import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { takeOver } from '#lib/testing/bench.ts';
import { makeRealTimeJob, push, salesAt, startSales, type Sales } from '#lib/testing/realtime.ts';
import { hourOf } from '#lib/server/jobs/hour.ts';
import type { Workshop } from '#lib/server/warehouse/warehouse.ts';
import type { Bench } from './build.ts';
import { answerPiece, type Known } from './each.ts';

/* What an engine does not get over is no error of a row: nobody can say which one it was but by asking for less. */

let sales: Sales;
let bench: Bench;
beforeAll(async () => {
  sales = await startSales({ realtime: { embedded: false } });
  const jobId = await makeRealTimeJob(sales, { kind: 'windowless' });
  ({ bench } = await takeOver(sales, jobId));
  await push(sales, salesAt([1, 2, 3, 4]));
});
afterAll(() => sales.close());

/** An engine that runs out of memory over one of the events. */
function failingAt(at: number): Bench {
  const { workshop } = bench;
  const each: Workshop['each'] = async (request, others, signal) => {
    const { from, below } = request.sift!;
    if (from > at || below <= at) return workshop.each(request, others, signal);
    return [{ ok: false, error: { code: 'memory', message: 'The query needed more memory than it may use.' } }];
  };
  return { ...bench, workshop: { ...workshop, each } };
}

const hour = hourOf(Date.now());
const answer = (at: number, first: number, known: Known) =>
  answerPiece(failingAt(at), { hour, first, below: 4 }, known);

it('an event that no engine gets over is left out, and those before it are answered', async () => {
  const before = await answer(2, 0, { good: undefined, end: 4 });
  expect(before).toMatchObject({
    good: 1,
    batch: { first: 0, through: 2, events: 2, output: { file: { rows: 2 } }, left: null },
  });
  const { good, batch } = await answer(2, 2, { good: 1, end: 4 });
  expect(good).toBeNull();
  expect(batch).toMatchObject({ first: 2, through: 3, events: 1, output: null });
  expect(batch.left).toMatchObject({
    file: { rows: 1 },
    first: [{ at: 2, message: expect.stringContaining('memory') }],
  });
  expect(batch.left!.columns.map(({ name }) => name)).toContain('_error');
  expect((await readFile(batch.left!.file.path)).length).toBe(batch.left!.file.bytes);
});

it('where it does not get over the one that once went well, none is left out', async () => {
  await expect(answer(2, 2, { good: 2, end: 4 })).rejects.toMatchObject({ failure: { code: 'all-failed' } });
});
