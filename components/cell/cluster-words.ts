import { count } from '#components/parts/words.ts';
import type { ClusterState } from '#kernels/kernel.ts';
import type { Estimate } from '#lib/connection/view.ts';
import { aboutRows, bytesWords, leftWords, listed } from './words.ts';

/** What a strip says of a running query: a label and its number, with what is less sure beside it. */
export interface Said {
  label: string;
  value: string;
  /** Muted, after the number: `of 664`. */
  rest?: string;
}

/** How far a query is, in the order in which it matters. `expected`: bytes by the plan; null where it is not known. */
export function progressWords(
  cluster: ClusterState,
  { elapsed, fraction, expected }: { elapsed: number; fraction: number | undefined; expected: number | null },
): Said[] {
  if (cluster.state === 'WAITING')
    return [{ label: 'Waiting', value: cluster.before === null ? 'for a place' : beforeWords(cluster.before) }];
  if (cluster.state === 'QUEUED')
    return [{ label: 'Queued', value: `${secondsOf(cluster.queued)} s`, rest: 'on the cluster' }];
  const left = leftWords(elapsed, fraction);
  const { splits, scannedRows, scannedBytes } = cluster;
  const isLess = expected !== null && expected > scannedBytes;
  const rest = isLess ? { rest: `of about ${bytesWords(expected)}` } : {};
  const read: Said = { label: 'Read', value: bytesWords(scannedBytes), ...rest };
  return [
    { label: 'Splits', value: String(splits.done), rest: `of ${splits.total}` },
    { label: 'Rows read', value: aboutRows(scannedRows) },
    ...(scannedBytes > 0 || expected !== null ? [read] : []),
    ...(left ? [{ label: 'Left', value: left }] : []),
  ];
}

function beforeWords(before: number): string {
  return before === 0 ? 'you are next' : `${before} before you`;
}

function secondsOf(milliseconds: number): string {
  return milliseconds < 9_950 ? (milliseconds / 1000).toFixed(1) : String(Math.round(milliseconds / 1000));
}

/** How far it is: by splits, else by bytes of the plan; undefined where the whole is not known. */
export function fractionOf({ splits, scannedBytes, state }: ClusterState, expected: number | null): number | undefined {
  if (state === 'WAITING' || state === 'QUEUED' || state === 'PLANNING') return undefined;
  if (splits.total > 0) return Math.min(1, splits.done / splits.total);
  return expected ? Math.min(1, scannedBytes / expected) : undefined;
}

/** `reads about 29.3 GB, 93.2 M rows of shop.access and shop.purchase`. */
export function estimateWords(estimate: Estimate): string {
  const { tables, rows, bytes } = estimate;
  if (tables.length === 0) return 'reads no table';
  const amounts = [bytes === null ? '' : bytesWords(bytes), rows === null ? '' : `${aboutRows(rows)} rows`].filter(
    Boolean,
  );
  const names = tables.map((table) => `${table.schema}.${table.name}`);
  const of = names.length > 4 ? count(names.length, 'table') : listed(names);
  return amounts.length > 0 ? `reads about ${amounts.join(', ')} of ${of}` : `reads ${of}; how much is not known`;
}

/** Whether the cluster said what it read: of a query that was cut short it may not. */
export function isCounted({ scannedBytes, scannedRows }: ClusterState): boolean {
  return scannedBytes > 0 || scannedRows > 0;
}

/** What was read, in bytes; in rows where the cluster counts no bytes, as for tables that are made up as they are read. */
export function readWords({ scannedBytes, scannedRows }: ClusterState): string {
  if (scannedBytes > 0) return bytesWords(scannedBytes);
  return `${aboutRows(scannedRows)} ${scannedRows === 1 ? 'row' : 'rows'}`;
}

/** `7 min old`, `12 s old`. */
export function ageWords(from: string, now: number): string {
  const seconds = Math.max(0, Math.round((now - Date.parse(from)) / 1000));
  if (seconds < 90) return `${seconds} s old`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min old` : `${Math.round(minutes / 60)} h old`;
}
