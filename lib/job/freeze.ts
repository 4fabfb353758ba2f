import type { Cell } from '#lib/notebook/cell.ts';
import { parametersIn } from '#lib/notebook/input.ts';
import { sameName } from '#lib/notebook/name.ts';
import { parametersOf } from '#lib/sql/compile.ts';
import type { Parameters } from '#lib/sql/parameter.ts';
import type { PromotionSpec, Step } from './spec.ts';

/*
 * Takes a cell out of its notebook: its SQL, the SQL of every cell it reads in the order they must run, and the values
 * of the inputs they use. What it gives no longer depends on the notebook. What cannot leave the notebook (TypeScript,
 * files of one browser, circles) is refused with the reason. The engine, not this file, says what SQL reads.
 *
 * Steps on a cluster come first and the warehouse works over their rows, never the other way: a cluster cannot read our
 * files. One step on a cluster reads another of the same connection as a part of its own text; nothing is rewritten.
 */
export type Frozen =
  | {
      ok: true;
      steps: Step[];
      parameters: Parameters;
      windowAs: PromotionSpec['windowAs'];
      usesWindow: boolean;
      /** window_start, window_end: those that are used. */
      windows: string[];
      /** Names that are read outside the notebook: datasets and streams, tables of a cluster. */
      outside: string[];
      warnings: string[];
    }
  | { ok: false; code: string; message: string };

export interface Surroundings {
  cells: Cell[];
  /** The names a SQL text reads, by the dialect of its engine. */
  reads(sql: string, engine: Step['engine']): Promise<string[]>;
  /** Of these names, those that are datasets of the project. */
  datasets(names: string[]): Promise<KnownDataset[]>;
  /** The project's connections, by id. */
  connections: ReadonlyMap<string, string>;
}

export interface KnownDataset {
  name: string;
  /** The id of the connection its rows are on; null when they are in the warehouse. */
  connection: string | null;
}

export async function freeze(cell: Cell, surroundings: Surroundings): Promise<Frozen> {
  const around = askingOnce(surroundings);
  try {
    const steps = inEngineOrder(await collect(cell, around, []));
    return { ok: true, steps, outside: await outsideOf(steps, around), ...bind(steps, around.cells) };
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, code: error.code, message: error.message };
    throw error;
  }
}

/** The same text is read once, however many cells lead to it. */
function askingOnce(around: Surroundings): Surroundings {
  const known = new Map<string, Promise<string[]>>();
  const reads: Surroundings['reads'] = (sql, engine) => {
    const key = `${engine} ${sql}`;
    const names = known.get(key) ?? around.reads(sql, engine);
    known.set(key, names);
    return names;
  };
  return { ...around, reads };
}

/** Depth first, so that a step stands after all it reads. */
async function collect(cell: Cell, around: Surroundings, path: Cell[]): Promise<Step[]> {
  if (path.includes(cell))
    throw new Refusal('cycle', `${chain([...path, cell])}: these cells read each other in a circle.`);
  refuseOther(cell, path);
  refuseUnconnected(cell, around);
  const names = await around.reads(cell.source, engineOf(cell));
  const read = names.map((name) => findCell(around.cells, name)).filter((each) => each !== null);
  for (const each of read) refuseAcross(cell, each, around);
  const others = names.filter((name) => !findCell(around.cells, name));
  await (engineOf(cell) === 'trino' ? refuseDatasets : refuseUnknown)(cell, others, around);
  const before: Step[] = [];
  for (const each of read) before.push(...(await collect(each, around, [...path, cell])));
  return distinct([...before, toStep(cell)]);
}

function toStep(cell: Cell): Step {
  const step = { name: cell.name, engine: engineOf(cell), sql: cell.source };
  return step.engine === 'trino' ? { ...step, connection: cell.connection } : step;
}

/** A cell of the browser's engine runs in the warehouse, which is the same engine. */
function engineOf(cell: Cell): 'trino' | 'warehouse' {
  return cell.engine === 'trino' ? 'trino' : 'warehouse';
}

/** No step on a cluster reads one of the warehouse, so each still stands after all it reads. */
function inEngineOrder(steps: Step[]): Step[] {
  const isFirst = (step: Step) => step.engine === 'trino';
  return [...steps.filter(isFirst), ...steps.filter((step) => !isFirst(step))];
}

function refuseOther(cell: Cell, path: Cell[]): void {
  if (cell.type === 'sql') return;
  const reader = path.at(-1);
  const kind = cell.type === 'typescript' ? 'TypeScript' : cell.type;
  if (!reader)
    throw new Refusal('not-sql', `${cell.name || 'This cell'} is a ${kind} cell; a job is made from a SQL cell.`);
  throw new Refusal(
    'reads-typescript',
    `${reader.name} reads ${cell.name}, a ${kind} cell. A job runs on the server, where only SQL does: write ${cell.name} in SQL.`,
  );
}

function refuseUnconnected(cell: Cell, { connections }: Surroundings): void {
  if (engineOf(cell) !== 'trino' || connections.has(cell.connection)) return;
  const why = cell.connection ? 'its connection is gone from the project' : 'no connection is chosen for it';
  throw new Refusal('no-connection', `${cell.name} runs on Trino, but ${why}. Choose one where its engine stands.`);
}

/** What a cell on a cluster may not read: rows that are elsewhere. */
function refuseAcross(cell: Cell, read: Cell, { connections }: Surroundings): void {
  if (engineOf(cell) !== 'trino' || read.type !== 'sql') return;
  if (engineOf(read) === 'trino' && read.connection === cell.connection) return;
  const here = connections.get(cell.connection);
  if (engineOf(read) === 'trino')
    throw new Refusal(
      'other-connection',
      `${cell.name} runs on ${here} and reads ${read.name}, which runs on ${connections.get(read.connection) ?? 'another connection'}. Let ${cell.name} run in the warehouse, which reads from both.`,
    );
  throw new Refusal(
    'reads-warehouse',
    `${cell.name} runs on ${here} and reads ${read.name}, which runs in the warehouse: a job cannot bring rows to a cluster. Let ${read.name} run on ${here} too, or let ${cell.name} run in the warehouse, which reads from both.`,
  );
}

/** A name that is no cell and no dataset is a table of the cluster, which the trial will find or not. */
async function refuseDatasets(cell: Cell, names: string[], around: Surroundings): Promise<void> {
  const found = await around.datasets(names);
  const away = found.find((each) => each.connection !== cell.connection);
  if (!away) return;
  const here = around.connections.get(cell.connection);
  throw new Refusal(
    'reads-warehouse',
    `${cell.name} runs on ${here} and reads the dataset ${away.name}, whose rows are not there. Let ${cell.name} run in the warehouse, which reads from both; if a table of ${here} is meant, write its full name: catalog.schema.${away.name}.`,
  );
}

async function refuseUnknown(cell: Cell, names: string[], around: Surroundings): Promise<void> {
  const known = new Set((await around.datasets(names)).map((each) => each.name.toLowerCase()));
  const unknown = names.find((name) => !known.has(name.toLowerCase()));
  if (!unknown) return;
  throw new Refusal(
    'unknown-name',
    `${cell.name} reads ${unknown}, which is no SQL cell of this notebook and no dataset of the project. A file dropped on the page is only in that browser: upload it as a dataset.`,
  );
}

async function outsideOf(steps: Step[], { reads }: Surroundings): Promise<string[]> {
  const names = (await Promise.all(steps.map((step) => reads(step.sql, step.engine)))).flat();
  return [...new Set(names)].filter((name) => !steps.some((step) => sameName(step.name, name)));
}

type Bound = Pick<Extract<Frozen, { ok: true }>, 'parameters' | 'windowAs' | 'usesWindow' | 'windows' | 'warnings'>;

function bind(steps: Step[], cells: Cell[]): Bound {
  const inputs = parametersIn(cells);
  const used = [...new Set(steps.flatMap((step) => parametersOf(step.sql)))];
  const windows = used.filter(isWindow);
  const parameters = Object.fromEntries(
    used.filter((name) => !isWindow(name)).map((name) => [name, valueOf(name, inputs)]),
  );
  return {
    parameters,
    windowAs: windowKind(inputs),
    usesWindow: windows.length > 0,
    windows,
    warnings: windowWarnings(windows),
  };
}

function valueOf(name: string, inputs: Parameters) {
  const value = inputs[name];
  if (!value) throw new Refusal('unknown-parameter', `The query uses {{${name}}}, but no input cell has that name.`);
  return value;
}

function windowKind(inputs: Parameters): PromotionSpec['windowAs'] {
  const kinds = ['window_start', 'window_end'].map((name) => inputs[name]?.type).filter((type) => type !== undefined);
  if (kinds.some((kind) => kind !== 'date' && kind !== 'timestamp') || new Set(kinds).size > 1)
    throw new Refusal(
      'window-inputs',
      'The inputs window_start and window_end must both be dates, or both be timestamps.',
    );
  return kinds[0] === 'date' ? 'date' : 'timestamp';
}

function windowWarnings(used: string[]): string[] {
  if (used.length !== 1) return [];
  const other = used[0] === 'window_start' ? 'window_end' : 'window_start';
  return [`The query uses {{${used[0]}}} but not {{${other}}}: rows outside of a window may be counted in it.`];
}

function isWindow(name: string): boolean {
  return name === 'window_start' || name === 'window_end';
}

/** Names in SQL do not tell cases apart. */
function findCell(cells: Cell[], name: string): Cell | null {
  const readable = cells.filter((cell) => cell.type === 'sql' || cell.type === 'typescript');
  return readable.find((cell) => cell.name.toLowerCase() === name.toLowerCase()) ?? null;
}

function distinct(steps: Step[]): Step[] {
  return steps.filter((step, index) => steps.findIndex((other) => other.name === step.name) === index);
}

function chain(cells: Cell[]): string {
  return cells.map((cell) => cell.name).join(' → ');
}

class Refusal extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}
