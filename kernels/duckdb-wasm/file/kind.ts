import type { KernelError } from '#kernels/kernel.ts';

export type FileKind = 'csv' | 'json' | 'parquet' | 'arrow';

const endings: Record<string, FileKind> = {
  csv: 'csv',
  tsv: 'csv',
  txt: 'csv',
  json: 'json',
  ndjson: 'json',
  jsonl: 'json',
  parquet: 'parquet',
  pq: 'parquet',
  arrow: 'arrow',
  arrows: 'arrow',
  feather: 'arrow',
  ipc: 'arrow',
};

const words: Record<FileKind, string> = { csv: 'CSV', json: 'JSON', parquet: 'Parquet', arrow: 'Arrow' };

/** What a file is, by its name and its first bytes, which must agree; or why it cannot be a table. */
export function kindOf(fileName: string, size: number, head: Uint8Array): FileKind | KernelError {
  const ending = /\.([^.]+)$/.exec(fileName.toLowerCase())?.[1] ?? '';
  const named = endings[ending];
  if (size === 0) return refused(`${fileName} is empty.`);
  const found = contentOf(head);
  if (!named) return unknownEnding(fileName, found);
  if (found.kind === named || (found.kind === 'text' && isText(named))) return named;
  return refused(`${fileName} is not ${words[named]}: it holds ${found.words}.`, hintFor(found.kind));
}

function isText(kind: FileKind): boolean {
  return kind === 'csv' || kind === 'json';
}

interface Content {
  kind: FileKind | 'text' | 'other';
  words: string;
}

function unknownEnding(fileName: string, found: Content): KernelError {
  const known = 'Files ending in .csv, .tsv, .json, .ndjson, .parquet or .arrow become tables.';
  return refused(`${fileName} has no ending that tells what it is; it holds ${found.words}.`, known);
}

function hintFor(kind: Content['kind']): string {
  if (kind === 'other') return 'Save it as CSV or Parquet and drop it again.';
  return kind === 'text' ? 'Save it again, or end its name in .csv or .json.' : `End its name in .${kind}.`;
}

function refused(message: string, hint?: string): KernelError {
  return { code: 'refused', message, ...(hint && { hint }) };
}

const marks: [start: number[], content: Content][] = [
  [[0x50, 0x41, 0x52, 0x31], { kind: 'parquet', words: 'Parquet' }],
  [[0x41, 0x52, 0x52, 0x4f, 0x57, 0x31], { kind: 'arrow', words: 'Arrow' }],
  [[0xff, 0xff, 0xff, 0xff], { kind: 'arrow', words: 'Arrow' }],
  [[0x50, 0x4b, 0x03, 0x04], { kind: 'other', words: 'a ZIP archive or an Excel workbook' }],
  [[0xd0, 0xcf, 0x11, 0xe0], { kind: 'other', words: 'an old Excel workbook' }],
  [[0x1f, 0x8b], { kind: 'other', words: 'gzip: unpack it first' }],
  [[0x28, 0xb5, 0x2f, 0xfd], { kind: 'other', words: 'Zstandard: unpack it first' }],
  [[0x25, 0x50, 0x44, 0x46], { kind: 'other', words: 'a PDF' }],
  [[0x89, 0x50, 0x4e, 0x47], { kind: 'other', words: 'a picture' }],
  [[0xff, 0xd8, 0xff], { kind: 'other', words: 'a picture' }],
  [[0x53, 0x51, 0x4c, 0x69, 0x74, 0x65], { kind: 'other', words: 'an SQLite database' }],
];

function contentOf(head: Uint8Array): Content {
  const marked = marks.find(([start]) => start.every((byte, index) => head[index] === byte));
  if (marked) return marked[1];
  if (isBinary(head)) return { kind: 'other', words: 'bytes that are no text' };
  const start = new TextDecoder().decode(head.subarray(0, 200)).trimStart().toLowerCase();
  if (/^<(!doctype|html|\?xml)/.test(start)) return { kind: 'other', words: 'a web page or XML' };
  return { kind: 'text', words: 'text' };
}

/** Text holds no zero byte, unless it is UTF-16, which says so at its start. */
function isBinary(head: Uint8Array): boolean {
  const isUtf16 = (head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff);
  return !isUtf16 && head.includes(0);
}
