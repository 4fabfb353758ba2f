import { z } from 'zod';
import { Evidence } from './evidence.ts';
import { PromotionSpec, WindowSpec } from './spec.ts';

/** What people and scripts are shown of promotions, jobs and runs: the answers of the HTTP surface. */

const Instant = z.iso.datetime();
export const Person = z.object({ id: z.string(), name: z.string() });
export type Person = z.infer<typeof Person>;

export const PromotionState = z.enum(['draft', 'submitted', 'approved', 'rejected', 'void']);
export type PromotionState = z.infer<typeof PromotionState>;

export const PromotionEntry = z.object({
  id: z.string(),
  projectId: z.string(),
  notebookId: z.string(),
  cellId: z.string(),
  target: z.string(),
  version: z.number().int(),
  state: PromotionState,
  /** SHA-256 of the canonical spec, in hex. */
  hash: z.string(),
  note: z.string(),
  createdBy: Person,
  createdAt: Instant,
  submittedAt: Instant.nullable(),
  decidedBy: Person.nullable(),
  decidedAt: Instant.nullable(),
  /** What was said with the decision. */
  decision: z.string().nullable(),
  jobId: z.string().nullable(),
});
export type PromotionEntry = z.infer<typeof PromotionEntry>;

export const ConnectionNames = z.record(z.string(), z.string());
export type ConnectionNames = z.infer<typeof ConnectionNames>;

export const PromotionView = PromotionEntry.extend({
  spec: PromotionSpec,
  evidence: Evidence.nullable(),
  /** Names of the connections the spec names, by id. */
  connections: ConnectionNames,
  /** The approved version this one would replace. */
  before: z.object({ id: z.string(), version: z.number().int(), hash: z.string(), spec: PromotionSpec }).nullable(),
  /** What the asking person may do, and why not. */
  may: z.object({ submit: z.boolean(), decide: z.boolean(), why: z.string() }),
});
export type PromotionView = z.infer<typeof PromotionView>;

export const RunState = z.enum(['queued', 'running', 'good', 'warned', 'failed', 'cancelled']);
export type RunState = z.infer<typeof RunState>;

export const RunView = z.object({
  id: z.string(),
  jobId: z.string(),
  state: RunState,
  windowStart: Instant,
  windowEnd: Instant,
  /** From 1; 0 before the first. */
  attempt: z.number().int(),
  rows: z.number().int().nullable(),
  bytes: z.number().int().nullable(),
  /** Of the Iceberg table, that this run's commit made; as text, which keeps every digit. */
  snapshot: z.string().nullable(),
  error: z.object({ code: z.string(), message: z.string() }).loose().nullable(),
  cause: z.enum(['schedule', 'manual', 'backfill']),
  /** The version of the promotion it ran. */
  version: z.number().int(),
  startedBy: Person.nullable(),
  backfillId: z.string().nullable(),
  queuedAt: Instant,
  startedAt: Instant.nullable(),
  endedAt: Instant.nullable(),
});
export type RunView = z.infer<typeof RunView>;

export const RunDetail = RunView.extend({ lines: z.array(z.object({ at: Instant, text: z.string() })) });
export type RunDetail = z.infer<typeof RunDetail>;

export const JobEntry = z.object({
  id: z.string(),
  projectId: z.string(),
  name: z.string(),
  /** The dataset it writes. */
  target: z.string(),
  datasetId: z.string(),
  kind: z.enum(['offline']),
  state: z.enum(['active', 'paused']),
  owner: Person,
  promotionId: z.string(),
  version: z.number().int(),
  hash: z.string(),
  window: WindowSpec,
  schedule: z.string(),
  timeZone: z.string(),
  createdAt: Instant,
  /** When the schedule comes next; null while paused. */
  nextAt: Instant.nullable(),
  lastRun: RunView.nullable(),
});
export type JobEntry = z.infer<typeof JobEntry>;

/** What stands in one window of the output, or why nothing does. */
export const Coverage = z.object({
  windowStart: Instant,
  windowEnd: Instant,
  state: z.enum(['absent', ...RunState.options]),
  rows: z.number().int().nullable(),
  runId: z.string().nullable(),
});
export type Coverage = z.infer<typeof Coverage>;

export const JobView = JobEntry.extend({
  spec: PromotionSpec,
  connections: ConnectionNames,
  /** The windows that were published or tried, and those between, oldest first; at most a year of days. */
  coverage: z.array(Coverage),
  rights: z.object({ run: z.boolean(), manage: z.boolean() }),
});
export type JobView = z.infer<typeof JobView>;

export const BackfillView = z.object({
  id: z.string(),
  jobId: z.string(),
  from: Instant,
  to: Instant,
  runs: z.array(RunView),
});
export type BackfillView = z.infer<typeof BackfillView>;
