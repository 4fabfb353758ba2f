import { tokenize, type Token } from './token.ts';

/** A coloured stretch of SQL, for showing a cell before its editor has loaded. Stretches without colour are left out. */
export interface Span {
  kind: 'keyword' | 'string' | 'number' | 'comment' | 'parameter' | 'identifier' | 'function';
  /** [from, to) in UTF-16 units. */
  from: number;
  to: number;
}

const keywords = new Set(
  `add all alter analyze and anti any array as asc asof at attach begin between both by case cast check collate column
  commit constraint copy create cross cube current current_date current_time current_timestamp database default delete
  desc describe detach distinct do drop else end escape except exclude execute exists explain export extension false
  fetch filter first following for force foreign from full function generated glob grant group grouping groups having
  if ignore ilike import in index inner insert install intersect interval into is isnull join key last lateral leading
  left like limit load macro map materialized merge natural not notnull null nulls of offset on only or order outer over
  overlaps partition percent pivot positional pragma preceding prepare primary qualify range recursive references
  replace reset respect returning right rollback rollup row rows sample schema select semi set sets show similar some
  struct summarize table tablesample temp temporary then ties to trailing transaction trigger true truncate try_cast
  type unbounded union unique unpivot update use using vacuum values view when where window with within without
  bigint blob boolean date decimal double float hugeint integer json real smallint text time timestamp timestamptz
  tinyint ubigint uhugeint uinteger usmallint utinyint uuid varchar`
    .trim()
    .split(/\s+/),
);

export function spansOf(source: string): Span[] {
  const tokens = tokenize(source).filter((token) => token.kind !== 'space');
  const spans: Span[] = [];
  for (const [index, token] of tokens.entries()) {
    const kind = kindOf(source, token, tokens[index + 1]);
    if (kind) spans.push({ kind, from: token.from, to: token.to });
  }
  return spans;
}

function kindOf(source: string, token: Token, next: Token | undefined): Span['kind'] | null {
  switch (token.kind) {
    case 'word':
      return kindOfWord(source.slice(token.from, token.to), next !== undefined && source[next.from] === '(');
    case 'quoted':
      return 'identifier';
    case 'space':
    case 'operator':
      return null;
    default:
      return token.kind;
  }
}

const callable = new Set([
  'first',
  'last',
  'date',
  'time',
  'timestamp',
  'range',
  'replace',
  'left',
  'right',
  'map',
  'if',
]);

function kindOfWord(word: string, called: boolean): Span['kind'] {
  const known = keywords.has(word.toLowerCase());
  if (called && (!known || callable.has(word.toLowerCase()))) return 'function';
  return known ? 'keyword' : 'identifier';
}
