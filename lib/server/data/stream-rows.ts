import type { KernelEvent } from '#kernels/kernel.ts';
import { offsetColumn, receivedColumn } from '#lib/stream/spec.ts';
import type { Actor } from '#lib/server/access.ts';
import { getLodestar } from '#lib/server/lodestar.ts';
import { Query, runQuery } from './query.ts';
import { demandStream } from './stream-row.ts';
import { offsetSince } from './stream-since.ts';

export interface Last {
  /** What came so many minutes ago or later. */
  minutes: number;
  /** Only events from this number on. */
  from: number;
  limit: number | undefined;
}

/**
 * The events that came in the last minutes, the newest first, so that a limit leaves out the oldest. Reads the log from the
 * first of them on, however long it is.
 */
export async function readLast(
  actor: Actor,
  streamId: string,
  { minutes, from, limit }: Last,
  signal: AbortSignal,
): Promise<AsyncIterable<KernelEvent>> {
  const { projectId, name } = await demandStream(actor, streamId, 'read');
  const { streams, now } = getLodestar();
  const since = now().getTime() - minutes * 60_000;
  const events = await streams.slice(streamId, { from: await offsetSince(streamId, since, from), below: Infinity });
  // Where our clock was set back before a start of ours, events among them may have come before.
  const sql = `SELECT * FROM "${name}"
    WHERE ${receivedColumn} >= TIMESTAMP '${new Date(since).toISOString().replace(/[TZ]/g, ' ').trim()}'
    ORDER BY ${offsetColumn} DESC`;
  const query = Query.parse({ sql, engine: 'warehouse', limit });
  return runQuery(actor, projectId, query, signal, { [name]: events });
}
