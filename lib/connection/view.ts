import { z } from 'zod';
import { ConnectionSettings } from './settings.ts';

/** What people see of connections and of what a cluster holds. Nothing secret is in it. */

/** One thing that was tried of a connection. */
export const TestStep = z.object({
  /** address, tls, sign-in, version, query, people, catalogs, write, segments, stop */
  step: z.string(),
  state: z.enum(['good', 'warned', 'failed', 'skipped']),
  /** What was found, in words. */
  found: z.string(),
  /** The cluster's own words, where they help; '' otherwise. */
  detail: z.string(),
  /** A rule to add on the cluster's side, ready to copy; '' when none is needed. */
  rule: z.string(),
  /** Milliseconds. */
  took: z.number(),
});
export type TestStep = z.infer<typeof TestStep>;

export const Tested = z.object({ at: z.iso.datetime(), good: z.boolean(), steps: z.array(TestStep) });
export type Tested = z.infer<typeof Tested>;

export const ConnectionView = z.object({
  id: z.string(),
  projectId: z.string(),
  name: z.string(),
  url: z.string(),
  settings: ConnectionSettings,
  hasSecret: z.boolean(),
  version: z.number().int(),
  tested: Tested.nullable(),
  /** Whom queries of the asking person run as; '' when they have no account there yet. */
  user: z.string(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
export type ConnectionView = z.infer<typeof ConnectionView>;

/** As cells and lists need it. */
export const ConnectionEntry = z.object({
  id: z.string(),
  name: z.string(),
  catalog: z.string(),
  schema: z.string(),
  /** Where jobs may write; '' for nowhere. */
  writes: z.string(),
  /** False when the asking person must give an account first. */
  ready: z.boolean(),
});
export type ConnectionEntry = z.infer<typeof ConnectionEntry>;

export const CatalogueColumn = z.object({ name: z.string(), type: z.string(), comment: z.string() });
export type CatalogueColumn = z.infer<typeof CatalogueColumn>;

export const CatalogueTable = z.object({ catalog: z.string(), schema: z.string(), name: z.string() });
export type CatalogueTable = z.infer<typeof CatalogueTable>;

/** What a cluster knows of one table. */
export const TableDetail = CatalogueTable.extend({
  comment: z.string(),
  columns: z.array(CatalogueColumn),
  /** Columns or transforms by which it is cut, as Trino writes them: `day(paid_at)`. */
  partitioning: z.array(z.string()),
  /** null where the cluster does not know. */
  rows: z.number().nullable(),
  bytes: z.number().nullable(),
  files: z.number().int().nullable(),
  snapshotAt: z.iso.datetime().nullable(),
  /** By column: share of NULL (0…1), distinct values, smallest and largest as text. */
  statistics: z.array(
    z.object({
      column: z.string(),
      nulls: z.number().nullable(),
      distinct: z.number().nullable(),
      low: z.string().nullable(),
      high: z.string().nullable(),
    }),
  ),
  readAt: z.iso.datetime(),
});
export type TableDetail = z.infer<typeof TableDetail>;

/** A list of names with the instant at which the cluster was asked. */
export const NameList = z.object({ items: z.array(z.string()), readAt: z.iso.datetime() });
export type NameList = z.infer<typeof NameList>;

export const TableList = z.object({ items: z.array(CatalogueTable), readAt: z.iso.datetime() });
export type TableList = z.infer<typeof TableList>;

/** Tables whose catalog, schema or name holds what was looked for, nearest first. */
export const Found = z.object({
  items: z.array(CatalogueTable),
  /** How many match, and how many tables were looked through. */
  matches: z.number().int(),
  total: z.number().int(),
  /** Catalogs that could not be read, with the cluster's own words: they are left out, not the others. */
  missing: z.array(z.object({ catalog: z.string(), why: z.string() })),
  /** Catalogs that hold more tables than are looked through: there may be matches beyond. */
  cut: z.array(z.string()),
  /** The oldest list that was looked through. */
  readAt: z.iso.datetime(),
});
export type Found = z.infer<typeof Found>;

/** The account under which the asking person signs in to a cluster; the password is never told. */
export const CredentialView = z.object({ account: z.string(), updatedAt: z.iso.datetime() });
export type CredentialView = z.infer<typeof CredentialView>;

export const Hint = z.object({
  code: z.enum(['select-star', 'no-partition', 'cross-join', 'unlimited']),
  message: z.string(),
  /** What to do. */
  act: z.string(),
});
export type Hint = z.infer<typeof Hint>;

/** What a query would read, by the cluster's own plan. */
export const Estimate = z.object({
  tables: z.array(
    CatalogueTable.extend({
      columns: z.array(z.string()),
      rows: z.number().nullable(),
      bytes: z.number().nullable(),
    }),
  ),
  rows: z.number().nullable(),
  bytes: z.number().nullable(),
  hints: z.array(Hint),
});
export type Estimate = z.infer<typeof Estimate>;
