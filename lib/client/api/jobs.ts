import { call, type Answer } from '#lib/client/call.ts';
import type { Rows } from '#lib/client/rows.ts';
import { identifier } from '#lib/sql/quote.ts';
import type { JobView, LiveView, Provisional, RunDetail, RunView } from '#lib/job/view.ts';
import type { Slice } from './datasets.ts';

export function readJob(id: string): Promise<Answer<JobView>> {
  return call('GET', `/api/jobs/${id}`);
}

/** How a real-time job stands in its stream; small enough to be asked for each second. */
export function readLive(id: string): Promise<Answer<LiveView>> {
  return call('GET', `/api/jobs/${id}/live`);
}

/** What the open window would answer now; null where none is open. */
export function readProvisional(id: string): Promise<Answer<Provisional | null>> {
  return call('GET', `/api/jobs/${id}/provisional`);
}

/** What becomes of the dataset of a job that is deleted. */
export type DatasetFate = 'keep' | 'delete';

export function deleteJob(id: string, dataset: DatasetFate): Promise<Answer<void>> {
  return call('DELETE', `/api/jobs/${id}?dataset=${dataset}`);
}

/** The newest first. */
export function listRuns(id: string, limit: number): Promise<Answer<Slice<RunView>>> {
  return call('GET', `/api/jobs/${id}/runs?limit=${limit}`);
}

export function readRun(id: string): Promise<Answer<RunDetail>> {
  return call('GET', `/api/runs/${id}`);
}

/**
 * Sums of a numeric column over the rows of each of the windows, as exact text by the window's start; windows without rows
 * are left out.
 */
export async function windowSums(
  projectId: string,
  { target, column, starts }: { target: string; column: string; starts: readonly string[] },
): Promise<Map<string, string> | null> {
  const times = starts.map((start) => `TIMESTAMP '${new Date(start).toISOString().slice(0, 23).replace('T', ' ')}'`);
  const sql = `SELECT epoch_ms(CAST(window_start AS TIMESTAMP)) AS start, CAST(sum(${identifier(column)}) AS VARCHAR) AS total
FROM ${identifier(target)} WHERE window_start IN (${times.join(', ')}) GROUP BY 1`;
  const answer = await call<Rows>('POST', `/api/projects/${projectId}/query`, { sql, engine: 'warehouse' });
  if (!answer.ok) return null;
  return new Map(
    answer.value.rows.flatMap(([start, total]) =>
      total === null ? [] : [[new Date(Number(start)).toISOString(), String(total)] as const],
    ),
  );
}
