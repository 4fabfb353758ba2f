/*
 * What a TypeScript cell may name, as declarations for its editor: the sandbox's helpers, inputs by their kind, other
 * cells and tables by the types of their columns (kernels/typescript reads the values just so).
 */

export interface DeclaredTable {
  name: string;
  columns: readonly { name: string; type: string }[];
  /** For the hover: "SQL cell, 3 rows, complete, as of 14:02:11". */
  said: string;
}

export interface DeclaredInput {
  name: string;
  kind: 'number' | 'text' | 'date' | 'timestamp' | 'choice';
}

export function declarationsOf(tables: readonly DeclaredTable[], inputs: readonly DeclaredInput[]): string {
  return [helpers, ...tables.map(tableDeclaration), ...inputs.map(inputDeclaration)].join('\n');
}

const helpers = `
interface Column { name: string; type: string }
/** An exact DECIMAL; as text it keeps every digit, in arithmetic it becomes a number. */
declare class Decimal {
  constructor(digits: bigint, scale: number);
  static from(text: string): Decimal;
  readonly digits: bigint;
  readonly scale: number;
  toString(): string;
  toNumber(): number;
  valueOf(): number;
}
/** An instant with its microseconds. */
declare class Timestamp extends Date {}
/** The rows of another cell, a dataset or a file. */
declare class Table<R = Record<string, any>> implements Iterable<R> {
  /** False when a limit cut the rows: a total over them is not the total. */
  readonly complete: boolean;
  readonly rows: R[];
  readonly numRows: number;
  readonly length: number;
  readonly columns: Column[];
  get(index: number): R | undefined;
  at(index: number): R | undefined;
  column<K extends keyof R>(name: K): R[K][];
  map<T>(each: (row: R, index: number) => T): T[];
  filter(keeps: (row: R, index: number) => unknown): R[];
  find(is: (row: R, index: number) => unknown): R | undefined;
  some(is: (row: R, index: number) => unknown): boolean;
  every(is: (row: R, index: number) => unknown): boolean;
  reduce<T>(add: (total: T, row: R, index: number) => T, start: T): T;
  forEach(each: (row: R, index: number) => void): void;
  flatMap<T>(each: (row: R, index: number) => T | T[]): T[];
  slice(start?: number, end?: number): R[];
  findIndex(is: (row: R, index: number) => unknown): number;
  toSorted(compare?: (a: R, b: R) => number): R[];
  toReversed(): R[];
  toArray(): R[];
  [Symbol.iterator](): Iterator<R>;
}
/** Rows as a table that other cells can query. */
declare function table<R>(rows: Iterable<R>, columns?: string[]): Table<R>;
declare const console: Record<'log' | 'info' | 'warn' | 'error' | 'debug' | 'table', (...values: unknown[]) => void>;
declare function setTimeout(run: () => void, milliseconds?: number): number;
declare function clearTimeout(timer: number): void;
declare function structuredClone<T>(value: T): T;
`;

function tableDeclaration({ name, columns, said }: DeclaredTable): string {
  const fields = columns.map((column) => `${JSON.stringify(column.name)}: ${valueType(column.type)} | null`);
  const row = columns.length > 0 ? `{ ${fields.join('; ')} }` : 'Record<string, any>';
  return `/** ${said.replaceAll('*/', '* /')} */\ndeclare const ${name}: Table<${row}>;`;
}

function inputDeclaration({ name, kind }: DeclaredInput): string {
  const types = { number: 'number', text: 'string', choice: 'string', date: 'string', timestamp: 'Date' };
  return `/** An input of this notebook. */\ndeclare const ${name}: ${types[kind]} | null;`;
}

/** The TypeScript type of a value of one of DuckDB's types. */
export function valueType(type: string): string {
  const name = type.toUpperCase();
  if (name.endsWith(']')) return `(${valueType(name.slice(0, name.lastIndexOf('[')))} | null)[]`;
  if (/^(U?BIGINT|U?HUGEINT)$/.test(name)) return 'bigint';
  if (/^(U?(TINY|SMALL)INT|U?INTEGER|FLOAT|DOUBLE|REAL)$/.test(name)) return 'number';
  if (name.startsWith('DECIMAL')) return 'Decimal';
  if (name.startsWith('TIMESTAMP')) return 'Timestamp';
  if (name === 'BOOLEAN') return 'boolean';
  if (name === 'BLOB') return 'Uint8Array';
  if (name.startsWith('MAP')) return 'Map<any, any>';
  return /^(STRUCT|UNION)/.test(name) ? 'any' : 'string';
}
