import type { Dispatcher } from 'undici';
import type { ClusterState, Code, Column, Inputs, Kernel, KernelError, RunOptions } from '#kernels/kernel.ts';

/*
 * What the Trino room takes and gives. Whoever calls decides who may run what, as whom and where: the room itself only
 * speaks the protocol. All its traffic goes through the dispatcher of the target, which checks addresses and holds the
 * certificate authority; the authorization goes to the target's own origin and nowhere else.
 */

/** Where and as whom queries run; made by the server, never by a page. */
export interface TrinoTarget {
  /** The coordinator, `https://host:8443`; a path before `/v1` is kept. */
  url: string;
  /** undici; checks addresses, holds the certificate authority. */
  dispatcher: Dispatcher;
  /** The value of the Authorization header, sent to this origin only; null where the cluster wants none. */
  authorization: string | null;
  /** X-Trino-User, from the session alone. */
  user: string;
  /** '' for none. */
  catalog: string;
  /** '' for none. */
  schema: string;
  /** Session properties by name. */
  session: Record<string, string>;
  source: string;
  /** No tag holds a comma. */
  clientTags: string[];
  /** Who, which notebook and which cell, as text. */
  clientInfo: string;
  traceToken: string;
}

export interface TrinoRunOptions extends RunOptions {
  /** Bytes of the answer, as it comes over the wire, after which it is cut. */
  resultBytes?: number;
  /** Bytes read from tables after which the query is stopped with `refused`; null or absent: any. */
  scanBytes?: number | null;
  /** 'read' (default): inside a READ ONLY transaction, so that the engine refuses writes; 'write': jobs only. */
  access?: Access;
  /** Whether segments of the spooling protocol are taken where the cluster offers them; true unless told. */
  spooling?: boolean;
  /** Told each time the cluster names where the query can be stopped; rows wait until it has been noted. */
  onStopAt?(address: string): void | Promise<void>;
}

export type Access = 'read' | 'write';

export interface AskOptions {
  signal?: AbortSignal;
  /** ms; 60 s unless told. */
  timeout?: number;
  access?: Access;
  /** Rows after which the answer is cut and the query stopped. */
  limit?: number;
  onStopAt?(address: string): void | Promise<void>;
}

export interface Answer {
  columns: Column[];
  /** Every value as text, as lib/table writes it. */
  rows: (string | null)[][];
  cluster: ClusterState;
  /** `INSERT`, `CREATE TABLE` …; null for what only reads. */
  updateType: string | null;
  /** Rows written, where Trino tells. */
  updateCount: number | null;
}

/** EXPLAIN (TYPE IO, FORMAT JSON), as Trino's own plan says it. Numbers are estimates; null where Trino knows none. */
export interface IoPlan {
  tables: IoTable[];
  /** The table a statement would write; null for what only reads. */
  output: { catalog: string; schema: string; table: string } | null;
  /** Of the whole answer. */
  rows: number | null;
  bytes: number | null;
}

export interface IoTable {
  catalog: string;
  schema: string;
  table: string;
  /** Columns whose values the plan restricts. */
  columns: IoColumn[];
  rows: number | null;
  bytes: number | null;
}

export interface IoColumn {
  name: string;
  type: string;
  /** Whether rows where it is NULL are read. */
  nulls: boolean;
  ranges: { low: IoBound | null; high: IoBound | null }[];
}

export interface IoBound {
  value: string;
  /** Whether the value itself is within. */
  exact: boolean;
}

/*
 * The rest of the room, as the server sees it through kernels/server.ts:
 *
 *   class TrinoKernel implements Kernel { constructor(target: TrinoTarget); run(code, inputs, options: TrinoRunOptions) }
 *   ask(target, sql, options?): Promise<Answer>              rejects with KernelFailure
 *   stopQuery(target, stopAt): Promise<void>                 stops what an address from onStopAt names
 *   validate(target, code, inputs, signal): Promise<KernelError | null>
 *   explainIo(target, code, inputs, signal): Promise<IoPlan> rejects with KernelFailure
 */
export type Ask = (target: TrinoTarget, sql: string, options?: AskOptions) => Promise<Answer>;
export type StopQuery = (target: TrinoTarget, stopAt: string) => Promise<void>;
export type Validate = (
  target: TrinoTarget,
  code: Code,
  inputs: Inputs,
  signal: AbortSignal,
) => Promise<KernelError | null>;
export type ExplainIo = (target: TrinoTarget, code: Code, inputs: Inputs, signal: AbortSignal) => Promise<IoPlan>;

/** The kernel as callers know it; made for one target. */
export interface Trino extends Kernel {
  readonly engine: 'trino';
  run(code: Code, inputs: Inputs, options: TrinoRunOptions): ReturnType<Kernel['run']>;
}
