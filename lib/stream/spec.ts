import { z } from 'zod';
import { CellName } from '#lib/notebook/cell.ts';
import { StreamSource } from './source.ts';

/*
 * What a stream is: a log of events, numbered from 0 without a gap, whose columns are a contract once the first events
 * have said them. Everything here is pure: what an event is worth (schema.ts), what time it names (time.ts), how a body
 * falls into lines (lines.ts). Where events are kept is lib/server/streams.
 */

/** The engine's type of a column; JSON holds whatever is nested, and what was mixed when the columns were inferred. */
export const ColumnType = z.enum(['BIGINT', 'DOUBLE', 'BOOLEAN', 'VARCHAR', 'TIMESTAMP', 'DATE', 'JSON']);
export type ColumnType = z.infer<typeof ColumnType>;

export const StreamColumn = z.object({ name: z.string().min(1).max(255), type: ColumnType });
export type StreamColumn = z.infer<typeof StreamColumn>;

/** Columns that a stream may have. */
export const mostColumns = 1000;

/** Columns that Lodestar gives to each event: its number in the log, and when it came. */
export const offsetColumn = '_offset';
export const receivedColumn = '_received_at';
export const ownColumns = [
  { name: offsetColumn, type: 'BIGINT' },
  { name: receivedColumn, type: 'TIMESTAMP' },
] as const;

const day = 86_400;

/** What is kept: segments that are older, or beyond so many bytes, are deleted whole. Without either, everything is kept. */
export const Retention = z.object({
  days: z.number().positive().max(36_500).nullable().default(null),
  bytes: z
    .number()
    .int()
    .min(2 ** 20)
    .nullable()
    .default(null),
});
export type Retention = z.infer<typeof Retention>;

/** What may be changed while events come. */
export const StreamSettings = z.object({
  description: z.string().max(2000).default(''),
  retention: Retention.default({ days: null, bytes: null }),
  /** Seconds for which a key is remembered: an event with the same key within it is a duplicate. 0: none are looked for. */
  deduplication: z.number().int().min(0).max(day).default(3600),
  /** Seconds without an event after which the stream counts as idle, and windows no longer wait for it. */
  idle: z.number().int().min(1).max(day).default(60),
  /** Seconds by which an event's time may be ahead of ours; beyond it the sender's clock is taken to be wrong. */
  ahead: z.number().int().min(0).max(day).default(600),
});
export type StreamSettings = z.infer<typeof StreamSettings>;

const Name = z.string().min(1).max(255);

/** What is given to make a stream. Without columns they are inferred from the first events. */
export const StreamSpec = StreamSettings.extend({
  name: CellName,
  /** The column that says when an event happened. */
  eventTime: Name,
  /** The columns that together name an event; none, and no event is taken for a duplicate. */
  key: z
    .union([Name.transform((name) => [name]), z.array(Name).max(16)])
    .default([])
    .refine((names) => new Set(names).size === names.length, 'names a column twice'),
  columns: z.array(StreamColumn).max(mostColumns).optional(),
  /** Where events are fetched from; without one they are pushed. */
  source: StreamSource.optional(),
  /** The password the source signs in with. It is kept sealed and never given back. */
  secret: z.string().min(1).max(10_000).optional(),
}).superRefine((spec, context) => {
  for (const problem of problemsOf(spec)) context.addIssue({ code: 'custom', ...problem });
});
export type StreamSpec = z.infer<typeof StreamSpec>;

interface Problem {
  path: string[];
  message: string;
}

function problemsOf({
  eventTime,
  key,
  columns,
}: {
  eventTime: string;
  key: string[];
  columns?: StreamColumn[] | undefined;
}): Problem[] {
  const problems: Problem[] = [];
  for (const name of [eventTime, ...key, ...(columns ?? []).map((column) => column.name)])
    if (isOwn(name)) problems.push({ path: ['columns'], message: `${name} is a column that Lodestar gives itself` });
  if (!columns) return problems;
  const known = new Map(columns.map(({ name, type }) => [name, type]));
  if (new Set(columns.map(({ name }) => name.toLowerCase())).size < columns.length)
    problems.push({ path: ['columns'], message: 'has a name twice; SQL knows no upper and lower case' });
  if (known.get(eventTime) !== 'TIMESTAMP')
    problems.push({ path: ['columns'], message: `must have ${eventTime} as a TIMESTAMP, as it is the event time` });
  for (const name of key)
    if (!known.has(name)) problems.push({ path: ['key'], message: `${name} is not among the columns` });
  return problems;
}

export function isOwn(name: string): boolean {
  return ownColumns.some((column) => column.name === name.toLowerCase());
}
