import type { KernelError, Position } from '#kernels/kernel.ts';

/*
 * DuckDB's error text as a KernelError: which kind it is, where it points, and what to do. DuckDB marks the place with
 * `LINE 3: the line …` and a caret under it; a long line is cut at both ends with dots, so the caret alone does not tell.
 */

type Code = KernelError['code'];

const codes: [RegExp, Code][] = [
  [/^INTERRUPT Error|^Interrupted/i, 'cancelled'],
  [/^Parser Error|^Syntax Error/, 'syntax'],
  [/^Out of Memory Error|bad_alloc|Allocation failure/i, 'memory'],
  [/^Permission Error/, 'refused'],
  [
    /^Catalog Error[^]*(does not exist|is not in the catalog)|^Binder Error[^]*(not found|does not exist|does not have a column)/,
    'unknown-name',
  ],
  [/^(Catalog|Binder) Error/, 'syntax'],
  [/^Not implemented Error|^Missing Extension Error/, 'unsupported'],
];

/** `text` is the SQL the engine saw; `toSource` maps a place in it to the text people wrote. */
export function toFailure(said: string, text: string, toSource: (place: Position) => Position): KernelError {
  const whole = said.replace(/^(Failed to [a-z ]+|Error): /i, '');
  const detail = withoutPaths(whole);
  const code = codes.find(([pattern]) => pattern.test(detail))?.[1] ?? 'runtime';
  const place = placeOf(whole, text);
  const error: KernelError = { code, message: messageOf(detail, code), detail };
  if (place) error.position = toSource(place);
  const hint = hintOf(detail, code);
  if (hint) error.hint = hint;
  return error;
}

/** Errors about files, which are this server's own: SQL of people reaches no other. */
const aboutFiles = /^(IO Error|E[A-Z]{3,}:)/;
/** As the warehouse and streams call their files. */
const ownFile = /\/(warehouse|streams)\/[^"']*\.(parquet|ndjson|part|log|timeline|keys)$/;
/** In quotes, where it may have spaces, or bare. */
const path = /(["'])(\/[^"'\n]*)\1|(?<![^\s(=])\/[^\s"'(),;]*[^\s"'(),;.:]/g;

/**
 * What an engine or the file system says without where this server keeps its files (SECURITY 22): of a path the last part stays. What
 * people wrote, under `LINE 3:` and in values, stays as it is.
 */
export function withoutPaths(said: string): string {
  const isAboutFiles = aboutFiles.test(said);
  const at = said.search(/(^|\n)LINE \d+: /);
  const words = at < 0 ? said : said.slice(0, at);
  const cleaned = words.replace(path, (found: string, quote: string | undefined, quoted: string | undefined) => {
    const name = quoted ?? found;
    if (!isAboutFiles && !ownFile.test(name)) return found;
    const mark = quote ?? '';
    return `${mark}${name.replace(/\/+$/, '').split('/').at(-1)}${mark}`;
  });
  return cleaned + said.slice(words.length);
}

/** What is said of a statement of ours, likewise, without the statement: it names files. */
export function ownWords(error: unknown): string {
  const said = error instanceof Error ? error.message : String(error);
  return withoutPaths(said.split(/\n+LINE \d+: /)[0]!);
}

/** The engine's first paragraph without its own prefix. */
function messageOf(detail: string, code: Code): string {
  if (code === 'memory') return 'The query needed more memory than it may use.';
  if (code === 'cancelled') return 'Stopped.';
  const first = detail.split(/\n\n|\nLINE \d+:|\nCandidate|\nDid you mean/)[0]!.trim();
  return first.replace(/^[A-Za-z ]+ Error: /, '');
}

function hintOf(detail: string, code: Code): string | undefined {
  if (code === 'memory')
    return 'Filter or aggregate earlier, select fewer columns, or avoid a join without a condition.';
  if (code === 'refused') return 'SQL here reads cells and datasets only: upload a file as a dataset to query it.';
  const candidates = candidatesOf(detail);
  return candidates.length > 0 ? `Did you mean ${candidates.slice(0, 3).join(', ')}?` : undefined;
}

/** Tables of the engine itself, which nobody means. */
const internal = /^(pg_|duckdb_|sqlite_|pragma_|information_schema)/;

/** Names the engine proposes, nearest first. */
export function candidatesOf(detail: string): string[] {
  const listed = /Candidate (?:bindings|functions|Entries)?:? ?(.*)/i.exec(detail)?.[1] ?? '';
  const meant = /Did you mean "([^"]+)"/.exec(detail)?.[1];
  const names = [...listed.matchAll(/"([^"]+)"/g)].map((match) => match[1]!);
  return [...new Set(meant ? [meant, ...names] : names)].filter((name) => !internal.test(name));
}

/** Where the caret points, in the text the engine saw; null where it points nowhere. */
export function placeOf(detail: string, text: string): Position | null {
  const shown = /(?:^|\n)(LINE (\d+): )(.*)\n( *)\^/.exec(detail);
  if (!shown) return null;
  const [, head, line, excerpt, indent] = shown as unknown as [string, string, string, string, string];
  const full = text.split('\n')[Number(line) - 1];
  if (full === undefined) return null;
  const column = columnIn(full, excerpt, indent.length - head.length);
  const length = /^[\p{L}\p{N}_]+/u.exec(full.slice(column))?.[0].length ?? 1;
  return { line: Number(line), column: column + 1, length };
}

/** The excerpt may be cut to `...middle...`: find it in the line again. */
function columnIn(full: string, excerpt: string, caret: number): number {
  const cutLeft = excerpt.startsWith('...');
  const middle = excerpt.replace(/^\.\.\./, '').replace(/\.\.\.$/, '');
  const at = cutLeft ? full.indexOf(middle) : 0;
  if (at < 0) return 0;
  return Math.min(full.length, Math.max(0, at + caret - (cutLeft ? 3 : 0)));
}
