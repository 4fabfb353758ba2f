import { z } from 'zod';
import { KernelFailure } from '#kernels/failure.ts';
import type { ClusterState } from '#kernels/kernel.ts';
import type { PageHead } from './arrow/page.ts';

/*
 * What the cluster says with each page, checked. Numbers it leaves out are 0; a page that is none of Trino's is refused.
 */

const count = z.number().catch(0);

const Stats = z
  .object({
    state: z.string().catch(''),
    progressPercentage: z.number().nullable().catch(null),
    nodes: count,
    totalSplits: count,
    completedSplits: count,
    cpuTimeMillis: count,
    queuedTimeMillis: count,
    processedRows: count,
    processedBytes: count,
    peakMemoryBytes: count,
  })
  .loose();

export const QueryError = z.object({
  message: z.string().catch(''),
  errorName: z.string().catch(''),
  errorType: z.string().catch(''),
  errorLocation: z.object({ lineNumber: z.number(), columnNumber: z.number() }).nullish().catch(null),
});
export type QueryError = z.infer<typeof QueryError>;

const Column = z.object({ name: z.string(), type: z.string() });

const Head = z.object({
  id: z.string().min(1).max(200),
  infoUri: z.string().catch(''),
  nextUri: z.string().nullish(),
  columns: z.array(Column).nullish(),
  stats: Stats,
  error: QueryError.nullish(),
  warnings: z.array(z.object({ message: z.string() })).catch([]),
  updateType: z.string().nullish().catch(null),
  updateCount: z.number().nullish().catch(null),
  data: z.unknown().optional(),
});
export type Head = z.infer<typeof Head>;

/** Throws KernelFailure for what is no page of Trino. */
export function readHead(head: PageHead | unknown): Head {
  const read = Head.safeParse(head);
  if (read.success) return read.data;
  throw new KernelFailure({
    code: 'lost',
    message: 'The cluster sent a page that is none of Trino’s protocol.',
    hint: "Make the connection's address the coordinator's own, with nothing between that changes answers.",
    detail: read.error.issues
      .map((issue) => `${issue.path.join('.')}: ${issue.message}`)
      .join('; ')
      .slice(0, 500),
  });
}

export function clusterOf({ id, infoUri, stats }: Head): ClusterState {
  return {
    queryId: id,
    link: /^https?:\/\//i.test(infoUri) && URL.canParse(infoUri) ? infoUri : '',
    state: stats.state,
    before: null,
    splits: { done: stats.completedSplits, total: stats.totalSplits },
    nodes: stats.nodes,
    scannedRows: stats.processedRows,
    scannedBytes: stats.processedBytes,
    cpu: stats.cpuTimeMillis,
    queued: stats.queuedTimeMillis,
    peakMemory: stats.peakMemoryBytes,
  };
}

/** 0…1; null as long as the cluster does not know. */
export function fractionOf({ stats }: Head): number | null {
  const percentage = stats.progressPercentage;
  return percentage === null ? null : Math.min(1, Math.max(0, percentage / 100));
}
