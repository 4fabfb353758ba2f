import type { Column } from '#kernels/kernel.ts';
import type { Window } from '#lib/job/window.ts';
import type { BuiltFile, Warehouse } from '#lib/server/warehouse/warehouse.ts';
import type { PrismaClient } from '#prisma/client/client.ts';
import { close, hold, type Lease } from './lease.ts';

/*
 * The one moment at which a run's output comes to be: a single transaction that checks the lease, swaps the window's
 * entry in the manifest and closes the run. Before it nothing can be seen; after it all of it; a crash leaves one or the other.
 */
export interface Output {
  datasetId: string;
  window: Window;
  file: BuiltFile;
  columns: Column[];
}

/** Throws LeaseLost when the run was taken away meanwhile; then nothing was published. */
export async function publish(
  db: PrismaClient,
  warehouse: Warehouse,
  lease: Lease,
  output: Output,
  endedAt: Date,
): Promise<'good' | 'warned'> {
  const file = await warehouse.settle(output.file);
  return db.$transaction(
    async (tx) => {
      await hold(tx, lease);
      const before = await tx.dataset.findUniqueOrThrow({ where: { id: output.datasetId } });
      const drift = columnDrift(before.columns as unknown as Column[], output.columns);
      await warehouse.publish(tx, toPartition(lease.runId, output, file));
      const state = drift ? 'warned' : 'good';
      await close(tx, lease, {
        state,
        endedAt,
        rows: file.rows,
        bytes: file.bytes,
        ...(drift ? { error: { code: 'columns-changed', message: drift } } : {}),
      });
      return state;
    },
    { timeout: 60_000, maxWait: 60_000 },
  );
}

function toPartition(runId: string, { datasetId, window, columns }: Output, file: BuiltFile) {
  return {
    datasetId,
    key: window.start.toISOString(),
    file,
    columns,
    windowStart: window.start,
    windowEnd: window.end,
    runId,
  };
}

/** How the columns differ from those published before, in words; null when they do not. */
function columnDrift(before: Column[], after: Column[]): string | null {
  const text = (column: Column) => `${column.name} ${column.type}`;
  const gone = before.map(text).filter((column) => !after.map(text).includes(column));
  const come = after.map(text).filter((column) => !before.map(text).includes(column));
  if (before.length === 0 || gone.length + come.length === 0) return null;
  return `The columns are not those of the windows before: ${[...gone.map((column) => `− ${column}`), ...come.map((column) => `+ ${column}`)].join(', ')}.`;
}
