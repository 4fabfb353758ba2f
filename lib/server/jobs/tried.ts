import { rm } from 'node:fs/promises';
import type { Trial } from '#lib/job/evidence.ts';
import { compose, windowColumn } from '#lib/job/lake.ts';
import type { Step } from '#lib/job/spec.ts';
import { columnsOf } from '#lib/table/column.ts';
import { toRows } from '#lib/table/text.ts';
import { identifier, textLiteral } from '#lib/sql/quote.ts';
import type { Lodestar } from '#lib/server/lodestar.ts';
import type { Build, Built, CheckResult, Left, Preview, Sifted } from '#lib/server/warehouse/warehouse.ts';
import { checkOn } from './check.ts';
import { clusterFor, drain, type Cluster } from './cluster.ts';
import { ofKernel, type Failure } from './failure.ts';
import { readingOf, textsBefore, type Reading } from './reading.ts';
import { addScanned, queriesOf, toBuild, type Scanned } from './request.ts';
import { parametersOf, windowText, type Work } from './work.ts';

/** What one window would be, with nothing published: the first rows as exact text, how many there are, what the checks say. */
export type Tried =
  | {
      ok: true;
      rows: Rows | null;
      count: number;
      /** null where no file was made. */
      bytes: number | null;
      /** Milliseconds. */
      took: number;
      scanned: Scanned | null;
      checks: CheckResult[];
      /** Of a windowless job: events that the query fails for by themselves, in words; null where there is none. */
      failing: string | null;
    }
  | { ok: false; failure: Failure };

export type Rows = NonNullable<Trial['preview']>;

type World = Pick<Lodestar, 'db' | 'warehouse' | 'connections' | 'streams'>;

/** In the warehouse: the very build of a run. Its file goes. */
export async function tryHere(world: World, work: Work, preview: number): Promise<Tried> {
  const { build, scanned, remove } = await toBuild(world, work);
  try {
    const built = await world.warehouse.build({ ...build, preview }, work.signal);
    if (!built.ok) return { ok: false, failure: ofKernel(built.error) };
    const { file, took, checks, sifted } = built;
    for (const each of [file, sifted?.left?.file]) if (each) await rm(each.path, { force: true });
    if (sifted && sifted.good === null) return { ok: false, failure: allFailed(sifted) };
    const rows = built.preview && unstamped(built.preview, build, built);
    const failing = sifted?.left ? failingWords(sifted.left, work) : null;
    return { ok: true, rows, count: file.rows, bytes: file.bytes, took, scanned, checks, failing };
  } finally {
    await remove();
  }
}

function allFailed({ left }: Sifted): Failure {
  const message = left?.first[0]?.message ?? 'none of them was answered';
  return { code: 'all-failed', message: `The query fails for every event: ${message}` };
}

function failingWords({ file, first }: Left, { events }: Work): string {
  const of = events!.below - (events!.from ?? 0);
  const [one] = first;
  return `The query fails for ${file.rows.toLocaleString('en')} of ${of.toLocaleString('en')} events by themselves; the job leaves such events out. Event ${one?.at}: ${one?.message}`;
}

/** On the cluster, reading only: before an approval nothing of a job is written there. */
export async function tryThere(world: World, work: Work, preview: number): Promise<Tried> {
  const started = performance.now();
  const step = work.spec.steps.at(-1)!;
  const reading = await readingOf(world, work);
  const cluster = await clusterFor(world, work, work.spec.place!.connection);
  const { rows, done } = await firstRows(cluster, work, reading, step, preview);
  const output = outputText(step, reading, windowText(work), rows);
  const parameters = parametersOf(work);
  const { signal, log } = work;
  const checks = await checkOn(cluster, output, { checks: work.spec.checks, parameters, signal, log });
  const count = rows.complete ? rows.rows.length : await countOf(cluster, work, output);
  const took = performance.now() - started;
  return { ok: true, rows, count, bytes: null, took, scanned: addScanned([done]), checks, failing: null };
}

async function firstRows(cluster: Cluster, work: Work, reading: Reading, step: Step, limit: number) {
  const inputs = { parameters: parametersOf(work), relations: queriesOf(reading, step) };
  const rows: Rows = { columns: [], rows: [], complete: true };
  const run = cluster.kernel.run({ name: step.name, source: step.sql }, inputs, { signal: work.signal, limit });
  const done = await drain(run, (event) => {
    if (event.type === 'schema') rows.columns = columnsOf(event.schema);
    if (event.type === 'batch') rows.rows.push(...toRows([event.batch]));
  });
  return { rows: { ...rows, complete: done.complete }, done };
}

async function countOf(cluster: Cluster, work: Work, output: string): Promise<number> {
  let count: string | null = null;
  const source = `SELECT count(*) FROM (\n${output}\n)`;
  const inputs = { parameters: parametersOf(work), relations: {} };
  await drain(cluster.kernel.run({ name: 'count', source }, inputs, { signal: work.signal }), (event) => {
    if (event.type === 'batch') count ??= toRows([event.batch], 1)[0]?.[0] ?? null;
  });
  return Number(count);
}

/** The rows with their window's start, as a query: what the checks read as `output`. */
function outputText(step: Step, reading: Reading, window: string, { columns }: Rows): string {
  const query = compose(step.sql, textsBefore(reading, step));
  const isOwn = columns.some(({ name }) => name.toLowerCase() === windowColumn);
  const stamp = isOwn ? '' : `, TIMESTAMP ${textLiteral(window)} AS ${identifier(windowColumn)}`;
  return `SELECT *${stamp} FROM (\n${query}\n)`;
}

/** Without the columns the job adds to the query's own, which the notebook cannot show; they are the last. */
function unstamped(preview: Preview, build: Build, built: Extract<Built, { ok: true }>): Rows {
  const added = (built.columns.at(-1)?.name ?? '') in build.stamp && preview.columns.length > 1 ? 1 : 0;
  const width = preview.columns.length - added;
  return {
    complete: preview.complete,
    columns: preview.columns.slice(0, width),
    rows: preview.rows.map((row) => row.slice(0, width)),
  };
}
