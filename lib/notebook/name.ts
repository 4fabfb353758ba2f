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

/** query_1, code_2, chart_1, input_3: the first free one; '' for markdown. */
export function nameFor(type: CellType, taken: Iterable<string>): string {
  return stems[type] && freeName(`${stems[type]}_1`, taken);
}
