import type { KernelEvent } from '#kernels/kernel.ts';
import { offsetColumn, receivedColumn } from '#lib/stream/spec.ts';
import type { Actor } from '#lib/server/access.ts';
import { getLodestar } from '#lib/server/lodestar.ts';
import { Query, runQuery } from './query.ts';
import { demandStream } from './stream-row.ts';

export interface Last {
  /** What came so many minutes ago or later. */
  minutes: number;
  /** Only events from this number on. */
  from: number;
  limit: number | undefined;
}

/** The events that came in the last minutes, the newest first, so that a limit leaves out the oldest. */
export async function readLast(
  actor: Actor,
  streamId: string,
  { minutes, from, limit }: Last,
  signal: AbortSignal,
): Promise<AsyncIterable<KernelEvent>> {
  const { projectId, name } = await demandStream(actor, streamId, 'read');
  const since = new Date(getLodestar().now().getTime() - minutes * 60_000).toISOString().replace(/[TZ]/g, ' ').trim();
  const sql = `SELECT * FROM "${name}"
    WHERE ${receivedColumn} >= TIMESTAMP '${since}' AND ${offsetColumn} >= ${from}
    ORDER BY ${offsetColumn} DESC`;
  return runQuery(actor, projectId, Query.parse({ sql, engine: 'warehouse', limit }), signal);
}
