import { call, type Answer } from './call.ts';

export interface Rows {
  columns: { name: string; type: string }[];
  rows: unknown[][];
  complete: boolean;
  asOf: string;
}

/** The first rows of a dataset. */
export function firstRows(datasetId: string, limit: number, signal: AbortSignal): Promise<Answer<Rows>> {
  return call('GET', `/api/datasets/${datasetId}/rows?limit=${limit}`, undefined, signal);
}

export interface Summary {
  nulls: string;
  distinct: number;
  low: string | null;
  high: string | null;
}

/** DuckDB's own summary of all rows, by column. Reads everything: only for what is small enough to be read at once. */
export async function summarize(
  projectId: string,
  name: string,
  signal: AbortSignal,
): Promise<Record<string, Summary> | null> {
  const sql = `SELECT column_name, null_percentage, approx_unique, min, max FROM (SUMMARIZE SELECT * FROM "${name}")`;
  const answer = await call<Rows>('POST', `/api/projects/${projectId}/query`, { sql, engine: 'warehouse' }, signal);
  if (!answer.ok) return null;
  return Object.fromEntries(answer.value.rows.map((row) => [String(row[0]), toSummary(row)]));
}

function toSummary([, nulls, distinct, low, high]: unknown[]): Summary {
  const text = (value: unknown) => (value === null || value === undefined ? null : String(value));
  return { nulls: `${Number(nulls)} %`, distinct: Number(distinct), low: text(low), high: text(high) };
}
