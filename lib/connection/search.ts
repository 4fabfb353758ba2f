import type { CatalogueTable } from './view.ts';

/*
 * Looking for tables by parts of their names. Every word must be somewhere in `catalog.schema.table`; what matches the table's
 * own name comes before what only lies in a schema of that name.
 */

/** All that match, nearest first; equally near ones by name. */
export function searchTables(tables: CatalogueTable[], text: string): CatalogueTable[] {
  const words = text
    .toLowerCase()
    .split(/[\s.]+/)
    .filter(Boolean);
  if (words.length === 0) return [];
  return tables
    .map((table) => ({ table, rank: rankOf(table, words) }))
    .filter(({ rank }) => rank !== null)
    .sort((one, other) => one.rank! - other.rank! || compare(nameOf(one.table), nameOf(other.table)))
    .map(({ table }) => table);
}

/** 0 for the very name, then its beginning, then within it, then elsewhere; null for none. */
function rankOf(table: CatalogueTable, words: string[]): number | null {
  const whole = nameOf(table);
  if (!words.every((word) => whole.includes(word))) return null;
  const name = table.name.toLowerCase();
  const ranks = words.map((word) => (name === word ? 0 : name.startsWith(word) ? 1 : name.includes(word) ? 2 : 3));
  return Math.min(...ranks);
}

function nameOf({ catalog, schema, name }: CatalogueTable): string {
  return `${catalog}.${schema}.${name}`.toLowerCase();
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
