import { formatBytes, groupDigits } from '#lib/table/format.ts';
import { tokenize } from '#lib/sql/token.ts';
import { partitionColumn } from './partition.ts';
import type { Hint } from './view.ts';

/*
 * What people can do better before a query runs, from the cluster's plan, what is known of its tables, and the text where the
 * plan is silent. A hint says what was found and what to do; it never keeps a query from running.
 */

/** What is known of a query. */
export interface Facts {
  /** As people wrote it. */
  source: string;
  tables: FactTable[];
  /** Rows of the answer, as the plan estimates; null where it does not. */
  rows: number | null;
  /** The plan, as text, where there is one: names of its steps are looked for in it. */
  plan: string | null;
}

export interface FactTable {
  /** `iceberg.shop.purchase` */
  name: string;
  /** How many it has; null when not known. */
  columns: number | null;
  /** As Trino writes it: `day(paid_at)`. */
  partitioning: string[];
  /** Columns whose values the plan restricts. */
  restricted: string[];
  rows: number | null;
  bytes: number | null;
}

/** Columns above which a table is wide. */
export const wide = 20;
/** Rows above which an answer without LIMIT is worth a word. */
export const many = 1_000_000;

/** In the order in which they matter: what reads most comes first. */
export function hintsFor(facts: Facts): Hint[] {
  const words = wordsOf(facts.source);
  return [...crossJoin(facts, words), ...unpartitioned(facts), ...wideStar(facts, words), ...unlimited(facts, words)];
}

function unpartitioned({ tables }: Facts): Hint[] {
  return tables.filter(isReadWhole).map(({ name, partitioning, bytes }) => {
    const columns = partitioning.map(partitionColumn);
    const size = bytes === null ? '' : `, about ${formatBytes(bytes)}`;
    return {
      code: 'no-partition',
      message: `${name} is cut by ${partitioning.join(', ')}, and nothing restricts that: all of it is read${size}.`,
      act: `Add a condition on ${columns.join(' or ')}.`,
    };
  });
}

function isReadWhole({ partitioning, restricted }: FactTable): boolean {
  const known = new Set(restricted.map((name) => name.toLowerCase()));
  return partitioning.length > 0 && !partitioning.some((part) => known.has(partitionColumn(part).toLowerCase()));
}

function wideStar({ tables }: Facts, words: Word[]): Hint[] {
  if (!hasStar(words)) return [];
  return tables
    .filter((table) => (table.columns ?? 0) > wide && isNamed(table, words))
    .map(({ name, columns }) => ({
      code: 'select-star',
      message: `SELECT * reads all ${columns} columns of ${name}.`,
      act: 'Name the columns you need: a cluster reads each column by itself.',
    }));
}

/** The plan knows joins that only look like ones with a condition; without it, what the text says in so many words. */
function crossJoin({ plan }: Facts, words: Word[]): Hint[] {
  if (plan !== null) return /\bCrossJoin\b/.test(plan) ? [cross('The plan has a cross join')] : [];
  return words.some(isCrossJoin) ? [cross('The text has a CROSS JOIN')] : [];
}

const cross = (found: string): Hint => ({
  code: 'cross-join',
  message: `${found}: every row of one side is put beside every row of the other.`,
  act: 'Join on a condition, unless one side has a single row.',
});

/** UNNEST puts beside each row what is in it. */
function isCrossJoin(word: Word, index: number, words: Word[]): boolean {
  const [next, after] = [words[index + 1]?.text, words[index + 2]?.text];
  return word.text === 'cross' && next === 'join' && after !== 'unnest';
}

function unlimited({ rows }: Facts, words: Word[]): Hint[] {
  const isLimited = words.some(({ text, depth }) => depth === 0 && (text === 'limit' || text === 'fetch'));
  if (rows === null || rows < many || isLimited) return [];
  return [
    {
      code: 'unlimited',
      message: `The answer has about ${groupDigits(String(Math.round(rows)))} rows and no LIMIT.`,
      act: 'Aggregate, or add a LIMIT: rows are sent here one by one.',
    },
  ];
}

interface Word {
  /** In small letters; what is quoted begins with a quote, so that a name is never taken for a keyword. */
  text: string;
  /** How many parentheses it stands in. */
  depth: number;
}

/** Words and signs, without comments. */
function wordsOf(source: string): Word[] {
  const words: Word[] = [];
  let depth = 0;
  for (const { kind, from, to } of tokenize(source, 'trino')) {
    if (kind === 'space' || kind === 'comment') continue;
    const text = source.slice(from, to).toLowerCase();
    if (text === ')') depth--;
    words.push({ text: kind === 'quoted' ? unquoted(text) : text, depth });
    if (text === '(') depth++;
  }
  return words;
}

/** Without its end, and with what is doubled in it once. */
function unquoted(text: string): string {
  return `"${text.slice(1, -1).replaceAll('""', '"')}`;
}

/** `SELECT *`, `SELECT a, *` or `t.*` at the outermost height; not `count(*)` and not `a * b`. */
function hasStar(words: Word[]): boolean {
  return words.some(({ text, depth }, index) => {
    const before = words[index - 1]?.text ?? '';
    return text === '*' && depth === 0 && ['select', 'distinct', 'all', ',', '.'].includes(before);
  });
}

/** Whether the outermost FROM or JOIN names the table itself, so that the star is its own. */
function isNamed({ name }: FactTable, words: Word[]): boolean {
  const own = name.split('.').at(-1)!.toLowerCase();
  const isOwn = (text: string) => text === own || text === `"${own}`;
  return words.some(({ text, depth }, index) => depth === 0 && isOwn(text) && follows(words, index));
}

/** Back over `catalog . schema .` to what the name stands after. */
function follows(words: Word[], index: number): boolean {
  let at = index;
  while (words[at - 1]?.text === '.') at -= 2;
  return ['from', 'join', ','].includes(words[at - 1]?.text ?? '');
}
