import type { TextJoin } from '#lib/job/plan.ts';

/* What a text says that the engine's plan leaves out, from the tree that the engine's parser makes of it. */

type Node = Record<string, unknown>;

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null;
}

/** Every object in it, itself first. */
function* nodesIn(value: unknown): Generator<Node> {
  if (!isNode(value)) return;
  yield value;
  for (const each of Object.values(value)) yield* nodesIn(each);
}

export function hasDistinctUnion(tree: unknown): boolean {
  return [...nodesIn(tree)].some(
    ({ setop_type: type, setop_all: all }) => (type === 'UNION' || type === 'UNION_BY_NAME') && all === false,
  );
}

/** It has limits, and each of them is LIMIT ALL or NULL, without an OFFSET or with OFFSET 0. */
export function hasIdleLimit(tree: unknown): boolean {
  const limits = [...nodesIn(tree)].filter(({ type }) => String(type).startsWith('LIMIT_'));
  return limits.length > 0 && limits.every(isIdle);
}

function isIdle({ type, limit, offset }: Node): boolean {
  return type === 'LIMIT_MODIFIER' && isConstant(limit, null) && (isConstant(offset, null) || isConstant(offset, 0));
}

/** What is not said is null. */
function isConstant(node: unknown, expected: null | 0): boolean {
  if (!isNode(node)) return expected === null;
  const value = node['value'];
  if (node['type'] !== 'VALUE_CONSTANT' || !isNode(value)) return false;
  return expected === null ? value['is_null'] === true : value['value'] === expected;
}

/** Its joins, with the tables that are read on their sides; what their conditions read counts for both. */
export function joinsIn(tree: unknown): TextJoin[] {
  const ctes = ctesIn(tree);
  return [...nodesIn(tree)].flatMap(({ join_type: type, left, right, condition }) =>
    typeof type === 'string'
      ? [{ type, left: tablesIn([left, condition], ctes), right: tablesIn([right, condition], ctes) }]
      : [],
  );
}

/** Definitions by the names of WITH, in lower case; all of those that share one. */
function ctesIn(tree: unknown): Map<string, unknown[]> {
  const found = new Map<string, unknown[]>();
  for (const { cte_map: ctes } of nodesIn(tree)) {
    if (!isNode(ctes) || !Array.isArray(ctes['map'])) continue;
    for (const { key, value } of ctes['map'] as { key: string; value: unknown }[])
      found.set(key.toLowerCase(), [...(found.get(key.toLowerCase()) ?? []), value]);
  }
  return found;
}

function tablesIn(value: unknown, ctes: Map<string, unknown[]>): string[] {
  const found = new Set<string>();
  const waiting = [value];
  while (waiting.length > 0)
    for (const { table_name: table } of nodesIn(waiting.pop())) {
      const name = typeof table === 'string' ? table.toLowerCase() : '';
      if (name === '' || found.has(name)) continue;
      found.add(name);
      waiting.push(...(ctes.get(name) ?? []));
    }
  return [...found];
}
