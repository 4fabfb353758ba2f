import { placeAt, offsetOf, type Place } from '#lib/sql/compile.ts';
import type { KernelError } from '#kernels/kernel.ts';
import { closest } from '#lib/sql/closest.ts';

/*
 * DuckDB's errors, asked for as JSON (`errors_as_json`), as KernelErrors in the text people see. What is no JSON is a
 * fault of the machine under the engine: the worker is lost.
 */

interface EngineError {
  exception_type: string;
  exception_message: string;
  error_subtype?: string;
  /** Byte offset in the statement. */
  position?: string;
  name?: string;
  candidates?: string;
}

/** Where the engine's text stands in people's text. */
export interface Origin {
  source: string;
  /** What we put before `sql`. */
  prefix: string;
  sql: string;
  toSource(place: Place): Place;
}

/** For errors that no text of people caused. */
export const nowhere: Origin = { source: '', prefix: '', sql: '', toSource: (place) => place };

/** The engine's error, or null when it is none of its own words. */
export function parseEngineError(text: string): EngineError | null {
  const json = text.replace(/^[A-Za-z ]+ Error: (?=\{)/, '');
  if (!json.startsWith('{')) return null;
  const error = JSON.parse(json) as EngineError;
  return parseEngineError(error.exception_message) ?? error;
}

/** What the message of a rejected call means, for the text it came from. */
export function toKernelError(message: string, origin: Origin): KernelError {
  const error = parseEngineError(message);
  if (!error) return lost(message);
  const { exception_message: detail } = error;
  const place = positionOf(error, origin);
  return {
    ...(extension(detail) ?? { code: codeOf(error), message: sentence(detail), ...fixOf(error, place, origin) }),
    detail,
    ...(place && { position: place }),
  };
}

function lost(detail: string): KernelError {
  const isMemory = /memory|allocat/i.test(detail) && !/out of bounds/i.test(detail);
  if (isMemory) return { ...outOfMemory, detail };
  return {
    code: 'lost',
    message: 'DuckDB stopped unexpectedly and was started again.',
    hint: 'Run the cell again; if it happens again, run it on the warehouse.',
    detail,
  };
}

export const outOfMemory: KernelError = {
  code: 'memory',
  message: 'The query needs more memory than a browser tab has.',
  hint: 'Read fewer rows or columns, or run it on the warehouse.',
};

const codes: Record<string, KernelError['code']> = {
  Parser: 'syntax',
  Syntax: 'syntax',
  Binder: 'syntax',
  Catalog: 'unknown-name',
  Permission: 'refused',
  TransactionContext: 'refused',
  'Out of Memory': 'memory',
  'Not implemented': 'unsupported',
  Interrupt: 'cancelled',
  INTERRUPT: 'cancelled',
  INTERNAL: 'lost',
  FATAL: 'lost',
};

function codeOf(error: EngineError): KernelError['code'] {
  if (error.error_subtype === 'COLUMN_NOT_FOUND') return 'unknown-name';
  return codes[error.exception_type] ?? 'runtime';
}

/** Extensions would come from a foreign host, so this DuckDB has none; the server's has them built in. */
function extension(detail: string): KernelError | null {
  const name = /exists in the (\w+) extension|required extension '(\w+)'|extension "(\w+)"/.exec(detail);
  if (!name) return null;
  const what = name[1] ?? name[2] ?? name[3];
  return {
    code: 'unsupported',
    message: `This needs DuckDB's ${what} extension, which the browser does not have.`,
    hint: 'Run it on the warehouse, which has it built in.',
  };
}

function sentence(detail: string): string {
  const [first = ''] = detail.split(/\n|Did you mean|Candidate bindings/);
  return first.trim().replace(/!$/, '.');
}

function positionOf(error: EngineError, origin: Origin): Place | null {
  if (error.position === undefined) return null;
  if (origin === nowhere) return null;
  const at = utf16Offset(origin.prefix + origin.sql, Number(error.position)) - origin.prefix.length;
  if (!(at >= 0)) return null;
  return origin.toSource({ ...placeAt(origin.sql, at), length: wordAt(origin.sql, at) });
}

/** The engine counts bytes of UTF-8. */
function utf16Offset(text: string, bytes: number): number {
  return new TextDecoder().decode(new TextEncoder().encode(text).subarray(0, bytes)).length;
}

function wordAt(text: string, at: number): number {
  return /^(?:"[^"]*"|[\p{L}\p{N}_]+|.|)/u.exec(text.slice(at))![0].length || 1;
}

function fixOf(error: EngineError, place: Place | null, origin: Origin): Pick<KernelError, 'fix' | 'hint'> {
  const name = error.name ?? '';
  const best = closest(
    name,
    (error.candidates ?? '').split(',').map((each) => each.trim()),
  );
  if (!best) return {};
  const hint = `Did you mean ${best}?`;
  if (!place) return { hint };
  const from = offsetOf(origin.source, place);
  const to = from + name.length;
  if (origin.source.slice(from, to).toLowerCase() !== name.toLowerCase()) return { hint };
  return { hint, fix: { label: `Use ${best}`, from, to, text: best } };
}
