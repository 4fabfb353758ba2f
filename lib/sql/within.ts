import { readableName, sameName } from '#lib/notebook/name.ts';
import { identifier } from './quote.ts';
import { tokenize, type Token } from './token.ts';
import { spansOf } from './tokens.ts';

/**
 * The text with every reading of `table` after FROM or JOIN narrowed to the rows whose `column` lies in
 * `[{{window_start}}, {{window_end}})`; null where it is read in no such place. What the text calls the table stays.
 */
export function withinWindow(source: string, table: string, column: string): string | null {
  const tokens = tokenize(source).filter(({ kind }) => kind !== 'space' && kind !== 'comment');
  const identifiers = new Set(spansOf(source).flatMap(({ kind, from }) => (kind === 'identifier' ? [from] : [])));
  const time = written(column);
  const rows = `(SELECT * FROM ${written(table)} WHERE ${time} >= {{window_start}} AND ${time} < {{window_end}})`;
  let text = source;
  for (const [index, token] of [...tokens.entries()].toReversed()) {
    if (!isReading(source, tokens, index, table)) continue;
    const next = tokens[index + 1];
    const hasAlias = next && (/^as$/i.test(textOf(source, next)) || identifiers.has(next.from));
    text = `${text.slice(0, token.from)}${rows}${hasAlias ? '' : ` AS ${written(table)}`}${text.slice(token.to)}`;
  }
  return text === source ? null : text;
}

/** Quoted only where it must be: people will read on in this text. */
function written(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) && readableName(name, 'sql') === name ? name : identifier(name);
}

function isReading(source: string, tokens: Token[], index: number, table: string): boolean {
  const [before, token, next] = [tokens[index - 1], tokens[index]!, tokens[index + 1]];
  if (!before || !/^(from|join)$/i.test(textOf(source, before))) return false;
  if (next && ['.', '('].includes(textOf(source, next))) return false;
  return sameName(nameIn(source, token), table);
}

function nameIn(source: string, token: Token): string {
  const text = textOf(source, token);
  return token.kind === 'quoted' ? text.slice(1, -1).replaceAll('""', '"') : token.kind === 'word' ? text : '';
}

function textOf(source: string, { from, to }: Token): string {
  return source.slice(from, to);
}
