import { KernelFailure } from '#kernels/failure.ts';
import { Stop } from '#kernels/stop.ts';
import { toRows } from '#lib/table/text.ts';
import type { Page } from './client.ts';
import { Conversation, type Ordered } from './conversation.ts';
import { toFailure } from './failure.ts';
import { clusterOf } from './head.ts';
import type { Answer, AskOptions, TrinoTarget } from './target.ts';
import { decoder } from './threads.ts';
import { Wire } from './wire.ts';

/** ms */
const usualTimeout = 60_000;

/** One statement of our own to its end, all rows as text. Rejects with KernelFailure. */
export function ask(target: TrinoTarget, sql: string, options: AskOptions = {}): Promise<Answer> {
  return askWith(new Wire(target), sql, { ...options, access: options.access ?? 'read' });
}

export async function askWith(
  wire: Wire,
  sql: string,
  options: Omit<AskOptions, 'access'> & Pick<Ordered, 'access'>,
): Promise<Answer> {
  const { signal = new AbortController().signal, timeout = usualTimeout, access, limit, onStopAt } = options;
  const stop = new Stop({ signal, timeout });
  const order = { access, spooling: false, signal: stop.signal, ...(onStopAt ? { onStopAt } : {}) };
  const conversation = new Conversation(wire, decoder, order);
  try {
    return await gather(conversation.pages(sql), limit ?? Infinity);
  } catch (error) {
    throw stop.reason ? new KernelFailure(stop.error()) : error;
  } finally {
    stop.close();
    void conversation.end();
  }
}

async function gather(pages: AsyncIterable<Page>, limit: number): Promise<Answer> {
  const rows: Answer['rows'] = [];
  let last: Page | null = null;
  let columns: Answer['columns'] = [];
  for await (const page of pages) {
    if (page.head.error) throw new KernelFailure(toFailure(page.head.error));
    last = page;
    columns = page.head.columns ?? columns;
    for (const row of toRows(page.batches)) rows.push(row);
    if (rows.length >= limit) break;
  }
  const { head } = last!;
  return {
    columns: columns.map(({ name, type }) => ({ name, type })),
    rows: rows.slice(0, limit),
    cluster: clusterOf(head),
    updateType: head.updateType ?? null,
    updateCount: head.updateCount ?? null,
  };
}
