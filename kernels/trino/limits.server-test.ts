import { describe, expect, test } from 'vitest';
import { sendJson, type Step } from '#lib/testing/coordinator.ts';
import { columns, coordinator, last, one, patience, run } from '#lib/testing/hostile.ts';
import { makeTarget } from '#lib/testing/trino-target.ts';
import { TrinoKernel } from './kernel.ts';
import type { TrinoRunOptions } from './target.ts';

/* What a run may take, and where it can be stopped. */

describe('limits', () => {
  const flowing: Step = (reply, page) =>
    sendJson(reply, page(true, { columns, data: [[1], [2], [3]], stats: { state: 'RUNNING', processedBytes: 5000 } }));

  test('rows beyond the limit are cut, and the query is ended', async () => {
    const cluster = await coordinator(one, flowing);
    expect((await run(cluster.url, { limit: 4 })).done).toMatchObject({ rows: 4, complete: false });
    expect(cluster.of('DELETE')).toHaveLength(1);
  });

  test('bytes beyond the limit are cut, and the query is ended', async () => {
    const cluster = await coordinator(one, flowing);
    expect((await run(cluster.url, { resultBytes: 600 })).done).toMatchObject({ complete: false });
    expect(cluster.of('DELETE')).toHaveLength(1);
  });

  test('a query that reads too much is refused and ended', async () => {
    const cluster = await coordinator(one, flowing);
    const { error } = await run(cluster.url, { scanBytes: 4096 });
    expect(error).toMatchObject({ code: 'refused' });
    expect(cluster.of('DELETE')).toHaveLength(1);
  });
});

test('where a query can be stopped is told before its rows are given', async () => {
  const cluster = await coordinator(one, one, last());
  const order: string[] = [];
  const kernel = new TrinoKernel(makeTarget({ url: cluster.url }), { patience });
  const options: TrinoRunOptions = {
    signal: new AbortController().signal,
    onStopAt: async (address) => {
      await new Promise((resolve) => setImmediate(resolve));
      order.push(address.includes('/queued/') ? 'queued' : 'executing');
    },
  };
  const code = { name: 'cell', source: 'SELECT a FROM t' };
  for await (const event of kernel.run(code, { parameters: {}, relations: {} }, options)) {
    if (event.type === 'batch') order.push('rows');
  }
  expect(order).toEqual(['queued', 'executing', 'rows']);
});
