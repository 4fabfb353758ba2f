import { z } from 'zod';

/*
 * What decides how a Trino cluster is reached, but for its secret. The same text is what an admin of a project gives, what
 * is kept, and what a browser may see.
 */

/** A name of Trino: a catalog, a schema, a session property. */
const Name = z.string().max(128);

/** An account or user on a cluster. It goes into headers, and a colon would end it in one of them. */
const User = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^\p{Cc}:]+$/u, 'may hold no colon and no control character');

/** Trino users by e-mail, for people whose user is another than the rule gives. */
const Exceptions = z.record(z.string().max(320), User).default({});

/**
 * Whose name a query carries. `service`: one account signs in and Trino lets it act as the person (impersonation);
 * `person`: each person gives their own account, kept sealed; `none`: no password, the cluster believes the name.
 */
export const Identity = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('service'),
    account: User,
    /** How a person's e-mail becomes a Trino user. */
    becomes: z.enum(['email', 'local-part']),
    exceptions: Exceptions,
  }),
  z.object({ kind: z.literal('person') }),
  z.object({
    kind: z.literal('none'),
    becomes: z.enum(['email', 'local-part']),
    exceptions: Exceptions,
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
  /** PEM of the authority that signed the cluster's certificate, trusted beside those this server trusts anyway; '' for none. */
  authority: z.string().max(100_000).default(''),
  identity: Identity,
  limits: ConnectionLimits.prefault({}),
  /** Where jobs may write: `catalog.schema`, or '' for nowhere. */
  writes: z.string().max(260).default(''),
});
export type ConnectionSettings = z.infer<typeof ConnectionSettings>;

/** The schema in which jobs may write; null for nowhere. */
export function writesIn({ writes }: Pick<ConnectionSettings, 'writes'>): { catalog: string; schema: string } | null {
  const [catalog, schema, ...more] = writes.split('.');
  return catalog && schema && more.length === 0 ? { catalog, schema } : null;
}

/** A name people see on cells and results. */
export const ConnectionName = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,62}$/, 'small letters, digits and _, beginning with a letter');

/** `https://host:8443`: an origin and nothing else, so that no account hides in it and no path is guessed. */
const Address = z
  .url({ protocol: /^https?$/, error: 'must be an http or https address' })
  .max(500)
  .refine(isOrigin, 'must be an address like https://trino.example.net:8443, without account, path or query');

/** An account on the cluster with its password. */
export const Account = z.object({ account: User, secret: z.string().min(1).max(4000) });
export type Account = z.infer<typeof Account>;

/** What is given to make or change a connection. */
export const ConnectionInput = z.object({
  name: ConnectionName,
  url: Address,
  settings: ConnectionSettings,
  /** The service account's password. Absent on a change: the one that is kept, if address, authority and account stay. */
  secret: z.string().min(1).max(4000).nullable().optional(),
  /** Where each person has their own account: the asker's, to try it with; kept as theirs. Absent on a change: the kept one. */
  own: Account.optional(),
});
export type ConnectionInput = z.infer<typeof ConnectionInput>;

function isOrigin(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { username, password, pathname, search, hash } = new URL(address);
  return [username, password, search, hash].every((part) => part === '') && pathname === '/';
}
