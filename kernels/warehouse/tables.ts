/*
 * The tables a statement reads, out of the tree DuckDB itself serialises (`json_serialize_sql`), so that quoting, CTEs and
 * subqueries are judged by the engine's parser. Pure. Names a CTE defines are no tables where the CTE is in scope.
 */

interface Found {
  name: string;
  at: number;
}

type Node = Record<string, unknown>;

/** In first-use order; [] when the engine could not serialise the statement. */
export function tablesOf(serialised: string): string[] {
  const tree = JSON.parse(serialised) as { error: boolean; statements?: unknown[] };
  if (tree.error || tree.statements?.length !== 1) return [];
  const found: Found[] = [];
  walk(tree.statements[0], new Set(), found);
  found.sort((one, other) => one.at - other.at);
  return [...new Set(found.map((each) => each.name))];
}

function walk(value: unknown, hidden: Set<string>, found: Found[]): void {
  if (Array.isArray(value)) return value.forEach((each) => walk(each, hidden, found));
  if (typeof value !== 'object' || value === null) return;
  const node = value as Node;
  if (node['type'] === 'BASE_TABLE') addTable(node, hidden, found);
  if (node['type'] === 'TABLE_FUNCTION') addNamedTable(node, found);
  const inner = scopeOf(node, hidden, found);
  for (const [key, child] of Object.entries(node)) if (key !== 'cte_map') walk(child, inner, found);
}

function addTable(node: Node, hidden: Set<string>, found: Found[]): void {
  const name = String(node['table_name']);
  const schema = String(node['schema_name']);
  if (schema === '' && hidden.has(name.toLowerCase())) return;
  if (schema === '' || schema === 'main') found.push({ name, at: Number(node['query_location']) });
}

/** `query_table('name')` reads a table by its name as text. */
function addNamedTable(node: Node, found: Found[]): void {
  const call = node['function'] as { function_name?: string; children?: { value?: { value?: unknown } }[] };
  if (call.function_name !== 'query_table') return;
  const name = call.children?.[0]?.value?.value;
  if (typeof name === 'string') found.push({ name, at: Number(node['query_location']) });
}

/** A WITH hides its names from what follows it, and a recursive one from itself. */
function scopeOf(node: Node, hidden: Set<string>, found: Found[]): Set<string> {
  const entries = (node['cte_map'] as { map?: { key: string; value: unknown }[] } | undefined)?.map ?? [];
  const inner = new Set(hidden);
  for (const { key, value } of entries) {
    const own = isRecursive(value) ? new Set([...inner, key.toLowerCase()]) : inner;
    walk(value, own, found);
    inner.add(key.toLowerCase());
  }
  return inner;
}

function isRecursive(value: unknown): boolean {
  const query = (value as { query?: { node?: { type?: string } } }).query;
  return query?.node?.type === 'RECURSIVE_CTE_NODE';
}
