/** A name as SQL takes it whatever it holds. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** `"catalog"."schema"."table"`, each part quoted. */
export function qualified(...parts: string[]): string {
  return parts.map(quoted).join('.');
}

/** A text as an SQL literal. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
