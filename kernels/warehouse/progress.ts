import type { DuckDBConnection } from '@duckdb/node-api';
import type { KernelEvent } from '#kernels/kernel.ts';

const everyMs = 250;

/** Tells how far the engine is until it is stopped; calling the stop twice is fine. */
export function reportProgress(connection: DuckDBConnection, tell: (event: KernelEvent) => void): () => void {
  const timer = setInterval(() => {
    const { percentage, rows_processed } = connection.progress;
    if (percentage > 0)
      tell({ type: 'progress', fraction: Math.min(1, percentage / 100), rows: Number(rows_processed) });
  }, everyMs);
  return () => clearInterval(timer);
}
