import type { Doc, Map as YMap, YEvent } from 'yjs';
import type { Cell } from '#lib/notebook/cell.ts';
import { byPosition, cellsOf, metaOf, readCell, readTitle } from '#lib/notebook/document.ts';

/** What a transaction did to the cells, in the words of runs. */
export interface Change {
  added: string[];
  /** Source, engine or chart is another. */
  edited: string[];
  /** An input's value is another. */
  inputs: string[];
  renamed: string[];
}

/**
 * The cells of a document, read once and then only where something changed: a cell nobody touched stays the same
 * object. `onChange` is called after each transaction that touched the notebook.
 */
export class Cells {
  private byId = new Map<string, Cell>();
  private sorted: Cell[] = [];
  private readonly doc: Doc;
  private readonly onChange: (change: Change) => void;
  title: string;

  constructor(doc: Doc, onChange: (change: Change) => void) {
    this.doc = doc;
    this.onChange = onChange;
    this.title = readTitle(doc);
    for (const id of cellsOf(doc).keys()) this.read(id);
    this.sort();
    cellsOf(doc).observeDeep(this.cellsChanged);
    metaOf(doc).observe(this.metaChanged);
  }

  /** In order. */
  all(): readonly Cell[] {
    return this.sorted;
  }

  get(id: string): Cell | undefined {
    return this.byId.get(id);
  }

  close(): void {
    cellsOf(this.doc).unobserveDeep(this.cellsChanged);
    metaOf(this.doc).unobserve(this.metaChanged);
  }

  private cellsChanged = (events: YEvent<YMap<unknown>>[]) => {
    const before = new Map(this.byId);
    for (const id of new Set(events.flatMap(touched))) this.read(id);
    this.sort();
    this.onChange(changeBetween(before, this.byId));
  };

  private metaChanged = () => {
    this.title = readTitle(this.doc);
    this.onChange({ added: [], edited: [], inputs: [], renamed: [] });
  };

  private read(id: string): void {
    const cell = readCell(id, cellsOf(this.doc).get(id));
    if (cell) this.byId.set(id, cell);
    else this.byId.delete(id);
  }

  private sort(): void {
    this.sorted = [...this.byId.values()].sort(byPosition);
  }
}

function touched(event: YEvent<YMap<unknown>>): string[] {
  return event.path.length > 0 ? [String(event.path[0])] : [...event.changes.keys.keys()];
}

export function changeBetween(before: ReadonlyMap<string, Cell>, after: ReadonlyMap<string, Cell>): Change {
  const change: Change = { added: [], edited: [], inputs: [], renamed: [] };
  for (const [id, cell] of after) {
    const old = before.get(id);
    if (!old) change.added.push(id);
    if (!old || old === cell) continue;
    if (cell.input && !sameFields(old.input, cell.input, ['kind', 'value'])) change.inputs.push(id);
    if (!cell.input && !sameFields(old, cell, ['source', 'engine', 'connection'])) change.edited.push(id);
    else if (cell.chart && !sameFields(old.chart, cell.chart, drawn)) change.edited.push(id);
    if (old.name !== cell.name) change.renamed.push(id);
  }
  return change;
}

/** The fields of a chart that its rows depend on; the rest is looks. */
const drawn = ['from', 'type', 'x', 'xUnit', 'y', 'aggregate', 'color', 'sort'] as const;

function sameFields<T extends object>(a: T | null, b: T, fields: readonly (keyof T)[]): boolean {
  return a !== null && fields.every((field) => a[field] === b[field]);
}
