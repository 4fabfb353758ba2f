import { tokenize } from '#lib/sql/token.ts';
import { loadGrammar, type Grammar } from './grammar.ts';

/*
 * What a text reads, by Trino's grammar: tables and cells as written, without the names its own WITH gives. Runs in the page
 * and on the server. A text the grammar does not take reads nothing here: the engine will say what is wrong with it.
 */

export interface NameRead {
  /** As written, without quotes: `['tpch', 'tiny', 'nation']`. */
  parts: string[];
  /** [from, to) in the source. */
  from: number;
  to: number;
}

/** Names in first-use order, each once; `tpch.tiny.nation` for a qualified one; [] when the text cannot be parsed. */
export async function readsOf(source: string): Promise<string[]> {
  return distinctNames((await namesRead(source)) ?? []);
}

export function distinctNames(read: NameRead[]): string[] {
  const names = new Map<string, string>();
  for (const name of read.map(({ parts }) => parts.join('.')))
    if (!names.has(name.toLowerCase())) names.set(name.toLowerCase(), name);
  return [...names.values()];
}

/** Every place where a table or cell is read; null when the text cannot be parsed. */
export async function namesRead(source: string): Promise<NameRead[] | null> {
  const grammar = await loadGrammar();
  let isBroken = false;
  const parser = grammar.sql.createParser(withPlaceholders(source), () => (isBroken = true));
  const tree = parser.program();
  if (isBroken) return null;
  const found: NameRead[] = [];
  visit(grammar, tree as unknown as Node, { names: new Set(), isQuery: false }, found);
  return found;
}

/** Trino's names know no case. */
export function sameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/** `{{name}}` as `?`, every offset kept. */
export function withPlaceholders(source: string): string {
  return tokenize(source, 'trino')
    .map(({ kind, from, to }) => {
      const text = source.slice(from, to);
      return kind === 'parameter' ? `?${text.slice(1).replaceAll(/[^\n\r]/g, ' ')}` : text;
    })
    .join('');
}

/** As much of ANTLR's trees as is needed here. */
interface Node {
  ruleIndex?: number;
  children?: Node[] | null;
  start?: { start: number } | null;
  stop?: { stop: number } | null;
  getText(): string;
}

interface Scope {
  /** What WITH has named so far, in small letters. */
  names: ReadonlySet<string>;
  /** Names of tables are read within a query only: not where one is made or described. */
  isQuery: boolean;
}

function visit(grammar: Grammar, node: Node, scope: Scope, found: NameRead[]): void {
  const { Parser } = grammar;
  if (node.ruleIndex === Parser.RULE_query) return visitQuery(grammar, node, scope, found);
  if (node.ruleIndex === Parser.RULE_tableRef || node.ruleIndex === Parser.RULE_viewRef) {
    const name = nameOf(grammar, node);
    const isNamedHere = name.parts.length === 1 && scope.names.has(name.parts[0]!.toLowerCase());
    if (scope.isQuery && !isNamedHere && !isLateral(node)) found.push(name);
    return;
  }
  for (const child of node.children ?? []) visit(grammar, child, scope, found);
}

function visitQuery(grammar: Grammar, query: Node, outer: Scope, found: NameRead[]): void {
  const { Parser } = grammar;
  const names = new Set(outer.names);
  const scope: Scope = { names, isQuery: true };
  for (const child of query.children ?? []) {
    if (child.ruleIndex !== Parser.RULE_with) visit(grammar, child, scope, found);
    else visitWith(grammar, child, scope, names, found);
  }
}

function visitWith(grammar: Grammar, clause: Node, scope: Scope, names: Set<string>, found: NameRead[]): void {
  const { Parser } = grammar;
  const children = clause.children ?? [];
  const isRecursive = children.some((child) => child.getText().toUpperCase() === 'RECURSIVE');
  for (const named of children.filter((child) => child.ruleIndex === Parser.RULE_namedQuery)) {
    const own = unquote(named.children![0]!.getText()).toLowerCase();
    if (isRecursive) names.add(own);
    visit(grammar, named, scope, found);
    names.add(own);
  }
}

function nameOf({ Parser }: Grammar, node: Node): NameRead {
  const identifiers = identifiersOf(Parser.RULE_identifier, node);
  return {
    parts: identifiers.map((identifier) => unquote(identifier.getText())),
    from: node.start?.start ?? 0,
    to: (node.stop?.stop ?? -1) + 1,
  };
}

/** The grammar takes LATERAL, which is no reserved word, for a table when a subquery follows. */
function isLateral(node: Node): boolean {
  return node.getText().toUpperCase() === 'LATERAL';
}

function identifiersOf(rule: number, node: Node): Node[] {
  if (node.ruleIndex === rule) return [node];
  return (node.children ?? []).flatMap((child) => identifiersOf(rule, child));
}

function unquote(text: string): string {
  return /^["`]/.test(text) ? text.slice(1, -1).replaceAll('""', '"').replaceAll('``', '`') : text;
}
