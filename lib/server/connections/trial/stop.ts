import { ask, TrinoKernel, type TrinoTarget } from '#kernels/server.ts';
import { KernelFailure } from '#kernels/failure.ts';
import { literal } from '#lib/connection/name.ts';
import { formatDuration } from '#lib/table/format.ts';
import type { Found, Trial } from './trial.ts';

/** A million times a million rows out of nothing: no table is read, and it does not end by itself in time. */
const long = `SELECT count(*) FROM UNNEST(sequence(1, 10000)) AS a (n)
CROSS JOIN UNNEST(sequence(1, 10000)) AS b (n) CROSS JOIN UNNEST(sequence(1, 10000)) AS c (n) WHERE a.n + b.n + c.n < 0`;

/** ms until it must have begun, and until it must be gone. */
const patience = 20_000;
const looks = { most: 40, pause: 100 };

/** Whether a query that is stopped here ends there. */
export async function stopOne(target: TrinoTarget, { signal }: Trial): Promise<Found> {
  const stopping = new AbortController();
  const either = AbortSignal.any([signal, stopping.signal]);
  const options = { signal: either, timeout: patience };
  let queryId = '';
  let stoppedAt = 0;
  for await (const event of new TrinoKernel(target).run({ name: 'stop', source: long }, noInputs, options)) {
    if (event.type === 'failed' && event.error.code !== 'cancelled') throw new KernelFailure(event.error);
    if (event.type !== 'progress' || !event.cluster?.queryId || stoppedAt > 0) continue;
    if (event.cluster.state === 'QUEUED') continue;
    queryId = event.cluster.queryId;
    stoppedAt = performance.now();
    stopping.abort();
  }
  if (queryId === '') return { state: 'failed', found: 'The query that was to be stopped did not begin.' };
  return gone(target, queryId, stoppedAt, signal);
}

const noInputs = { parameters: {}, relations: {} };

async function gone(target: TrinoTarget, queryId: string, since: number, signal: AbortSignal): Promise<Found> {
  const sql = `SELECT state FROM system.runtime.queries WHERE query_id = ${literal(queryId)}`;
  for (let look = 0; look < looks.most; look++) {
    const answer = await ask(target, sql, { signal, timeout: patience }).catch(() => null);
    if (!answer) return { state: 'warned', found: `stopped; ${target.user} may not see whether it is gone` };
    const state = answer.rows[0]?.[0] ?? 'FAILED';
    const took = formatDuration(performance.now() - since);
    if (state === 'FAILED' || state === 'FINISHED')
      return { state: 'good', found: `gone from the cluster after ${took}` };
    await new Promise((resolve) => setTimeout(resolve, looks.pause));
  }
  return { state: 'failed', found: 'A query that was stopped still runs on the cluster.', detail: queryId };
}
