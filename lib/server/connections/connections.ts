import type { Connection } from '#prisma/client/client.ts';
import type { Code, Inputs, Kernel, KernelError } from '#kernels/kernel.ts';
import type { Answer, AskOptions, Trino, TrinoTarget } from '#kernels/server.ts';
import type { Account, ConnectionSettings } from '#lib/connection/settings.ts';
import type { Estimate, Found, NameList, TableDetail, TableList, TestStep } from '#lib/connection/view.ts';
import type { Actor } from '#lib/server/access.ts';

/*
 * Clusters, as the rest of the server sees them: everything that speaks to one goes through here, as a person and for a
 * reason. It owns what exists once a process (agents, turns, running queries, what was kept of answers and catalogues) and
 * what is secret never leaves it. It decides no right in a project: lib/server/data asked before. Its refusals are Problems.
 */
export interface Connections {
  /** Tries a connection that is not kept yet, step by step. What the cluster does wrong is a step, never thrown. */
  test(tried: Tried, signal: AbortSignal): AsyncGenerator<TestStep>;
  /** Whether the cluster lets this account in: one step. */
  signIn(connection: Connection, account: Account, signal: AbortSignal): Promise<TestStep>;
  /** Where queries run and as whom. Throws 422 when the person has no account there, or shares a user with someone. */
  target(person: Person, connection: Connection, about: About): Promise<TrinoTarget>;
  /** Runs in turn, within the connection's limits, known to a later start of this server, and from what was kept. */
  kernel(person: Person, connection: Connection, about: About, use?: KernelUse): Promise<Kernel>;
  /** The same without limits of rows and without anything kept: for jobs, which may write (`access`). */
  jobKernel(person: Person, connection: Connection, about: About): Promise<Trino>;
  /** One statement to its end, in turn and noted. Rejects with KernelFailure. */
  ask(person: Person, connection: Connection, about: About, sql: string, options?: AskOptions): Promise<Answer>;
  /** What is wrong with a text before it runs; null when nothing is. */
  validate(person: Person, connection: Connection, ask: Asking): Promise<KernelError | null>;
  /** What it would read. Rejects with KernelFailure. */
  estimate(person: Person, connection: Connection, ask: Asking): Promise<Estimate>;
  catalogue(person: Person, connection: Connection): Promise<Catalogue>;
  /** Stops what runs on a connection, in this process and left behind by others. */
  stopOn(connectionId: string): Promise<void>;
  /** Stops what earlier processes left behind; tried again by itself until it is gone. */
  recover(): Promise<void>;
  /** Stops all that runs, and waits until the clusters have heard it. */
  close(): Promise<void>;
}

export type Person = Pick<Actor, 'userId' | 'email' | 'name'>;

/** Why a query runs: the cluster's own list names it. */
export type About =
  | { kind: 'notebook'; notebook?: string | undefined; cell?: string | undefined }
  | { kind: 'job'; job: string; run?: string | undefined }
  | { kind: 'catalogue' }
  | { kind: 'test' };

export interface KernelUse {
  /** Past what was kept of earlier answers, which this one replaces. */
  fresh?: boolean;
}

export interface Asking {
  code: Code;
  inputs: Inputs;
  signal: AbortSignal;
}

/** A connection as it would be, with its secrets in the open. */
export interface Tried {
  projectId: string;
  url: string;
  settings: ConnectionSettings;
  /** Of the service account. */
  secret: string | null;
  /** Of the person who tries it, where each has their own. */
  own: Account | null;
  person: Person;
}

export interface Reading {
  /** Asks the cluster though the answer was kept. */
  fresh: boolean;
  signal: AbortSignal;
}

/** What a cluster shows one Trino user. Rejects with KernelFailure. */
export interface Catalogue {
  catalogs(reading: Reading): Promise<NameList>;
  schemas(catalog: string, reading: Reading): Promise<NameList>;
  tables(catalog: string, schema: string, reading: Reading): Promise<TableList>;
  table(catalog: string, schema: string, table: string, reading: Reading): Promise<TableDetail>;
  search(text: string, reading: Reading): Promise<Found>;
}
