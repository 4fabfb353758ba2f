import { blank } from '#lib/sql/compile.ts';
import { tokenize, type Token } from '#lib/sql/token.ts';
import type { Engine } from './engine.ts';
import { parseEngineError } from './error.ts';

/*
 * The relations a text reads, by the engine's word. DuckDB names tables by binding, and a few texts cannot be bound before
 * their tables exist (USING, NATURAL, ASOF, PIVOT): for those that parse, the names behind FROM and JOIN are taken.
 */
export async function readNames(engine: Engine, source: string): Promise<string[]> {
  const sql = blank(source);
  try {
    return inOrder(sql, await engine.tableNames(sql));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return parseEngineError(message)?.exception_type === 'Parser' ? [] : namesBehindFrom(sql);
  }
}

interface Word {
  text: string;
  isQuoted: boolean;
}

function inOrder(sql: string, names: string[]): string[] {
  const words = wordsOf(sql).map((word) => word.text.toLowerCase());
  const place = (name: string) => {
    const at = words.indexOf(name.toLowerCase());
    return at < 0 ? Infinity : at;
  };
  return names.toSorted((a, b) => place(a) - place(b));
}

const openers = new Set(['FROM', 'JOIN', 'PIVOT', 'UNPIVOT', 'DESCRIBE', 'SUMMARIZE', 'TABLE']);

/** Names that stand where a table stands and are not defined by WITH in the same text. */
export function namesBehindFrom(sql: string): string[] {
  const words = wordsOf(sql);
  const defined = new Set(words.filter((_, at) => isDefinition(words, at)).map((word) => word.text.toLowerCase()));
  const found = new Map<string, string>();
  for (let at = 1; at < words.length; at++) {
    const word = words[at]!;
    if (!isTable(words, at) || defined.has(word.text.toLowerCase())) continue;
    if (!found.has(word.text.toLowerCase())) found.set(word.text.toLowerCase(), word.text);
  }
  return [...found.values()];
}

function isTable(words: Word[], at: number): boolean {
  const before = words[at - 1]!;
  const isName = words[at]!.isQuoted || /^[\p{L}_]/u.test(words[at]!.text);
  return isName && !before.isQuoted && openers.has(before.text.toUpperCase()) && words[at + 1]?.text !== '(';
}

/** `name AS (` or `name AS MATERIALIZED (`. */
function isDefinition(words: Word[], at: number): boolean {
  const [as, next, more] = words.slice(at + 1, at + 4).map((word) => word.text.toUpperCase());
  return as === 'AS' && (next === '(' || next === 'MATERIALIZED' || (next === 'NOT' && more === 'MATERIALIZED'));
}

function wordsOf(sql: string): Word[] {
  return tokenize(sql)
    .filter((token) => token.kind !== 'space' && token.kind !== 'comment')
    .map((token) => ({ text: textOf(sql, token), isQuoted: token.kind === 'quoted' }));
}

function textOf(sql: string, token: Token): string {
  const text = sql.slice(token.from, token.to);
  return token.kind === 'quoted' ? text.replace(/^"|"$/g, '').replaceAll('""', '"') : text;
}
