import type { ConvertReply } from './convert.ts';
import { FileError } from './error.ts';
import { columnTypes, Digits, type Found } from './json-type.ts';

/*
 * JSON to CSV, whose types are told by what was found in the JSON: numbers keep every digit because their own text is
 * written. One object a line is read twice as a stream and never lies in memory as a whole; an array must.
 */

const maxArray = 256 * 1024 * 1024;

type Row = Record<string, unknown>;

export async function* jsonToCsv(file: File): AsyncGenerator<ConvertReply> {
  const found = new Map<string, Found>();
  for await (const { row, fraction } of rowsOf(file)) {
    columnTypes.note(found, row);
    if (fraction !== null) yield { type: 'progress', fraction: fraction * 0.4 };
  }
  if (found.size === 0) throw new FileError(`${file.name} holds no objects.`, 'A table is made of objects, one a row.');
  const names = [...found.keys()];
  const parts: string[] = [];
  let piece = '';
  for await (const { row, fraction } of rowsOf(file)) {
    piece += `${names.map((name) => csvText(row[name])).join(',')}\n`;
    if (piece.length > 1_000_000) piece = keep(parts, piece);
    if (fraction !== null) yield { type: 'progress', fraction: 0.4 + fraction * 0.4 };
  }
  keep(parts, piece);
  yield { type: 'csv', file: new Blob(parts), columns: columnTypes.of(found) };
}

function keep(parts: string[], piece: string): string {
  parts.push(piece);
  return '';
}

interface Read {
  row: Row;
  /** Of the file read so far, now and then. */
  fraction: number | null;
}

async function* rowsOf(file: File): AsyncGenerator<Read> {
  const start = (await file.slice(0, 64).text()).trimStart();
  if (start.startsWith('[')) yield* arrayRows(file);
  else yield* lineRows(file);
}

async function* arrayRows(file: File): AsyncGenerator<Read> {
  if (file.size > maxArray)
    throw new FileError(
      `${file.name} is one array of more than 256 MB.`,
      'Write one object a line (NDJSON) instead.',
      'memory',
    );
  const rows = parse(await file.text(), () => `${file.name} is not JSON`) as unknown[];
  for (const row of rows) yield { row: asRow(row, file.name), fraction: null };
}

async function* lineRows(file: File): AsyncGenerator<Read> {
  let rest = '';
  let line = 0;
  let bytes = 0;
  const reader = file.stream().pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { done, value = '' } = await reader.read();
    bytes += value.length;
    const lines = (rest + value).split('\n');
    rest = done ? '' : (lines.pop() ?? '');
    for (const text of lines) {
      line++;
      if (text.trim() === '') continue;
      const row = parse(text, () => `Line ${line} of ${file.name} is not JSON`);
      yield { row: asRow(row, file.name), fraction: line % 50_000 === 0 ? Math.min(1, bytes / file.size) : null };
    }
    if (done) return;
  }
}

function parse(text: string, what: () => string): unknown {
  try {
    return /\d{16}/.test(text) ? JSON.parse(text, exactNumber) : JSON.parse(text);
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    throw new FileError(`${what()}: ${words}.`, 'Write one object a line, or one array of objects.');
  }
}

function exactNumber(_key: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== 'number' || context?.source === undefined) return value;
  return String(value) === context.source ? value : new Digits(context.source);
}

function asRow(value: unknown, fileName: string): Row {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Row;
  throw new FileError(`${fileName} holds values that are no objects.`, 'A table is made of objects, one a row.');
}

/** NULL is nothing at all; empty text is quoted. */
function csvText(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return quoted(value);
  if (value instanceof Digits) return value.text;
  return typeof value === 'object' ? quoted(nestedText(value)) : String(value);
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

/** JSON again, with the digits that were kept. */
function nestedText(value: object): string {
  if (Array.isArray(value)) return `[${value.map(memberText).join(',')}]`;
  return `{${Object.entries(value)
    .map(([key, each]) => `${JSON.stringify(key)}:${memberText(each)}`)
    .join(',')}}`;
}

function memberText(value: unknown): string {
  if (value instanceof Digits) return value.text;
  return typeof value === 'object' && value !== null ? nestedText(value) : JSON.stringify(value);
}
