import type { Code, Inputs, Kernel, KernelError, Relation } from '#kernels/kernel.ts';
import { chartQuery } from '#lib/chart/query.ts';
import type { Answer } from '#lib/client/call.ts';
import type { Cell } from '#lib/notebook/cell.ts';
import type { Graph } from '#lib/notebook/graph.ts';
import { parametersIn } from '#lib/notebook/input.ts';
import { sameName } from '#lib/notebook/name.ts';
import type { Column } from '#lib/table/column.ts';
import { fileRelation } from './file.ts';
import { noConnection, type Kernels } from './kernels.ts';
import { datasetRelation, queryRelation, resultRelation } from './relation.ts';
import type { Results } from './results.ts';
import type { DatasetEntry } from './store.ts';
import type { StreamSpan } from './stream-window.ts';
import type { StreamHere, Streams } from './streams.ts';

/** Everything a run needs, or why there can be none. */
export type Prepared =
  | {
      ok: true;
      kernel: Kernel;
      code: Code;
      inputs: Inputs;
      isWhole: boolean;
      warnings: string[];
      /** The last minutes of streams that it is made from; asked when it has run. */
      spans(): StreamSpan[];
    }
  | { ok: false; error: KernelError };

export interface World {
  notebookId: string;
  cells: readonly Cell[];
  graph: Graph;
  results: Results;
  datasets: readonly DatasetEntry[];
  streams: Pick<Streams, 'named' | 'windowOf'>;
  kernels: Kernels;
  fetchRows(datasetId: string, signal?: AbortSignal): Promise<Answer<Uint8Array>>;
}

type Arrow = Extract<Relation, { kind: 'arrow' }>;
type Text = Extract<Relation, { kind: 'query' }>;

/** Puts together what a cell runs on: its engine, its text, the values of inputs and the relations it reads. */
export function prepare(cell: Cell, world: World, { fresh = false } = {}): Prepared {
  if (cell.type === 'chart') return prepareChart(cell, world);
  if (cell.engine === 'trino' && !cell.connection) return { ok: false, error: noConnection };
  const kernel = kernelOf(cell, world, fresh);
  const relations: Record<string, Arrow | Text> = { ...rowsOf(cell, world), ...textsOf(cell, world) };
  const isWhole = Object.values(relations).every((relation) => relation.complete);
  const inputs = { parameters: parametersIn(world.cells), relations };
  const cut = Object.keys(relations).filter((name) => !relations[name]!.complete);
  const warnings = cut.map((name) => cutWords(name, streamOf(cell, name, world)));
  const code = { name: cell.name, source: cell.source };
  return { ok: true, kernel, code, inputs, isWhole, warnings, spans: () => spansOf(cell, world) };
}

function cutWords(name: string, stream: StreamHere | null): string {
  if (!stream) return `${name} holds its first rows only, so this is of a part.`;
  return `${name} has more events in its last ${stream.minutes} min than a tab keeps, so this is of the newest.`;
}

function kernelOf(cell: Cell, { kernels, notebookId }: World, fresh: boolean): Kernel {
  const { engine, connection, id } = cell;
  if (engine === 'trino') return kernels.trino({ connection, notebook: notebookId, cell: id, fresh });
  return kernels[engine ?? 'browser'];
}

function prepareChart(cell: Cell, world: World): Prepared {
  const relations = rowsOf(cell, world);
  const relation = Object.values(relations)[0];
  const source = sourceOf(cell, world);
  if (!relation || !source) return { ok: false, error: noRows(cell) };
  const query = chartQuery(cell.chart!, source);
  if (!query.ok) return { ok: false, error: { code: 'runtime', message: query.reason } };
  const inputs = { parameters: {}, relations: { [cell.chart!.from]: relation } };
  const code = { name: cell.name, source: query.sql };
  const { warnings } = query;
  const kernel = world.kernels.browser;
  return { ok: true, kernel, code, inputs, isWhole: source.complete, warnings, spans: () => spansOf(cell, world) };
}

function sourceOf(cell: Cell, world: World): { columns: readonly Column[]; rows: number; complete: boolean } | null {
  const node = world.graph.get(cell.id);
  const read = node?.reads[0] ? world.results.settled(node.reads[0]) : null;
  if (read) return read.result;
  const name = node?.outside[0] ?? '';
  const found = world.datasets.find((each) => sameName(each.name, name)) ?? fileNamed(world, name);
  return found ? { columns: found.columns, rows: found.rows, complete: true } : null;
}

function noRows(cell: Cell): KernelError {
  const from = cell.chart!.from;
  if (!from) return { code: 'runtime', message: 'Choose the cell whose rows to draw.' };
  return {
    code: 'unknown-name',
    message: `\`${from}\` has no rows to draw.`,
    hint: 'Run that cell, or choose another.',
  };
}

/** By the names the source uses: results of cells, datasets, files. The warehouse has the datasets itself. */
function rowsOf(cell: Cell, world: World): Record<string, Arrow> {
  const node = world.graph.get(cell.id);
  const relations: Record<string, Arrow> = {};
  for (const id of node?.needs ?? []) {
    const settled = world.results.settled(id);
    const name = world.graph.get(id)!.name;
    if (settled && settled.result.schema.fields.length > 0)
      relations[name] = resultRelation(settled.key, settled.result);
  }
  for (const name of outsideOf(cell, world)) {
    const relation = outsideRelation(cell, name, world);
    if (relation) relations[name] = relation;
  }
  return relations;
}

/** Cells of the same cluster go along as texts, each after what it reads. The server finds datasets that stand there. */
export function textsOf(cell: Cell, { cells, graph }: Pick<World, 'cells' | 'graph'>): Record<string, Text> {
  const texts = (graph.get(cell.id)?.texts ?? []).flatMap((id) => cells.find((each) => each.id === id) ?? []);
  return Object.fromEntries(texts.map((text) => [text.name, queryRelation(text.source)]));
}

/** Names that are no cell, of the cell and of the texts it takes along. */
export function outsideOf(cell: Cell, { graph }: Pick<World, 'graph'>): string[] {
  const node = graph.get(cell.id);
  const nodes = [node, ...(node?.texts ?? []).map((id) => graph.get(id))];
  return [...new Set(nodes.flatMap((each) => each?.outside ?? []))];
}

/** Whether the rows of a dataset stand on the very cluster the cell runs on. */
function isThere(dataset: DatasetEntry, cell: Cell): boolean {
  return cell.engine === 'trino' && dataset.place?.connection.id === cell.connection;
}

/** The browser's engine knows its files itself. */
function outsideRelation(cell: Cell, name: string, world: World): Arrow | null {
  const file = fileNamed(world, name);
  if (file) return cell.engine === 'browser' ? null : fileRelation(file, world.kernels.browser);
  const stream = streamOf(cell, name, world);
  if (stream) return world.streams.windowOf(stream).relation();
  const dataset = world.datasets.find((each) => sameName(each.name, name));
  const isHeld = !dataset || cell.engine === 'warehouse' || isThere(dataset, cell);
  return isHeld ? null : datasetRelation(dataset, world.fetchRows);
}

/** The stream whose last minutes stand under the name; null where it is none, or is read whole on the warehouse. */
export function streamOf(
  cell: Pick<Cell, 'engine'>,
  name: string,
  { datasets, streams }: Pick<World, 'datasets' | 'streams'>,
): StreamHere | null {
  const isDataset = datasets.some((each) => sameName(each.name, name));
  return cell.engine === 'warehouse' || isDataset ? null : streams.named(name);
}

/** By name, also of the streams that the results it reads were made from; of several looks at one, the oldest. */
function spansOf(cell: Cell, world: World): StreamSpan[] {
  const node = world.graph.get(cell.id);
  const read = (node?.needs ?? []).flatMap((id) => world.results.settled(id)?.result.spans ?? []);
  const own = outsideOf(cell, world).flatMap((name): StreamSpan[] => {
    const stream = streamOf(cell, name, world);
    if (!stream) return [];
    return [{ name: stream.name, minutes: stream.minutes, at: world.streams.windowOf(stream).at }];
  });
  const spans = new Map<string, StreamSpan>();
  for (const span of [...own, ...read]) {
    const known = spans.get(span.name);
    if (!known || span.at < known.at) spans.set(span.name, span);
  }
  return [...spans.values()];
}

function fileNamed(world: World, name: string) {
  return world.kernels.browser.tables().find((each) => sameName(each.name, name));
}
