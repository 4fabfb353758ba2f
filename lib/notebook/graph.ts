import { parametersOf } from '#lib/sql/compile.ts';
import type { Cell, CellType, Engine } from './cell.ts';
import { sameName } from './name.ts';

/*
 * Who reads whom. Pure: cells and what the engines say each reads in, dependencies and problems in words out. A SQL cell
 * depends on the relations its text reads (told by the engine, never guessed here) and on the inputs it names in
 * `{{…}}`; a TypeScript cell on its free identifiers; a chart on the cell it draws. A name that no cell has may be a dataset
 * or a file, and for a Trino cell a table of its cluster. A Trino cell reads the text of another on the same connection, not
 * its rows. Cycles and doubled names are shown on the cells, never thrown.
 */

export interface Node {
  id: string;
  name: string;
  type: CellType;
  engine: Engine | null;
  /** Ids of the cells it reads, in notebook order. */
  reads: string[];
  /** Ids of the cells whose rows or values must be there before it runs: `reads`, but for cells read as text what those need. */
  needs: string[];
  /** Ids of the cells whose text goes along, each after what it reads itself. */
  texts: string[];
  /** Ids of the cells that read it, in notebook order. */
  readBy: string[];
  /** Names it reads that are no cell: datasets and files. */
  outside: string[];
  isInCycle: boolean;
  problems: string[];
}

/** In an order in which each cell comes after what it reads; cells in a cycle come last, as the notebook has them. */
export type Graph = ReadonlyMap<string, Node>;

/**
 * `reads`: per cell id, the names its source reads. `known`: datasets and files; `connections`: ids of the project's; each
 * null while they are not known yet.
 */
export function buildGraph(
  cells: readonly Cell[],
  reads: ReadonlyMap<string, readonly string[]>,
  known: ReadonlySet<string> | null,
  connections: ReadonlySet<string> | null = null,
): Graph {
  const nodes = cells.map((cell) => toNode(cell, cells, reads.get(cell.id) ?? [], known));
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const cellOf = new Map(cells.map((cell) => [cell.id, cell]));
  for (const node of nodes) for (const id of node.reads) byId.get(id)!.readBy.push(node.id);
  for (const circle of circlesOf(nodes, byId)) markCircle(circle);
  for (const node of nodes) node.problems.push(...connectionProblems(cellOf.get(node.id)!, connections));
  const graph = new Map(sorted(nodes, byId).map((node) => [node.id, node]));
  for (const node of graph.values()) Object.assign(node, readingOf(node, graph, cellOf));
  return graph;
}

/** Whether `reader` takes the text of `read` along instead of its rows: both run on one cluster. */
export function readsText(reader: Cell, read: Cell): boolean {
  return (
    reader.engine === 'trino' && read.engine === 'trino' && reader.connection === read.connection && read.type === 'sql'
  );
}

/** All that reads the cell, directly or through others, each after what it reads. */
export function dependantsOf(graph: Graph, id: string): string[] {
  return reachedFrom(graph, id, (at) => graph.get(at)?.readBy ?? []);
}

/** All that needs the cell's rows, directly or through others, each after what it reads. */
export function waitersOf(graph: Graph, id: string): string[] {
  return reachedFrom(graph, id, (at) => needersOf(graph, at));
}

/** The cells that need the cell's rows themselves. */
export function needersOf(graph: Graph, id: string): string[] {
  return [...graph.values()].filter((node) => node.needs.includes(id)).map((node) => node.id);
}

function reachedFrom(graph: Graph, id: string, step: (at: string) => readonly string[]): string[] {
  const found = new Set<string>();
  const visit = (at: string) => {
    for (const next of step(at)) {
      if (found.has(next)) continue;
      found.add(next);
      visit(next);
    }
  };
  visit(id);
  found.delete(id);
  return [...graph.keys()].filter((each) => found.has(each));
}

/** The cells that read a dataset or file of the name. */
export function readersOf(graph: Graph, name: string): string[] {
  return [...graph.values()].filter((node) => node.outside.some((each) => sameName(each, name))).map((node) => node.id);
}

function toNode(cell: Cell, cells: readonly Cell[], reads: readonly string[], known: ReadonlySet<string> | null): Node {
  const others = cells.filter((each) => each.id !== cell.id && each.name);
  const found = new Set<string>();
  const outside: string[] = [];
  const problems = nameProblems(cell, cells);
  for (const name of relationsOf(cell, reads)) {
    const target = findCell(cell, others, name);
    if (target && (target.type !== 'input' || cell.type === 'typescript') && target.type !== 'chart')
      found.add(target.id);
    else if (cell.type !== 'typescript' || isKnown(known, name)) {
      outside.push(name);
      problems.push(...outsideProblems(cell, target, name, known));
    }
  }
  for (const name of cell.type === 'sql' ? parametersOf(cell.source) : []) {
    const input = others.find((each) => each.type === 'input' && each.name === name);
    if (input) found.add(input.id);
    else problems.push(`There is no input named ${name}. Add an input cell with that name.`);
  }
  const order = cells.filter((each) => found.has(each.id)).map((each) => each.id);
  const { id, name, type, engine } = cell;
  const reading = { reads: order, needs: order, texts: [] };
  return { id, name, type, engine, ...reading, readBy: [], outside, isInCycle: false, problems };
}

/** Nodes of `graph` come after what they read, so that what theirs take along is known. */
function readingOf(node: Node, graph: Graph, cellOf: ReadonlyMap<string, Cell>): Pick<Node, 'needs' | 'texts'> {
  if (node.isInCycle) return { needs: node.reads, texts: [] };
  const needs = new Set<string>();
  const texts = new Set<string>();
  for (const id of node.reads) {
    const read = graph.get(id)!;
    const isText = !read.isInCycle && readsText(cellOf.get(node.id)!, cellOf.get(id)!);
    for (const each of isText ? read.needs : [id]) needs.add(each);
    for (const each of isText ? [...read.texts, id] : []) texts.add(each);
  }
  return { needs: [...needs], texts: [...texts] };
}

function relationsOf(cell: Cell, reads: readonly string[]): readonly string[] {
  if (cell.type === 'chart') return cell.chart?.from ? [cell.chart.from] : [];
  return cell.type === 'sql' || cell.type === 'typescript' ? reads : [];
}

/** TypeScript tells upper from lower case, SQL does not. */
function findCell(cell: Cell, others: readonly Cell[], name: string): Cell | undefined {
  const exact = others.find((each) => each.name === name);
  return exact ?? (cell.type === 'typescript' ? undefined : others.find((each) => sameName(each.name, name)));
}

function isKnown(known: ReadonlySet<string> | null, name: string): boolean {
  return known !== null && [...known].some((each) => sameName(each, name));
}

function nameProblems(cell: Cell, cells: readonly Cell[]): string[] {
  const first = cells.find((each) => each.name && sameName(each.name, cell.name));
  if (!first || first.id === cell.id) return [];
  return [`Another cell is already named ${first.name}; who reads ${first.name} reads that one. Rename this cell.`];
}

function outsideProblems(
  cell: Cell,
  target: Cell | undefined,
  name: string,
  known: ReadonlySet<string> | null,
): string[] {
  if (target?.type === 'input') return [`${name} is an input, not a table: write {{${target.name}}}.`];
  if (target?.type === 'chart') return [`${name} is a chart and has no rows to read.`];
  if (cell.engine === 'trino' || known === null || isKnown(known, name) || name.includes('.')) return [];
  if (sameName(cell.name, name)) return [`${name} reads itself, and no dataset or file has that name.`];
  return [`Nothing here is named ${name}: no cell, dataset or file.`];
}

function connectionProblems(cell: Cell, connections: ReadonlySet<string> | null): string[] {
  if (cell.engine !== 'trino') return [];
  if (!cell.connection) return ['No connection is chosen for this cell. Choose one where its engine stands.'];
  if (connections === null || connections.has(cell.connection)) return [];
  return ['The connection of this cell is gone from the project. Choose another where its engine stands.'];
}

/** Tarjan's strongly connected components of more than one cell. */
function circlesOf(nodes: readonly Node[], byId: Map<string, Node>): Node[][] {
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: Node[] = [];
  const circles: Node[][] = [];
  const visit = (node: Node) => {
    index.set(node.id, index.size);
    low.set(node.id, index.get(node.id)!);
    stack.push(node);
    for (const id of node.reads) {
      if (!index.has(id)) visit(byId.get(id)!);
      if (stack.some((each) => each.id === id)) low.set(node.id, Math.min(low.get(node.id)!, low.get(id)!));
    }
    if (low.get(node.id) !== index.get(node.id)) return;
    const circle = stack.splice(stack.indexOf(node));
    if (circle.length > 1) circles.push(circle);
  };
  for (const node of nodes) if (!index.has(node.id)) visit(node);
  return circles;
}

function markCircle(circle: Node[]): void {
  const ids = new Set(circle.map((node) => node.id));
  for (const node of circle) {
    const path = [node];
    for (let at = node; ;) {
      at =
        circle.find(
          (each) => at.reads.includes(each.id) && ids.has(each.id) && (each === node || !path.includes(each)),
        ) ?? node;
      if (at === node) break;
      path.push(at);
    }
    node.isInCycle = true;
    node.problems.push(
      `${[...path, node].map((each) => each.name).join(' reads ')}: a circle, so none of them can run.`,
    );
  }
}

function sorted(nodes: readonly Node[], byId: Map<string, Node>): Node[] {
  const placed = new Set<Node>();
  const visit = (node: Node) => {
    if (placed.has(node) || node.isInCycle) return;
    for (const id of node.reads) visit(byId.get(id)!);
    placed.add(node);
  };
  for (const node of nodes) visit(node);
  for (const node of nodes) placed.add(node);
  return [...placed];
}
