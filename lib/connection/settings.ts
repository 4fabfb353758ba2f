import { z } from 'zod';

/*
 * What decides how a Trino cluster is reached, but for its secret. The same text is what an admin of a project gives, what
 * is kept, and what a browser may see.
 */

/** A name of Trino: a catalog, a schema, a session property. */
const Name = z.string().max(128);

/**
 * Whose name a query carries. `service`: one account signs in and Trino lets it act as the person (impersonation);
 * `person`: each person gives their own account, kept sealed; `none`: no password, the cluster believes the name.
 */
export const Identity = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('service'),
    account: z.string().min(1).max(200),
    /** How a person's e-mail becomes a Trino user. */
    becomes: z.enum(['email', 'local-part']),
    /** By e-mail, for people whose Trino user is another. */
    exceptions: z.record(z.string().max(320), z.string().min(1).max(200)).default({}),
  }),
  z.object({ kind: z.literal('person') }),
  z.object({
    kind: z.literal('none'),
    becomes: z.enum(['email', 'local-part']),
    exceptions: z.record(z.string().max(320), z.string().min(1).max(200)).default({}),
  }),
]);
export type Identity = z.infer<typeof Identity>;

export const ConnectionLimits = z.object({
  /** Rows after which an answer is cut. */
  rows: z.number().int().min(1).max(100_000_000).default(100_000),
  /** Bytes of an answer after which it is cut. */
  resultBytes: z
    .number()
    .int()
    .min(1)
    .default(256 * 2 ** 20),
  /** Bytes a query may read by its estimate and as it runs; null: any. */
  scanBytes: z.number().int().min(1).nullable().default(null),
  /** Seconds. */
  time: z.number().int().min(1).max(86_400).default(600),
  /** Queries of one person at a time, and of all together. */
  perPerson: z.number().int().min(1).max(100).default(3),
  together: z.number().int().min(1).max(1000).default(20),
  /** Seconds an answer may be given again to the same person for the same text; 0: never. */
  cache: z.number().int().min(0).max(86_400).default(600),
});
export type ConnectionLimits = z.infer<typeof ConnectionLimits>;

export const ConnectionSettings = z.object({
  catalog: Name.default(''),
  schema: Name.default(''),
  session: z
    .record(Name.regex(/^[a-z][a-z0-9_.]*$/i, 'a session property, like query_max_run_time'), z.string().max(1000))
    .default({}),
  /** PEM of the authority that signed the cluster's certificate; '' for those this server trusts anyway. */
  authority: z.string().max(100_000).default(''),
  identity: Identity,
  limits: ConnectionLimits.prefault({}),
  /** Where jobs may write: `catalog.schema`, or '' for nowhere. */
  writes: z.string().max(260).default(''),
});
export type ConnectionSettings = z.infer<typeof ConnectionSettings>;

/** A name people see on cells and results. */
export const ConnectionName = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,62}$/, 'small letters, digits and _, beginning with a letter');

/** What is given to make or change a connection. `secret` absent on a change: the one that is kept. */
export const ConnectionInput = z.object({
  name: ConnectionName,
  url: z.url({ protocol: /^https?$/, error: 'must be an http or https address' }).max(500),
  settings: ConnectionSettings,
  secret: z.string().min(1).max(4000).nullable().optional(),
});
export type ConnectionInput = z.infer<typeof ConnectionInput>;
