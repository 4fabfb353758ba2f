import { tokenize, type Token } from '#lib/sql/token.ts';
import { trinoFunctions, trinoKeywords, trinoName, trinoReserved } from './trino-words.ts';
import type { Names, Offer } from './completion.ts';

/*
 * What can be written at the caret of a Trino cell: after dots what stands one level down in the catalogue, otherwise the
 * notebook's own names, columns of the tables the text reads, the catalogue's names, functions and keywords.
 */

export interface CatalogueNames {
  /** Where names without a catalog are looked for; '' for nowhere. */
  catalog: string;
  schema: string;
  /** What stands under a path (nothing: catalogs), or [] where nothing does or it cannot be read. */
  under(path: readonly string[]): Promise<readonly { name: string; type: string }[]>;
}

/** A table the text reads, as written, with the name its columns go by. */
export interface TableRead {
  parts: string[];
  alias: string;
}

export async function trinoOffers(
  source: string,
  offset: number,
  names: Names,
  catalogue: CatalogueNames,
): Promise<Offer[]> {
  const before = source.slice(0, offset);
  if (/\{\{\s*\w*$/.test(before)) return names.inputs.map((name) => offer(name, 'input', 'input'));
  const owner = ownerBefore(before);
  const tables = tablesIn(source);
  return unique(
    owner.length > 0 ? await under(owner, tables, names, catalogue) : await anywhere(tables, names, catalogue),
  );
}

/** The names with dots after them, right before the word at the caret: `tpch."tiny".na` gives tpch, tiny. */
export function ownerBefore(before: string): string[] {
  const chain = /((?:(?:[A-Za-z_]\w*|"(?:[^"]|"")*")\s*\.\s*)+)(?:\w*|"[^"]*)$/.exec(before)?.[1] ?? '';
  return [...chain.matchAll(/[A-Za-z_]\w*|"(?:[^"]|"")*"/g)].map(([name]) => bare(name));
}

/** What stands after FROM and JOIN and their commas, subqueries left out. */
export function tablesIn(source: string): TableRead[] {
  const tokens = tokenize(source, 'trino').filter(({ kind }) => kind !== 'space' && kind !== 'comment');
  const text = (token: Token | undefined) => (token ? source.slice(token.from, token.to) : '');
  const isName = (token: Token | undefined) =>
    token !== undefined &&
    (token.kind === 'quoted' || (token.kind === 'word' && !trinoReserved.has(text(token).toLowerCase())));
  const found: TableRead[] = [];
  let isFrom = false;
  for (let at = 0; at < tokens.length; at++) {
    const word = text(tokens[at]).toLowerCase();
    if (tokens[at]!.kind === 'word' && (word === 'from' || word === 'join')) isFrom = true;
    else if (!(isFrom && word === ',')) {
      if (tokens[at]!.kind === 'word' && trinoReserved.has(word)) isFrom = false;
      continue;
    }
    const parts: string[] = [];
    let next = at + 1;
    while (isName(tokens[next])) {
      parts.push(bare(text(tokens[next])));
      if (text(tokens[next + 1]) !== '.') break;
      next += 2;
    }
    if (parts.length === 0) continue;
    if (text(tokens[next + 1]).toLowerCase() === 'as') next++;
    const alias = isName(tokens[next + 1]) ? bare(text(tokens[next + 1])) : parts.at(-1)!;
    found.push({ parts, alias });
    at = next;
  }
  return found;
}

async function under(owner: string[], tables: TableRead[], names: Names, catalogue: CatalogueNames): Promise<Offer[]> {
  const [first] = owner;
  const relation = owner.length === 1 && names.relations.find((each) => same(each.name, first!));
  if (relation) return relation.columns.map(column);
  const table = owner.length === 1 && tables.find((each) => same(each.alias, first!));
  const columns = table ? await columnsOf(table, names, catalogue) : [];
  if (columns.length > 0 || (table && !same(table.alias, table.parts.at(-1)!))) return columns.map(column);
  const there = await Promise.all(pathsOf(owner, catalogue).map((path) => isThere(path, catalogue)));
  const places = there.filter((path) => path !== null);
  const lists = await Promise.all(places.map((path) => catalogue.under(path)));
  return lists.flatMap((list, index) => list.map((each) => level(each, places[index]!.length)));
}

async function anywhere(tables: TableRead[], names: Names, catalogue: CatalogueNames): Promise<Offer[]> {
  const { catalog, schema } = catalogue;
  const [columns, catalogs, schemas, own] = await Promise.all([
    Promise.all(tables.map((table) => columnsOf(table, names, catalogue))),
    catalogue.under([]),
    catalog ? catalogue.under([catalog]) : [],
    catalog && schema ? catalogue.under([catalog, schema]) : [],
  ]);
  return [
    ...tables
      .filter(({ parts, alias }) => alias !== parts.at(-1))
      .map(({ alias, parts }) => offer(alias, 'relation', parts.join('.'))),
    ...columns.flat().map(column),
    ...names.relations.map((relation) => offer(relation.name, 'relation', relation.what)),
    ...own.map((each) => offer(each.name, 'relation', 'table')),
    ...schemas.map((each) => offer(each.name, 'relation', 'schema')),
    ...catalogs.map((each) => offer(each.name, 'relation', 'catalog')),
    ...names.inputs.map((name) => ({ ...offer(name, 'input', 'input'), label: `{{${name}}}`, insert: `{{${name}}}` })),
    ...trinoFunctions.map((name) => ({ ...offer(name, 'function', ''), insert: `${name}($0)` })),
    ...trinoKeywords.map((word) => ({
      ...offer(word, 'keyword', ''),
      label: word.toUpperCase(),
      insert: word.toUpperCase(),
    })),
  ];
}

async function columnsOf({ parts }: TableRead, names: Names, catalogue: CatalogueNames) {
  const relation = parts.length === 1 && names.relations.find((each) => same(each.name, parts[0]!));
  if (relation && relation.columns.length > 0) return relation.columns;
  const { catalog, schema } = catalogue;
  const path = [...[catalog, schema].slice(0, Math.max(0, 3 - parts.length)), ...parts];
  const there = path.length === 3 && path.every(Boolean) ? await isThere(path, catalogue) : null;
  return there ? catalogue.under(there) : [];
}

/** The path as the cluster spells it; null where nothing is there. So that no cluster is asked about a name that is none of its. */
async function isThere(path: readonly string[], catalogue: CatalogueNames): Promise<string[] | null> {
  const found: string[] = [];
  for (const name of path) {
    const list = await catalogue.under([...found]);
    const known = list.find((each) => same(each.name, name));
    if (!known) return null;
    found.push(known.name);
  }
  return found;
}

/** Where a written path may lead: from the root, or from where the connection begins. */
function pathsOf(owner: string[], { catalog, schema }: CatalogueNames): string[][] {
  const paths = [
    owner,
    ...(catalog ? [[catalog, ...owner]] : []),
    ...(catalog && schema ? [[catalog, schema, ...owner]] : []),
  ];
  return paths.filter((path) => path.length <= 3);
}

function level({ name, type }: { name: string; type: string }, depth: number): Offer {
  if (depth === 3) return column({ name, type });
  return offer(name, 'relation', depth === 2 ? 'table' : 'schema');
}

function column({ name, type }: { name: string; type: string }): Offer {
  return offer(name, 'column', type.toLowerCase());
}

function offer(name: string, kind: Offer['kind'], detail: string): Offer {
  return { label: name, kind, detail, insert: kind === 'keyword' ? name : trinoName(name) };
}

function unique(offers: Offer[]): Offer[] {
  return [...new Map(offers.toReversed().map((each) => [each.label, each])).values()].reverse();
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function bare(name: string): string {
  return name.startsWith('"') ? name.replace(/^"|"$/g, '').replaceAll('""', '"') : name;
}
