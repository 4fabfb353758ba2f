import type { Cell } from '#lib/notebook/cell.ts';
import { parametersIn } from '#lib/notebook/input.ts';
import { parametersOf } from '#lib/sql/compile.ts';
import type { Parameters } from '#lib/sql/parameter.ts';
import type { PromotionSpec, Step } from './spec.ts';

/*
 * Takes a cell out of its notebook: its SQL, the SQL of every cell it reads in the order they must run, and the values
 * of the inputs they use. What it gives no longer depends on the notebook. What cannot leave the notebook (TypeScript,
 * files of one browser, circles) is refused with the reason. The engine, not this file, says what SQL reads.
 */
export type Frozen =
  | {
      ok: true;
      steps: Step[];
      parameters: Parameters;
      windowAs: PromotionSpec['windowAs'];
      usesWindow: boolean;
      warnings: string[];
    }
  | { ok: false; code: string; message: string };

export interface Surroundings {
  cells: Cell[];
  /** The names a SQL text reads. */
  reads(sql: string): Promise<string[]>;
  /** Of these names, those that are datasets of the project. */
  datasets(names: string[]): Promise<string[]>;
}

export async function freeze(cell: Cell, around: Surroundings): Promise<Frozen> {
  try {
    const steps = await collect(cell, around, []);
    return { ok: true, steps, ...bind(steps, around.cells) };
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, code: error.code, message: error.message };
    throw error;
  }
}

/** Depth first, so that a step stands after all it reads. */
async function collect(cell: Cell, around: Surroundings, path: Cell[]): Promise<Step[]> {
  if (path.includes(cell))
    throw new Refusal('cycle', `${chain([...path, cell])}: these cells read each other in a circle.`);
  refuseOther(cell, path);
  const names = await around.reads(cell.source);
  const read = names.map((name) => findCell(around.cells, name)).filter((each) => each !== null);
  await refuseUnknown(cell, names, around);
  const before: Step[] = [];
  for (const each of read) before.push(...(await collect(each, around, [...path, cell])));
  return distinct([...before, { name: cell.name, engine: 'warehouse', sql: cell.source }]);
}

function refuseOther(cell: Cell, path: Cell[]): void {
  const reader = path.at(-1);
  if (cell.type !== 'sql') {
    const kind = cell.type === 'typescript' ? 'TypeScript' : cell.type;
    if (!reader)
      throw new Refusal('not-sql', `${cell.name || 'This cell'} is a ${kind} cell; a job is made from a SQL cell.`);
    throw new Refusal(
      'reads-typescript',
      `${reader.name} reads ${cell.name}, a ${kind} cell. A job runs on the server, where only SQL does: write ${cell.name} in SQL.`,
    );
  }
  if (cell.engine === 'trino')
    throw new Refusal('unsupported', `${cell.name} runs on Trino, which jobs cannot use yet.`);
}

async function refuseUnknown(cell: Cell, names: string[], around: Surroundings): Promise<void> {
  const others = names.filter((name) => !findCell(around.cells, name));
  const known = new Set((await around.datasets(others)).map((name) => name.toLowerCase()));
  const unknown = others.find((name) => !known.has(name.toLowerCase()));
  if (!unknown) return;
  throw new Refusal(
    'unknown-name',
    `${cell.name} reads ${unknown}, which is no SQL cell of this notebook and no dataset of the project. A file dropped on the page is only in that browser: upload it as a dataset.`,
  );
}

type Bound = Pick<Extract<Frozen, { ok: true }>, 'parameters' | 'windowAs' | 'usesWindow' | 'warnings'>;

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
