import type { SortKey } from './order.ts';

/** What a column holds, as far as a grid cares. */
export type ColumnKind = 'whole' | 'decimal' | 'text' | 'time' | 'boolean' | 'other';

export interface GridColumn {
  name: string;
  /** The engine's own type name. */
  type: string;
  kind: ColumnKind;
}

/** Rows a grid can show, whatever holds them. Rows and columns are counted from 0. */
export interface GridData {
  rows: number;
  columns: GridColumn[];
  /** The exact text of a value; null for a null. */
  text(row: number, column: number): string | null;
  /** What a column is sorted by, row by row. */
  keys(column: number): SortKey[];
}

/** The kind of a column by its engine's type name (DuckDB's or Trino's). */
export function kindOf(type: string): ColumnKind {
  const name = type.toUpperCase();
  if (/\[\]$|^(STRUCT|LIST|MAP|ARRAY|ROW|UNION|JSON|BLOB|VARBINARY)/.test(name)) return 'other';
  if (/^(DECIMAL|NUMERIC|DOUBLE|FLOAT|REAL)/.test(name)) return 'decimal';
  if (/^(DATE|TIME|TIMESTAMP)/.test(name)) return 'time';
  if (/INT|^LONG/.test(name) && !name.startsWith('INTERVAL')) return 'whole';
  if (name.startsWith('BOOL')) return 'boolean';
  if (/^(VARCHAR|CHAR|TEXT|STRING|UUID|ENUM|INTERVAL|UTF8)/.test(name)) return 'text';
  return 'other';
}

export function isNumber(kind: ColumnKind): boolean {
  return kind === 'whole' || kind === 'decimal';
}

const ungrouped = /(^|_)(id|ids|year|key|code|zip|plz|hash|no)$|Id$/i;

/** A value as it is set: thousands apart and a true minus for amounts, identifiers as they are. Copying takes the text itself. */
export function setValue(text: string, column: GridColumn): string {
  if (!isNumber(column.kind) || !/^-?\d+(\.\d+)?$/.test(text)) return text;
  const [whole = '', part] = text.replace('-', '').split('.');
  const grouped = ungrouped.test(column.name) ? whole : whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return `${text.startsWith('-') ? '−' : ''}${grouped}${part === undefined ? '' : `.${part}`}`;
}
