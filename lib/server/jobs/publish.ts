import type { Column } from '#kernels/kernel.ts';
import type { Window } from '#lib/job/window.ts';
import { recordPartition } from '#lib/server/warehouse/manifest.ts';
import { ringPublished } from '#lib/server/warehouse/published.ts';
import type { BuiltFile, Warehouse } from '#lib/server/warehouse/warehouse.ts';
import type { Prisma, PrismaClient } from '#prisma/client/client.ts';
import type { LeftOut } from './left-out.ts';
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
  return finish(db, lease, endedAt, async (tx) => {
    const drift = await columnDriftIn(tx, output.datasetId, output.columns);
    await warehouse.publish(tx, toPartition(lease.runId, output, file));
    return { drift, rows: file.rows, bytes: file.bytes };
  });
}

/** What a commit on a cluster left: its rows stand there already. */
export interface Committed {
  datasetId: string;
  window: Window;
  rows: number;
  bytes: number;
  snapshot: bigint | null;
  columns: Column[];
  /** How the columns differ from those before, in words. */
  drift: string | null;
}

/** Writes down what a cluster has committed. Throws LeaseLost when the run was taken away meanwhile. */
export async function recordCommit(
  db: PrismaClient,
  lease: Lease,
  committed: Committed,
  endedAt: Date,
): Promise<'good' | 'warned'> {
  const { window, drift, snapshot, ...made } = committed;
  return finish(db, lease, endedAt, async (tx) => {
    const place = { key: window.start.toISOString(), windowStart: window.start, windowEnd: window.end };
    await recordPartition(tx, { ...made, ...place, runId: lease.runId, file: '', sha256: String(snapshot ?? '') });
    return { drift, rows: made.rows, bytes: made.bytes, snapshot };
  });
}

export interface Written {
  drift: string | null;
  /** Of windowless jobs: what the query fails for. */
  leftOut?: LeftOut | null;
  rows: number;
  bytes: number;
  snapshot?: bigint | null;
  /** Of real-time jobs. */
  through?: bigint;
  eventsIn?: bigint | null;
  late?: bigint | null;
}

/** Checks the lease, writes, and closes the run, as one transaction. What else `write` locks of the job is locked before its run (lock.ts). */
export async function finish(
  db: PrismaClient,
  lease: Lease,
  endedAt: Date,
  write: (tx: Prisma.TransactionClient) => Promise<Written>,
  before: (tx: Prisma.TransactionClient) => Promise<void> = async () => undefined,
): Promise<'good' | 'warned'> {
  const ended = await db.$transaction(
    async (tx) => {
      await before(tx);
      await hold(tx, lease);
      const { drift, leftOut = null, ...written } = await write(tx);
      const warning = leftOut ?? (drift && { code: 'columns-changed', message: drift });
      const state = warning ? 'warned' : 'good';
      const error = warning ? { error: warning } : {};
      await close(tx, lease, { state, endedAt, ...written, ...error });
      return state;
    },
    { timeout: 60_000, maxWait: 60_000 },
  );
  ringPublished();
  return ended;
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

/** How the columns differ from those that stand in the dataset, in words; null when they do not. */
export async function columnDriftIn(
  tx: Prisma.TransactionClient,
  datasetId: string,
  columns: Column[],
): Promise<string | null> {
  const before = await tx.dataset.findUniqueOrThrow({ where: { id: datasetId }, select: { columns: true } });
  return columnDrift(before.columns as unknown as Column[], columns);
}

/** How the columns differ from those published before, in words; null when they do not. */
export function columnDrift(before: Column[], after: Column[]): string | null {
  const text = (column: Column) => `${column.name} ${column.type}`;
  const gone = before.map(text).filter((column) => !after.map(text).includes(column));
  const come = after.map(text).filter((column) => !before.map(text).includes(column));
  if (before.length === 0 || gone.length + come.length === 0) return null;
  return `The columns are not those of the windows before: ${[...gone.map((column) => `− ${column}`), ...come.map((column) => `+ ${column}`)].join(', ')}.`;
}
