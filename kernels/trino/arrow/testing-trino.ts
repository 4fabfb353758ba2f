import type { RecordBatch } from 'apache-arrow';
import { afterAll } from 'vitest';
import { toRows } from '#lib/table/text.ts';
import { createDecoder } from './decoder.ts';

/* Statements to the Trino of the test run, read by the decoder. */

const decoder = createDecoder();
afterAll(() => decoder.close());

/** The rows of a statement; throws what Trino says against it. */
export async function ask(sql: string) {
  const headers = { 'X-Trino-User': 'test', 'X-Trino-Client-Capabilities': 'PARAMETRIC_DATETIME' };
  const session = decoder.open();
  const batches: RecordBatch[] = [];
  let answer = await fetch(`${process.env['TEST_TRINO_URL']}/v1/statement`, { method: 'POST', body: sql, headers });
  for (;;) {
    const page = await session.decode(new Uint8Array(await answer.arrayBuffer()));
    batches.push(...page.batches);
    if (page.head['error']) throw new Error(`${(page.head['error'] as Error).message}: ${sql.slice(0, 2000)}`);
    if (!page.head['nextUri']) return { schema: session.schema!, batches, texts: toRows(batches) };
    answer = await fetch(page.head['nextUri'] as string, { headers });
  }
}
