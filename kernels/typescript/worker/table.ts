import { tableFromIPC, type Table as ArrowTable } from 'apache-arrow';
import { columnsOf, type Column } from '#lib/table/column.ts';
import { valueReader, type ValueReader } from './read.ts';

export type Row = Record<string, unknown>;

/**
 * What a TypeScript cell sees of another cell's rows: an array of plain objects that is made when it is first looked at,
 * and its columns. The array's own methods that change nothing are here by name.
 */
export class Table {
  /** False when a limit cut the rows: a total over them is not the total. */
  readonly complete: boolean;
  private readonly source: Rows;

  constructor(source: Rows, complete = true) {
    this.source = source;
    this.complete = complete;
  }

  static fromIPC(ipc: Uint8Array, complete: boolean): Table {
    return new Table(new ArrowRows(ipc), complete);
  }

  get rows(): Row[] {
    return this.source.all();
  }

  /** The rows as Arrow, where they came so. */
  get arrow(): ArrowTable | null {
    return this.source.arrow;
  }

  get numRows(): number {
    return this.source.count;
  }

  get length(): number {
    return this.numRows;
  }

  get columns(): Column[] {
    return this.source.columns;
  }

  get(index: number): Row | undefined {
    return this.rows[index];
  }

  at(index: number): Row | undefined {
    return this.rows.at(index);
  }

  /** The values of one column. */
  column(name: string): unknown[] {
    if (!this.columns.some((column) => column.name === name))
      throw new RangeError(
        `There is no column ${name}; there are ${this.columns.map((each) => each.name).join(', ')}.`,
      );
    return this.source.column(name);
  }

  toArray(): Row[] {
    return [...this.rows];
  }

  [Symbol.iterator](): Iterator<Row> {
    return this.rows[Symbol.iterator]();
  }
}

const borrowed = [
  'map',
  'filter',
  'reduce',
  'find',
  'findIndex',
  'some',
  'every',
  'forEach',
  'slice',
  'flatMap',
] as const;
for (const name of [...borrowed, 'toSorted', 'toReversed', 'entries', 'includes'] as const) {
  Object.defineProperty(Table.prototype, name, {
    value(this: Table, ...given: unknown[]) {
      return (this.rows[name] as (...given: unknown[]) => unknown)(...given);
    },
  });
}

/** Where a table's rows come from. */
export interface Rows {
  count: number;
  columns: Column[];
  arrow: ArrowTable | null;
  all(): Row[];
  column(name: string): unknown[];
}

export class PlainRows implements Rows {
  readonly count: number;
  readonly arrow = null;
  private readonly rows: Row[];

  private readonly names: string[];

  constructor(rows: Row[], names: string[] = Object.keys(rows[0] ?? {})) {
    this.rows = rows;
    this.count = rows.length;
    this.names = names;
  }

  get columns(): Column[] {
    return this.names.map((name) => ({ name, type: '' }));
  }

  all(): Row[] {
    return this.rows;
  }

  column(name: string): unknown[] {
    return this.rows.map((row) => row[name]);
  }
}

class ArrowRows implements Rows {
  readonly arrow: ArrowTable;
  private made: Row[] | null = null;

  constructor(ipc: Uint8Array) {
    this.arrow = tableFromIPC(ipc);
  }

  get count(): number {
    return this.arrow.numRows;
  }

  get columns(): Column[] {
    return columnsOf(this.arrow.schema);
  }

  all(): Row[] {
    this.made ??= this.arrow.batches.flatMap((batch) => {
      const names = batch.schema.fields.map((field) => field.name);
      return rowsOf(batch.numRows, names, batch.data.children.map(valueReader));
    });
    return this.made;
  }

  column(name: string): unknown[] {
    const index = this.arrow.schema.fields.findIndex((field) => field.name === name);
    return this.arrow.batches.flatMap((batch) => {
      const read = valueReader(batch.data.children[index]!);
      return Array.from({ length: batch.numRows }, (_, row) => read(row));
    });
  }
}

function rowsOf(count: number, names: string[], readers: ValueReader[]): Row[] {
  return Array.from({ length: count }, (_, at) => {
    const row: Row = {};
    for (let index = 0; index < names.length; index++) row[names[index]!] = readers[index]!(at);
    return row;
  });
}
