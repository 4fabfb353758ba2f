import { z } from 'zod';

/*
 * Does the job give what people saw? Two tables as exact text, compared as bags of rows: order means nothing,
 * repeated rows do. With a key, rows that share it are told apart cell by cell, which says what differs and not only that.
 */
export const TextTable = z.object({
  columns: z.array(z.object({ name: z.string(), type: z.string() })),
  rows: z.array(z.array(z.string().nullable())),
});
export type TextTable = z.infer<typeof TextTable>;

export const Difference = z.object({
  /** The key's values, or the whole row. */
  key: z.array(z.string().nullable()),
  column: z.string(),
  a: z.string().nullable(),
  b: z.string().nullable(),
});

export const Comparison = z.object({
  equal: z.boolean(),
  /** Columns that name a row; all of them when none is unique. */
  matchedBy: z.array(z.string()),
  rows: z.tuple([z.number().int(), z.number().int()]),
  onlyInA: z.number().int(),
  onlyInB: z.number().int(),
  /** Rows with the same key on both sides. */
  compared: z.number().int(),
  /** Of those, rows with at least one other value. */
  differing: z.number().int(),
  /** Columns that only one side has. */
  columns: z.object({ onlyInA: z.array(z.string()), onlyInB: z.array(z.string()) }),
  samples: z.array(Difference),
});
export type Comparison = z.infer<typeof Comparison>;

type Row = (string | null)[];
const sampleLimit = 20;

/** Compares b with a over the columns both have; a column that only one side has makes them unequal. */
export function compare(a: TextTable, b: TextTable, key?: string[]): Comparison {
  const shared = a.columns
    .map((column) => column.name)
    .filter((name) => b.columns.some((column) => column.name === name));
  const columns = { onlyInA: missing(a, shared), onlyInB: missing(b, shared) };
  const [left, right] = [project(a, shared), project(b, shared)];
  const matchedBy = key ?? findKey(shared, left, right);
  const found = matchedBy.length < shared.length ? byKey(shared, matchedBy, left, right) : asBags(left, right);
  const same = found.onlyInA + found.onlyInB + found.differing + columns.onlyInA.length + columns.onlyInB.length === 0;
  return { equal: same, matchedBy, rows: [a.rows.length, b.rows.length], columns, ...found };
}

/** Those rows of a table that another one has too, as often as it has them. */
export function among(all: TextTable, other: TextTable): TextTable {
  const names = all.columns.map(({ name }) => name).filter((name) => other.columns.some((each) => each.name === name));
  const left = counted(project(other, names));
  const texts = project(all, names).map(textOf);
  const rows = all.rows.filter((_, at) => {
    const count = left.get(texts[at]!) ?? 0;
    left.set(texts[at]!, count - 1);
    return count > 0;
  });
  return { columns: all.columns, rows };
}

type Found = Pick<Comparison, 'onlyInA' | 'onlyInB' | 'compared' | 'differing' | 'samples'>;

function asBags(a: Row[], b: Row[]): Found {
  const left = counted(a);
  let compared = 0;
  for (const text of b.map(textOf)) {
    const count = left.get(text) ?? 0;
    if (count === 0) continue;
    left.set(text, count - 1);
    compared += 1;
  }
  return { onlyInA: a.length - compared, onlyInB: b.length - compared, compared, differing: 0, samples: [] };
}

function byKey(columns: string[], key: string[], a: Row[], b: Row[]): Found {
  const places = key.map((name) => columns.indexOf(name));
  const keyOf = (row: Row) => places.map((place) => row[place] ?? null);
  const right = new Map(b.map((row) => [textOf(keyOf(row)), row]));
  const pairs = a.flatMap((row) => pair(row, right.get(textOf(keyOf(row)))));
  const differing = pairs.filter(([row, other]) => textOf(row) !== textOf(other));
  const samples = differing
    .flatMap(([row, other]) => differences(columns, keyOf(row), row, other))
    .slice(0, sampleLimit);
  return {
    onlyInA: a.length - pairs.length,
    onlyInB: b.length - pairs.length,
    compared: pairs.length,
    differing: differing.length,
    samples,
  };
}

function pair(row: Row, other: Row | undefined): [Row, Row][] {
  return other ? [[row, other]] : [];
}

function differences(columns: string[], key: Row, a: Row, b: Row) {
  return columns.flatMap((column, index) =>
    a[index] === b[index] ? [] : [{ key, column, a: a[index] ?? null, b: b[index] ?? null }],
  );
}

/** The first column, else the shortest run of first columns, that is unique on both sides; else all columns. */
function findKey(columns: string[], a: Row[], b: Row[]): string[] {
  const one = columns.findIndex((_, index) => isUnique(a, [index]) && isUnique(b, [index]));
  if (one >= 0) return [columns[one] as string];
  return leading(columns, a, b);
}

/** The shortest run of first columns that tells the rows of both tables apart; all columns when none does. */
export function leadingKey(a: TextTable, b: TextTable): string[] {
  return leading(
    a.columns.map(({ name }) => name),
    a.rows,
    b.rows,
  );
}

function leading(columns: string[], a: Row[], b: Row[]): string[] {
  for (let length = 1; length < columns.length; length += 1) {
    const places = columns.slice(0, length).map((_, index) => index);
    if (isUnique(a, places) && isUnique(b, places)) return columns.slice(0, length);
  }
  return columns;
}

function isUnique(rows: Row[], places: number[]): boolean {
  return new Set(rows.map((row) => textOf(places.map((place) => row[place] ?? null)))).size === rows.length;
}

function counted(rows: Row[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of rows.map(textOf)) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
}

function project(table: TextTable, names: string[]): Row[] {
  const places = names.map((name) => table.columns.findIndex((column) => column.name === name));
  return table.rows.map((row) => places.map((place) => row[place] ?? null));
}

function missing(table: TextTable, shared: string[]): string[] {
  return table.columns.map((column) => column.name).filter((name) => !shared.includes(name));
}

function textOf(row: Row): string {
  return JSON.stringify(row);
}
