import type { KernelError } from '#kernels/kernel.ts';
import { closest } from '#lib/sql/closest.ts';
import { offsetOf } from '#lib/sql/compile.ts';
import { tokenize } from '#lib/sql/token.ts';
import { quoteName } from '#lib/sql/trino.ts';
import { namesReadApart } from './apart.ts';
import { askWith } from './ask.ts';
import { functions } from './functions.ts';
import type { QueryError } from './head.ts';
import type { Wire } from './wire.ts';

/*
 * "Did you mean …": for a name the cluster does not know, the one most like it of those it does know, and the edit that
 * mends the text. The cluster is asked only after a failure, and what it does not answer soon is left out.
 */

/** ms for all questions together. */
const patience = 1_000;

/** Tables whose columns are looked at. */
const mostTables = 4;

export async function suggest(
  failure: KernelError,
  said: QueryError,
  source: string,
  wire: Wire,
  signal: AbortSignal,
): Promise<KernelError> {
  const { position } = failure;
  const name = /'([^']+)'/.exec(said.message)?.[1];
  if (failure.code !== 'unknown-name' || !position || name === undefined) return failure;
  const known = await candidates(said.errorName, name, source, wire, signal).catch(() => []);
  const wanted = name.split('.').at(-1)!;
  const best = closest(wanted, known);
  const place = placeOf(source, offsetOf(source, position), wanted);
  const found = place
    ? { ...position, column: position.column, length: place.to - offsetOf(source, position) }
    : position;
  if (best === null || best.toLowerCase() === wanted.toLowerCase()) return { ...failure, position: found };
  const text = /^[a-z_][a-z0-9_]*$/.test(best) ? best : quoteName(best);
  const mended = { ...failure, position: found, hint: `Did you mean ${best}?` };
  return place ? { ...mended, fix: { label: `Change to ${best}`, ...place, text } } : mended;
}

/** Names of the kind that was not found, as the cluster has them. */
async function candidates(
  kind: string,
  name: string,
  source: string,
  wire: Wire,
  signal: AbortSignal,
): Promise<string[]> {
  const [catalog, schema] = name.split('.').slice(0, -1).slice(-2) as [string?, string?];
  const list = (sql: string) => firstColumn(wire, sql, signal);
  switch (kind) {
    case 'COLUMN_NOT_FOUND':
      return [...(await columnsRead(source, wire, signal)), ...wordsOf(source, name.split('.').at(-1)!)];
    case 'TABLE_NOT_FOUND':
      return catalog && schema ? list(`SHOW TABLES FROM ${quoteName(catalog)}.${quoteName(schema)}`) : [];
    case 'SCHEMA_NOT_FOUND': {
      const within = await catalogOf(name, source, wire);
      return within === '' ? [] : list(`SHOW SCHEMAS FROM ${quoteName(within)}`);
    }
    case 'CATALOG_NOT_FOUND':
      return list('SHOW CATALOGS');
    case 'FUNCTION_NOT_FOUND':
      return functions;
    default:
      return [];
  }
}

async function columnsRead(source: string, wire: Wire, signal: AbortSignal): Promise<string[]> {
  const read = (await namesReadApart(source)) ?? [];
  const names = read.slice(0, mostTables).map(({ parts }) => parts.map(quoteName).join('.'));
  const asked = names.map((table) => firstColumn(wire, `DESCRIBE ${table}`, signal).catch(() => []));
  return (await Promise.all(asked)).flat();
}

/** The catalog a schema was looked for in, as the text or the connection names it. */
async function catalogOf(schema: string, source: string, wire: Wire): Promise<string> {
  const names = (await namesReadApart(source)) ?? [];
  const named = names.find(({ parts }) => parts.length === 3 && parts[1]!.toLowerCase() === schema.toLowerCase());
  return named?.parts[0] ?? wire.target.catalog;
}

/** Other names the text uses: aliases of its own, columns of its WITH. */
function wordsOf(source: string, name: string): string[] {
  const words = tokenize(source, 'trino').filter(({ kind }) => kind === 'word');
  const all = words.map(({ from, to }) => source.slice(from, to));
  return [...new Set(all)].filter((word) => !isKeyword(word) && word.toLowerCase() !== name.toLowerCase());
}

function isKeyword(word: string): boolean {
  return /^(select|from|where|group|by|order|having|limit|as|on|join|with|and|or|not|null|case|when|then|else|end)$/i.test(
    word,
  );
}

async function firstColumn(wire: Wire, sql: string, signal: AbortSignal): Promise<string[]> {
  const { rows } = await askWith(wire, sql, { access: 'plain', signal, timeout: patience, limit: 5000 });
  return rows.flatMap(([name]) => (typeof name === 'string' ? [name] : []));
}

/** [from, to) of the name in the text, which begins at `at` and may be qualified: `o.nam`. */
function placeOf(source: string, at: number, wanted: string): { from: number; to: number } | null {
  const text = source.slice(at).toLowerCase();
  const names = /^(?:(?:"[^"]*"|[\p{L}\p{N}_$]+)\s*\.\s*){0,3}("[^"]*"|[\p{L}\p{N}_$]+)/u.exec(text);
  if (!names) return null;
  const parts = [...names[0].matchAll(/"[^"]*"|[\p{L}\p{N}_$]+/gu)];
  const part = parts.findLast(([each]) => each.replaceAll('"', '') === wanted.toLowerCase());
  return part ? { from: at + part.index, to: at + part.index + part[0].length } : null;
}
