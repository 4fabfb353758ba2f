import { CellName, type CellType } from './cell.ts';

/** What a made-up name begins with; markdown has no name. */
const stems: Record<CellType, string> = {
  sql: 'query',
  typescript: 'code',
  chart: 'chart',
  input: 'input',
  markdown: '',
};

/** SQL does not tell upper from lower case, so neither do cells. */
export function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** The nearest name to what was typed: 'Daily users!' becomes 'Daily_users'; '' when nothing is left. */
export function toName(text: string): string {
  const word = text
    .normalize('NFKD')
    .replaceAll(/[^A-Za-z0-9_]+/g, '_')
    .replaceAll(/^_+|_+$/g, '');
  const name = (/^\d/.test(word) ? `_${word}` : word).slice(0, 60);
  return CellName.safeParse(name).success ? name : '';
}

/** The name itself, or with the first free number after it. */
export function freeName(name: string, taken: Iterable<string>): string {
  const used = new Set(Array.from(taken, (each) => each.toLowerCase()));
  if (!used.has(name.toLowerCase())) return name;
  const stem = name.replace(/_\d+$/, '').slice(0, 56);
  for (let number = 2; ; number++) {
    const next = `${stem}_${number}`;
    if (!used.has(next.toLowerCase())) return next;
  }
}

/** Words that SQL or TypeScript keeps for itself: a table or a variable cannot be read under them. */
const reserved = new Set(
  `all analyse analyze and any array as asc asymmetric both case cast check collate column constraint create default
  deferrable desc describe distinct do else end except false fetch for foreign from group having in initially intersect
  into lambda lateral leading limit not null offset on only or order pivot placing primary qualify references returning
  select show some summarize symmetric table then to trailing true union unique unpivot using variadic when where window
  with await break catch class const continue debugger delete enum export extends finally function if implements import
  instanceof interface let new package private protected public return static super switch this throw try typeof var
  void while yield`
    .trim()
    .split(/\s+/),
);

/** A name under which a cell of the type can be read: `order` becomes `order_`. An input is only ever read in braces or by its very name. */
export function readableName(name: string, type: CellType): string {
  return reserved.has(name.toLowerCase()) && type !== 'input' ? `${name}_` : name;
}

/** query_1, code_2, chart_1, input_3: the first free one; '' for markdown. */
export function nameFor(type: CellType, taken: Iterable<string>): string {
  return stems[type] && freeName(`${stems[type]}_1`, taken);
}
