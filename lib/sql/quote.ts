/** How names and text are written into SQL of our own, the same way in DuckDB and in Trino. Text of people is bound, never quoted. */

export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

export function textLiteral(text: string): string {
  return `'${text.replaceAll(`'`, `''`)}'`;
}

/** `"iceberg"."shop"."daily"` */
export function qualified(...names: string[]): string {
  return names.map(identifier).join('.');
}
