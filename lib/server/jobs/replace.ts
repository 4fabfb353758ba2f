import {
  addColumn,
  commentOf,
  columnsOf,
  compose,
  createStage,
  createTable,
  driftOf,
  driftWords,
  dropTable,
  measureFiles,
  nameOf,
  replaceWindow,
  snapshotBy,
  staged,
  strayRows,
  widenColumn,
  windowColumn,
  type Table,
  type TableColumn,
  type Text,
} from '#lib/job/lake.ts';
import type { Check } from '#lib/job/spec.ts';
import type { Parameters } from '#lib/sql/parameter.ts';
import { formatCount } from '#lib/table/format.ts';
import type { CheckResult } from '#lib/server/warehouse/warehouse.ts';
import { checkOn } from './check.ts';
import { drain, type Cluster } from './cluster.ts';
import { clearBefore } from './earlier.ts';
import { checkFailure, type Failure } from './failure.ts';
import { logQuery } from './request.ts';

/*
 * One attempt at one window of a table on a cluster. The query runs once, into a staging table; the checks read that; then
 * one MERGE from it replaces the window as a single commit, so that what was checked is what is published. Two things keep a late
 * attempt from publishing after a newer one: its staging table, which the newer one took away before it began, and
 * Iceberg's own test of conflicts, which lets only one of two commits to a window through.
 */
export interface Replacement {
  table: Table;
  stage: Table;
  windowStart: Date;
  /** What every statement of this window carries. */
  mark: string;
  /** The window's start, as rows carry it. */
  window: string;
  datasetId: string;
  query: string;
  texts: Text[];
  parameters: Parameters;
  checks: Check[];
  /** Staging tables of attempts that are under way now, this one's included. */
  live(): Promise<ReadonlySet<string>>;
  /** Throws when the run is no longer ours. Asked right before what cannot be taken back. */
  fence(): Promise<void>;
  signal: AbortSignal;
  log(line: string): void;
}

export type Replaced =
  | {
      ok: true;
      rows: number;
      bytes: number;
      /** null when the window was empty and stayed so: nothing was committed. */
      snapshot: bigint | null;
      columns: TableColumn[];
      checks: CheckResult[];
      /** How the columns differ from those before, in words. */
      drift: string | null;
    }
  | { ok: false; failure: Failure };

/**
 * Throws KernelFailure where the cluster fails, and what `fence` throws. The staging table is gone afterwards, if it can be.
 * Where the table is another's, nothing is touched: not what is staged for it either.
 */
export async function replaceOn(cluster: Cluster, asked: Replacement): Promise<Replaced> {
  const comment = await commentIn(cluster, asked);
  if (comment?.includes(asked.datasetId) === false) return refused('target-taken', takenWords(asked.table));
  await clearBefore(cluster, asked);
  try {
    return await stageAndPublish(cluster, asked);
  } finally {
    await cluster
      .ask(dropTable(asked.stage), { access: 'write', timeout: 15_000 })
      .catch(() => asked.log(leftBehind(asked.stage)));
  }
}

async function stageAndPublish(cluster: Cluster, asked: Replacement): Promise<Replaced> {
  const { stage, window, signal, log } = asked;
  const rows = await stageRows(cluster, asked);
  const given = await columnsIn(cluster, stage, signal);
  const stray = given.some(isWindow) ? await numberOf(cluster, strayRows(stage, window), signal) : 0;
  if (stray > 0) return refused('other-window', strayWords(stray, window));
  const output = staged(stage, given, window);
  const checks = await checkOn(cluster, output, asked);
  const failure = checkFailure(checks);
  if (failure) return { ok: false, failure };
  const prepared = await prepareTable(cluster, asked, given);
  if (!prepared.ok) return prepared;
  const { bytes } = await measure(cluster, stage, signal);
  const snapshot = await publish(cluster, asked, given);
  log(`Published ${formatCount(rows, 'row')} to ${wordsOf(asked.table)}${snapshot ? `, snapshot ${snapshot}` : ''}`);
  return { ok: true, rows, bytes, snapshot, columns: prepared.columns, checks, drift: prepared.drift };
}

/** Runs the query into the staging table; gives how many rows it has. */
async function stageRows(cluster: Cluster, asked: Replacement): Promise<number> {
  const { stage, mark, query, texts, parameters, signal, log } = asked;
  const source = createStage(mark, stage, compose(query, texts));
  const code = { name: stage.table, source };
  const started = performance.now();
  const done = await drain(cluster.kernel.run(code, { parameters, relations: {} }, { signal, access: 'write' }));
  const rows = await numberOf(cluster, `SELECT count(*) FROM ${nameOf(stage)}`, signal);
  const seconds = ((performance.now() - started) / 1000).toFixed(2);
  log(`Ran on ${cluster.name}: ${formatCount(rows, 'row')} in ${seconds} s`);
  logQuery(asked, done);
  return rows;
}

type Ready = { ok: true; columns: TableColumn[]; drift: string | null } | { ok: false; failure: Failure };

/** Makes the table where there is none, also while another window of the job does, and gives it the columns it lacks. A table that is not this dataset's own is left alone. */
async function prepareTable(cluster: Cluster, asked: Replacement, given: TableColumn[]): Promise<Ready> {
  const { table, datasetId, signal } = asked;
  const write = (sql: string) => cluster.ask(sql, { access: 'write', signal });
  await asked.fence();
  const present = async () => columnsIn(cluster, table, signal);
  if ((await present()).length === 0)
    await write(createTable(table, given, commentFor(datasetId))).catch(async (error: unknown) => {
      // Two windows at once: Trino's own IF NOT EXISTS looks before it makes, and one of them comes late.
      if ((await present()).length === 0) throw error;
    });
  const comment = await commentIn(cluster, asked);
  if (!comment?.includes(datasetId)) return refused('target-taken', takenWords(table));
  const drift = driftOf(await present(), given);
  if (drift.problem) return refused('columns-changed', drift.problem);
  for (const column of drift.add) await write(addColumn(table, column));
  for (const column of drift.widen) await write(widenColumn(table, column));
  return { ok: true, columns: await present(), drift: driftWords(drift) };
}

/** What the table says of itself, by which it is known as this dataset's own; null when there is none. */
async function commentIn(cluster: Cluster, { table, signal }: Replacement): Promise<string | null> {
  const [found] = (await cluster.ask(commentOf(table), { signal })).rows;
  return found ? (found[0] ?? '') : null;
}

/**
 * The one commit. Once on its way it is given some time after a stop, so that how it ended is mostly known; where it is not,
 * the next attempt replaces the window again.
 */
async function publish(cluster: Cluster, asked: Replacement, given: TableColumn[]): Promise<bigint | null> {
  const { mark, table, stage, window } = asked;
  await asked.fence();
  const late = afterwards(asked.signal, grace);
  const merged = await cluster
    .ask(replaceWindow(mark, table, stage, given, window), {
      access: 'write',
      timeout: publishing,
      signal: late.signal,
    })
    .finally(late.end);
  const found = await cluster.ask(snapshotBy(table, merged.cluster.queryId));
  const snapshot = found.rows[0]?.[0];
  return snapshot ? BigInt(snapshot) : null;
}

/** ms */
const publishing = 1_800_000;
/** ms after a stop that a commit under way may still take. */
const grace = 30_000;

/** A signal that follows another by so many ms. */
function afterwards(signal: AbortSignal, ms: number): { signal: AbortSignal; end(): void } {
  const late = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const start = () => (timer = setTimeout(() => late.abort(signal.reason), ms));
  if (signal.aborted) start();
  else signal.addEventListener('abort', start, { once: true });
  const end = () => {
    clearTimeout(timer);
    signal.removeEventListener('abort', start);
  };
  return { signal: late.signal, end };
}

async function measure(cluster: Cluster, table: Table, signal: AbortSignal): Promise<{ bytes: number }> {
  const { rows } = await cluster.ask(measureFiles(table), { signal });
  return { bytes: Number(rows[0]?.[1] ?? 0) };
}

export async function columnsIn(cluster: Cluster, table: Table, signal: AbortSignal): Promise<TableColumn[]> {
  const { rows } = await cluster.ask(columnsOf(table), { signal });
  return rows.map(([name, type]) => ({ name: String(name), type: String(type) }));
}

async function numberOf(cluster: Cluster, sql: string, signal: AbortSignal): Promise<number> {
  const { rows } = await cluster.ask(sql, { signal });
  return Number(rows[0]?.[0] ?? 0);
}

export function commentFor(datasetId: string): string {
  return `Written by a job of Lodestar, one window at a time (dataset ${datasetId}).`;
}

function isWindow({ name }: TableColumn): boolean {
  return name.toLowerCase() === windowColumn;
}

function refused(code: string, message: string): { ok: false; failure: Failure } {
  return { ok: false, failure: { code, message } };
}

function strayWords(rows: number, window: string): string {
  return `${rows} ${rows === 1 ? 'row says' : 'rows say'} another window_start than ${window}, the window's own. Leave the column out of the query, or give it the window's start.`;
}

function takenWords(table: Table): string {
  return `${wordsOf(table)} is a table that this job did not make, so it is left as it is. Promote the query under another name.`;
}

function wordsOf({ catalog, schema, table }: Table): string {
  return [catalog, schema, table].join('.');
}

function leftBehind(stage: Table): string {
  return `The staging table ${wordsOf(stage)} could not be taken away; the next run does it.`;
}
