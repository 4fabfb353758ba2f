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

/** stream: its time had come by the events; late: published again with events that came late. */
export const RunCause = z.enum(['schedule', 'manual', 'backfill', 'stream', 'late']);
export type RunCause = z.infer<typeof RunCause>;

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
  cause: RunCause,
  /** Of real-time jobs: events that fell into the window, and those that came too late for it so far. */
  eventsIn: z.number().int().nullable(),
  late: z.number().int().nullable(),
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
  kind: z.enum(['offline', 'realtime']),
  /** draining: a real-time job answers what has come so far, and is paused then. */
  state: z.enum(['active', 'paused', 'draining']),
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

export const NoticeView = z.object({
  id: z.string(),
  at: Instant,
  kind: z.enum(['restart', 'drift', 'lost', 'gap', 'stuck', 'version', 'drained', 'failed']),
  text: z.string(),
});
export type NoticeView = z.infer<typeof NoticeView>;

/** How a real-time job stands in its stream. */
export const LiveView = z.object({
  stream: z.object({ id: z.string(), name: z.string() }),
  /** Every event before this number is answered for; `end` is the number of the next event to come. */
  position: z.number().int(),
  end: z.number().int(),
  /** Seconds that the oldest event which is not answered for has waited; 0 when none waits. */
  lag: z.number(),
  watermark: Instant.nullable(),
  /** Windows that have events and are not published yet, oldest first; empty for windowless jobs. */
  open: z.array(z.object({ windowStart: Instant, windowEnd: Instant, events: z.number().int() })),
  /** Over the job's life. */
  eventsIn: z.number().int(),
  rowsOut: z.number().int(),
  late: z.number().int(),
  deadLetters: z.number().int(),
  /** Events and rows a second over the last minute. */
  rateIn: z.number(),
  rateOut: z.number(),
  /** The part of the source that holds the watermark back, when it is one of several. */
  slowest: z.string().nullable(),
  /** Who works on it and since when; null while nobody does. */
  node: z.string().nullable(),
  since: Instant.nullable(),
  trouble: z.object({ code: z.string(), message: z.string() }).loose().nullable(),
  /** A version that takes over at the window that starts then. */
  next: z.object({ version: z.number().int(), from: Instant.nullable() }).nullable(),
  /** Where events stand that are in no answer: late ones that are kept; of a windowless job those that its query fails for. */
  lateDataset: z.object({ id: z.string(), name: z.string() }).nullable(),
  /** The last hour by minutes, oldest first, without those in which nothing happened; `lag` in seconds. */
  minutes: z.array(
    z.object({
      minute: Instant,
      eventsIn: z.number(),
      rowsOut: z.number(),
      late: z.number(),
      corrections: z.number(),
      lag: z.number(),
    }),
  ),
  /** The latest first, at most 50. */
  notices: z.array(NoticeView),
});
export type LiveView = z.infer<typeof LiveView>;

/** What an open window would answer now. Asked for, never stored. */
export const Provisional = z.object({
  windowStart: Instant,
  windowEnd: Instant,
  asOf: Instant,
  watermark: Instant.nullable(),
  events: z.number().int(),
  columns: z.array(z.object({ name: z.string(), type: z.string() })),
  /** Exact text, at most 1,000 rows. */
  rows: z.array(z.array(z.string().nullable())),
  complete: z.boolean(),
});
export type Provisional = z.infer<typeof Provisional>;

export const JobView = JobEntry.extend({
  spec: PromotionSpec,
  /** null for an offline job. */
  live: LiveView.nullable(),
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
