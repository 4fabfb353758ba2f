/*
 * By what a table is cut into parts, out of the words in which Trino would make it again (SHOW CREATE TABLE): Iceberg says
 * `partitioning`, Hive `partitioned_by`, Delta Lake too.
 */

/** `['day(paid_at)', 'region']`; [] for a table that is not cut, or one that says it in no known way. */
export function partitioningOf(createTable: string): string[] {
  const found = /^\s*(?:partitioning|partitioned_by)\s*=\s*ARRAY\[(.*?)\]\s*,?\s*$/im.exec(createTable);
  if (!found) return [];
  return [...found[1]!.matchAll(/'((?:[^']|'')*)'/g)].map(([, text]) => text!.replaceAll("''", "'"));
}

/** The column a part is cut by: `paid_at` of `day(paid_at)`, `bucket(paid_at, 8)` or `paid_at`. */
export function partitionColumn(part: string): string {
  const inner = /^\s*[a-z_]+\s*\(\s*(.*?)\s*(?:,\s*\d+\s*)?\)\s*$/i.exec(part)?.[1] ?? part.trim();
  const quoted = /^"((?:[^"]|"")*)"$/.exec(inner);
  return quoted ? quoted[1]!.replaceAll('""', '"') : inner;
}
