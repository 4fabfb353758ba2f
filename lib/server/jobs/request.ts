import type { Bounds, Done, KernelEvent, Relation } from '#kernels/kernel.ts';
import { KernelFailure } from '#kernels/failure.ts';
import { formatBytes, formatCount } from '#lib/table/format.ts';
import { hashText } from '#lib/table/hash.ts';
import { offsetColumn } from '#lib/stream/spec.ts';
import { sameName } from '#lib/notebook/name.ts';
import type { Step } from '#lib/job/spec.ts';
import type { Lodestar } from '#lib/server/lodestar.ts';
import { rowsOf, type Placed } from '#lib/server/warehouse/placed.ts';
import type { Build, Landing, OtherWindow } from '#lib/server/warehouse/warehouse.ts';
import { clusterFor, type Cluster } from './cluster.ts';
import { readingOf, textsBefore, type Reading } from './reading.ts';
import { parametersOf, windowText, type Work } from './work.ts';

/*
 * What the warehouse must build for one window of a spec. Rows that are on clusters are brought first, a file at a time;
 * then the build reads them as it reads datasets. A trial and a run ask for the very same.
 */
export interface Prepared {
  build: Build;
  /** The same for other windows that were asked for. */
  others: OtherWindow[];
  /** What clusters read for it; null where none was asked. */
  scanned: Scanned | null;
  /** Takes away what was brought. */
  remove(): Promise<void>;
}

type World = Pick<Lodestar, 'db' | 'warehouse' | 'connections' | 'streams'>;

/**
 * `others`: other windows of the same real-time job, over what is read for this one. Throws KernelFailure where a cluster fails, and a
 * Problem where it may not be asked; then nothing is left behind.
 */
export async function toBuild(world: World, work: Work, others: Work[] = []): Promise<Prepared> {
  const reading = await readingOf(world, work);
  const brought = new Brought();
  try {
    for (const each of toBring(reading)) brought.add(each.name, await bring(world, work, reading, each));
    const own = await ownRelations(world, work, reading.names, others);
    const build = buildOf(work, { ...own, ...streamsOf(work, own), ...brought.relations });
    return {
      build,
      others: others.map((other) => otherWindow(other, own)),
      scanned: brought.scanned(),
      remove: () => brought.remove(),
    };
  } catch (error) {
    await brought.remove();
    throw error;
  }
}

/** Datasets and streams of the project; of a real-time job's own stream, the events that are there for any of these windows. */
async function ownRelations(world: World, { projectId, events }: Work, names: string[], others: Work[]) {
  const isOwn = (name: string) => events !== undefined && sameName(name, events.name);
  const relations = await world.warehouse.relations(
    projectId,
    names.filter((name) => !isOwn(name)),
  );
  const below = Math.max(...[{ events }, ...others].map((work) => work.events?.below ?? 0));
  for (const name of names.filter(isOwn))
    relations[name] = await world.streams.slice(events!.streamId, { ...events!, below });
  return relations;
}

type Stream = Extract<Relation, { kind: 'parquet' }> & { bounds: Bounds };

/** The real-time job's own stream, by the names it is read by, with the events that are there for this window alone. */
function streamsOf({ events }: Work, relations: Record<string, Relation>): Record<string, Stream> {
  const found: Record<string, Stream> = {};
  for (const [name, relation] of Object.entries(relations)) {
    if (!events || !sameName(name, events.name) || relation.kind !== 'parquet' || !relation.bounds) continue;
    const { bounds } = relation;
    found[name] = { ...relation, bounds: { ...bounds, below: Math.min(events.below, bounds.below) } };
  }
  return found;
}

function otherWindow(work: Work, relations: Record<string, Relation>): OtherWindow {
  const streams = Object.entries(streamsOf(work, relations));
  return { ...inputsOf(work), bounds: Object.fromEntries(streams.map(([name, { bounds }]) => [name, bounds])) };
}

/** For events that fail by themselves, ms, where nobody waits for the answer. */
const patience = 600_000;

function buildOf(work: Work, relations: Record<string, Relation>): Build {
  const { spec } = work;
  const sift = siftOf(work);
  return {
    steps: spec.steps.filter((step) => step.engine !== 'trino'),
    result: spec.steps.at(-1)!.name,
    ...inputsOf(work),
    relations,
    checks: spec.checks,
    log: work.log,
    person: work.turn,
    ...(sift ? { sift } : {}),
  };
}

function inputsOf(work: Work): Pick<Build, 'parameters' | 'stamp'> {
  const isWindowless = work.spec.realtime?.kind === 'windowless';
  return {
    parameters: parametersOf(work),
    stamp: isWindowless ? {} : { window_start: { type: 'TIMESTAMP', value: windowText(work) } },
  };
}

/** A windowless text treats each event by itself, so one that it fails for keeps no other from being answered. */
function siftOf({ spec, events }: Work): Build['sift'] | null {
  if (spec.realtime?.kind !== 'windowless' || events?.from === undefined) return null;
  const { name, from, below } = events;
  return { relation: name, column: offsetColumn, from, below, patience: events.patience ?? patience };
}

/** Rows that come from a cluster: those of a step, or of a dataset whose table is there. */
interface Coming {
  name: string;
  connection: string;
  sql: string;
  step: Step | null;
}

function toBring({ landing, placed, names }: Reading): Coming[] {
  const steps = landing.map((step) => ({ name: step.name, connection: step.connection!, sql: step.sql, step }));
  const datasets = placed.filter(({ name }) => names.includes(name)).map(comingFrom);
  return [...datasets, ...steps];
}

function comingFrom({ name, place }: Placed): Coming {
  return { name, connection: place.connection, sql: rowsOf(place), step: null };
}

async function bring(world: World, work: Work, reading: Reading, coming: Coming): Promise<Landing> {
  const cluster = await clusterFor(world, work, coming.connection);
  const landing = await world.warehouse.land((signal) => runOn(cluster, work, reading, coming, signal), {
    signal: work.signal,
    person: work.turn,
  });
  if (landing.ok) {
    work.log(`${coming.name}: ${landing.rows.toLocaleString('en')} rows from ${cluster.name}`);
    logQuery(work, landing.done);
  }
  return landing;
}

/** Which query it was, what it read, and where the cluster shows it. */
export function logQuery({ log }: Pick<Work, 'log'>, { cluster }: Done): void {
  if (!cluster) return;
  log(`Query ${cluster.queryId} read ${formatCount(cluster.scannedRows, 'row')}, ${formatBytes(cluster.scannedBytes)}`);
  if (cluster.link) log(cluster.link);
}

function runOn(
  cluster: Cluster,
  work: Work,
  reading: Reading,
  { name, sql, step }: Coming,
  signal: AbortSignal,
): AsyncIterable<KernelEvent> {
  const relations = step ? queriesOf(reading, step) : {};
  return cluster.kernel.run({ name, source: sql }, { parameters: parametersOf(work), relations }, { signal });
}

/** What a step on a cluster reads beside tables, as the kernel takes it. */
export function queriesOf(reading: Reading, step: Step): Record<string, Relation> {
  const texts = textsBefore(reading, step);
  return Object.fromEntries(
    texts.map(({ name, sql }) => [name, { kind: 'query', hash: hashText(sql), complete: true, sql }] as const),
  );
}

export type Scanned = { rows: number; bytes: number };

/** What queries read on their clusters, together; null where there was none. */
export function addScanned(ended: Done[]): Scanned | null {
  const all = ended.flatMap(({ cluster }) => cluster ?? []);
  if (all.length === 0) return null;
  const sum = (key: 'scannedRows' | 'scannedBytes') => all.reduce((total, each) => total + each[key], 0);
  return { rows: sum('scannedRows'), bytes: sum('scannedBytes') };
}

class Brought {
  relations: Record<string, Relation> = {};
  private landed: Extract<Landing, { ok: true }>[] = [];

  /** Throws what the cluster said. */
  add(name: string, landing: Landing): void {
    if (!landing.ok) throw new KernelFailure({ ...landing.error, message: `${name}: ${landing.error.message}` });
    this.landed.push(landing);
    this.relations[name] = landing.relation;
  }

  scanned(): Scanned | null {
    return addScanned(this.landed.map(({ done }) => done));
  }

  async remove(): Promise<void> {
    await Promise.all(this.landed.map((each) => each.remove()));
  }
}
