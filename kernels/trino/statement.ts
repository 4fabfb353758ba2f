import type { KernelError } from '#kernels/kernel.ts';
import { statementsOf, tokenize, type Token } from '#lib/sql/token.ts';

/*
 * SECURITY 17. Which statement a text is, by its first words. Trino's grammar tells a statement's kind by these alone, so no
 * text can hide behind them; what is not known to read is refused. The engine's READ ONLY transaction refuses writes too,
 * but lets CREATE CATALOG and SET SESSION through: hence both.
 */

/** One statement and how it begins. Offsets are in the text it was cut from. */
export interface Statement {
  /** [from, to) without semicolons. */
  from: number;
  to: number;
  /** `EXPLAIN (TYPE IO)`, `EXPLAIN ANALYZE`, on one line; '' where nothing is explained. */
  explain: string;
  /** Where the statement itself begins, behind EXPLAIN. */
  begins: number;
  /** Its first word in capitals, or `(`. */
  word: string;
}

export type Cut = { ok: true; statement: Statement } | { ok: false; error: KernelError };

/** The one statement of a text. */
export function cutStatement(source: string): Cut {
  const [first, second] = statementsOf(source, 'trino');
  if (!first) return { ok: false, error: { code: 'syntax', message: 'There is no statement to run.' } };
  if (second) return { ok: false, error: tooMany };
  const tokens = wordsOf(source, first);
  const behind = endOfExplain(source, tokens);
  const text = tokens.slice(0, behind).map((token) => source.slice(token.from, token.to));
  const begin = tokens[behind];
  const word = begin ? source.slice(begin.from, begin.to).toUpperCase() : '';
  const statement = { ...first, explain: text.join(' '), begins: begin?.from ?? first.to, word };
  return { ok: true, statement };
}

const queries = new Set(['SELECT', 'WITH', 'VALUES', 'TABLE', '(']);
const shows = new Set(['SHOW', 'DESCRIBE', 'DESC']);

/** Why the statement may not be run where only reading is allowed; null when it may. */
export function refusalOf({ word }: Statement): KernelError | null {
  return queries.has(word) || shows.has(word) ? null : notARead;
}

/** Whether it gives rows of its own, so that it can be a relation and may have CTEs put before it. */
export function isQuery({ word }: Statement): boolean {
  return queries.has(word);
}

/** What counts in a stretch of text: neither space nor comment. */
export function wordsOf(source: string, { from, to }: { from: number; to: number }): Token[] {
  const counts = (token: Token) => token.kind !== 'space' && token.kind !== 'comment';
  return tokenize(source.slice(from, to), 'trino')
    .filter(counts)
    .map((token) => ({ ...token, from: token.from + from, to: token.to + from }));
}

/** How many tokens EXPLAIN takes: `EXPLAIN`, `EXPLAIN ANALYZE [VERBOSE]`, `EXPLAIN (…)`. */
function endOfExplain(source: string, tokens: Token[]): number {
  const textOf = (index: number) => {
    const token = tokens[index];
    return token ? source.slice(token.from, token.to).toUpperCase() : '';
  };
  if (textOf(0) !== 'EXPLAIN') return 0;
  if (textOf(1) === 'ANALYZE') return textOf(2) === 'VERBOSE' ? 3 : 2;
  const isOptions = textOf(1) === '(' && ['TYPE', 'FORMAT'].includes(textOf(2));
  if (!isOptions) return 1;
  const close = tokens.findIndex((_, index) => index > 1 && textOf(index) === ')');
  return close < 0 ? tokens.length : close + 1;
}

const tooMany: KernelError = {
  code: 'refused',
  message: 'A cell runs one statement, and this text has more.',
  hint: 'Put each statement into a cell of its own.',
};

const notARead: KernelError = {
  code: 'refused',
  message: 'Only statements that read are run here: SELECT, WITH, VALUES, TABLE, SHOW, DESCRIBE, EXPLAIN.',
  hint: 'Tables on the cluster are written by jobs; promote the query to keep its result.',
};
