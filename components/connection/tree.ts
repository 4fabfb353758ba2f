import { trinoName } from '#components/editor/trino-words.ts';
import type { Part, Path } from '#lib/client/catalogue.ts';
import { keyOf } from '#lib/client/catalogue.ts';
import type { CatalogueTable } from '#lib/connection/view.ts';

/*
 * The catalogue as the rows of a tree, from what has been read and what is open; and where a key leads in it. Pure.
 */

export interface TreeRow {
  path: Path;
  /** From 0: catalog, schema, table, column. */
  level: number;
  name: string;
  /** A column's type; '' otherwise. */
  type: string;
  /** null for what cannot be opened. */
  isOpen: boolean | null;
  /** At the right: how many, that it is being read, why it could not be. */
  note: string;
  isFailed: boolean;
}

export type Parts = ReadonlyMap<string, Part>;

/** Rows top down. `open`: keys of paths. */
export function treeRows(parts: Parts, open: ReadonlySet<string>): TreeRow[] {
  return childrenOf([], parts).flatMap((row) => withChildren(row, parts, open));
}

function withChildren(row: TreeRow, parts: Parts, open: ReadonlySet<string>): TreeRow[] {
  if (row.isOpen === null) return [row];
  const isOpen = open.has(keyOf(row.path));
  const shown = { ...row, isOpen };
  if (!isOpen) return [shown];
  return [shown, ...childrenOf(row.path, parts).flatMap((child) => withChildren(child, parts, open))];
}

function childrenOf(path: Path, parts: Parts): TreeRow[] {
  const part = parts.get(keyOf(path));
  if (part?.state !== 'here') return [];
  return part.names.map((name, index) => {
    const here = [...path, name];
    const isColumn = here.length === 4;
    const type = isColumn ? (part.table?.columns[index]?.type ?? '') : '';
    const own = isColumn ? undefined : parts.get(keyOf(here));
    return {
      path: here,
      level: here.length - 1,
      name,
      type,
      isOpen: isColumn ? null : false,
      note: noteOf(here, own),
      isFailed: own?.state === 'failed',
    };
  });
}

const counted = ['', 'schema', 'table', 'column'];

function noteOf(path: Path, part: Part | undefined): string {
  if (!part) return '';
  if (part.state === 'reading') return 'reading';
  if (part.state === 'failed') return 'not readable';
  const { rows } = part.table ?? {};
  if (path.length === 3) return rows === null || rows === undefined ? '' : shortCount(rows);
  const what = counted[path.length]!;
  return `${part.names.length} ${what}${part.names.length === 1 ? '' : 's'}`;
}

/** `9.84 M`, `212 k`, `3`. */
export function shortCount(rows: number): string {
  if (rows < 1e4) return rows.toLocaleString('en-GB');
  const [value, unit] = rows < 1e6 ? [rows / 1e3, 'k'] : rows < 1e9 ? [rows / 1e6, 'M'] : [rows / 1e9, 'B'];
  return `${value >= 100 ? value.toFixed(0) : value.toPrecision(3)} ${unit}`;
}

/** What was found, as an open tree of its catalogs and schemas. Tables open as they do otherwise. */
export function foundRows(found: readonly CatalogueTable[], parts: Parts, open: ReadonlySet<string>): TreeRow[] {
  const rows: TreeRow[] = [];
  const seen = new Set<string>();
  const put = (path: Path) => {
    if (seen.has(keyOf(path))) return;
    seen.add(keyOf(path));
    rows.push({ path, level: path.length - 1, name: path.at(-1)!, type: '', isOpen: true, note: '', isFailed: false });
  };
  for (const { catalog, schema, name } of grouped(found)) {
    put([catalog]);
    put([catalog, schema]);
    const path = [catalog, schema, name];
    const part = parts.get(keyOf(path));
    const row = {
      path,
      level: 2,
      name,
      type: '',
      isOpen: false,
      note: noteOf(path, part),
      isFailed: part?.state === 'failed',
    };
    rows.push(...withChildren(row, parts, open));
  }
  return rows;
}

/** Together what stands together, the nearest first. */
function grouped(found: readonly CatalogueTable[]): CatalogueTable[] {
  const groups = Map.groupBy(found, (each) => each.catalog);
  return [...groups.values()].flatMap((one) => [...Map.groupBy(one, (each) => each.schema).values()].flat());
}

export type Step = { to: number } | { toggle: number } | { choose: number } | null;

/** What a key does at a row of a tree, as WAI-ARIA has it. */
export function stepAt(rows: readonly TreeRow[], at: number, key: string): Step {
  const row = rows[at];
  if (!row) return rows.length > 0 && /^(Arrow|Home|End)/.test(key) ? { to: 0 } : null;
  switch (key) {
    case 'ArrowDown':
      return at + 1 < rows.length ? { to: at + 1 } : null;
    case 'ArrowUp':
      return at > 0 ? { to: at - 1 } : null;
    case 'Home':
      return { to: 0 };
    case 'End':
      return { to: rows.length - 1 };
    case 'ArrowRight':
      if (row.isOpen === false) return { toggle: at };
      return rows[at + 1] && rows[at + 1]!.level > row.level ? { to: at + 1 } : null;
    case 'ArrowLeft':
      if (row.isOpen) return { toggle: at };
      return row.level > 0 ? { to: rows.findLastIndex((each, index) => index < at && each.level < row.level) } : null;
    case 'Enter':
    case ' ':
      return { choose: at };
    default:
      return key.length === 1 ? typed(rows, at, key) : null;
  }
}

/** A letter goes to the next row that begins with it. */
function typed(rows: readonly TreeRow[], at: number, letter: string): Step {
  const begins = (row: TreeRow) => row.name.toLowerCase().startsWith(letter.toLowerCase());
  const next = rows.findIndex((row, index) => index > at && begins(row));
  const found = next >= 0 ? next : rows.findIndex(begins);
  return found >= 0 && found !== at ? { to: found } : null;
}

/** `iceberg.shop.purchase`, with quotes where Trino needs them. */
export function tableName(path: Path): string {
  return path.map(trinoName).join('.');
}
