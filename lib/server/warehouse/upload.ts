import { open, rm } from 'node:fs/promises';
import { createWriteStream } from 'node:fs';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream as NodeStream } from 'node:stream/web';
import { convertInChild } from '#kernels/server.ts';
import type { Format, Written } from '#kernels/server.ts';
import { Problem, badRequest } from '#lib/server/problem.ts';
import type { WarehouseKernel } from '#kernels/server.ts';
import { measure, type Files } from './files.ts';
import type { BuiltFile } from './warehouse.ts';

/*
 * A body becomes a staged Parquet file: its bytes go to disk as they come, are looked at, and are converted in a child.
 * Whatever goes wrong, nothing is left behind and nothing was published (SECURITY 21).
 */

export const uploadLimits = {
  bytes: 512 * 2 ** 20,
  /** When unpacked, and as rows. */
  unpacked: 16 * 2 ** 30,
  rows: 500_000_000,
  /** Wall clock of a conversion, ms. */
  timeout: 600_000,
};

export interface Upload {
  format: Format;
  body: ReadableStream<Uint8Array> | null;
  /** What the sender says, when it does. */
  length: number | null;
  signal: AbortSignal;
  person: string;
  limits?: typeof uploadLimits;
}

interface Receiving {
  kernel: WarehouseKernel;
  files: Files;
}

/** Throws a Problem that says what is wrong with the file. */
export async function receive(
  warehouse: Receiving,
  upload: Upload,
): Promise<{ file: BuiltFile; columns: Written['columns'] }> {
  const raw = warehouse.files.stage(upload.format);
  try {
    await store(upload, raw);
    await demandFormat(raw, upload.format);
    return await convert(warehouse, upload, raw);
  } finally {
    await rm(raw, { force: true });
  }
}

async function store({ body, length, signal, limits = uploadLimits }: Upload, path: string): Promise<void> {
  if ((length ?? 0) > limits.bytes) throw tooLarge(limits.bytes);
  if (!body) throw empty();
  const meter = new Meter(limits.bytes);
  await pipeline(Readable.fromWeb(body as NodeStream<Uint8Array>), meter, createWriteStream(path), { signal });
  if (meter.bytes === 0) throw empty();
}

/** Passes bytes on until there are too many. */
class Meter extends Transform {
  bytes = 0;
  private most: number;

  constructor(most: number) {
    super();
    this.most = most;
  }

  override _transform(
    chunk: Uint8Array,
    _: BufferEncoding,
    next: (error: Error | null, chunk?: Uint8Array) => void,
  ): void {
    this.bytes += chunk.byteLength;
    if (this.bytes > this.most) next(tooLarge(this.most));
    else next(null, chunk);
  }
}

const marks: [name: string, bytes: number[]][] = [
  ['Parquet', [0x50, 0x41, 0x52, 0x31]],
  ['Arrow', [0x41, 0x52, 0x52, 0x4f, 0x57, 0x31]],
  ['Arrow', [0xff, 0xff, 0xff, 0xff]],
  ['ZIP or Excel', [0x50, 0x4b, 0x03, 0x04]],
  ['gzip', [0x1f, 0x8b]],
  ['Zstandard', [0x28, 0xb5, 0x2f, 0xfd]],
  ['PDF', [0x25, 0x50, 0x44, 0x46]],
  ['PNG', [0x89, 0x50, 0x4e, 0x47]],
  ['SQLite', [0x53, 0x51, 0x4c, 0x69, 0x74, 0x65]],
];

const says: Record<Format, string> = {
  csv: 'CSV',
  ndjson: 'newline-delimited JSON',
  parquet: 'Parquet',
  arrow: 'Arrow',
};

/** A file that begins like another kind of file is refused by name; text must be text. */
async function demandFormat(path: string, format: Format): Promise<void> {
  const head = await headOf(path, 4096);
  const found = marks.find(([, bytes]) => bytes.every((byte, at) => head[at] === byte))?.[0];
  const isText = format === 'csv' || format === 'ndjson';
  if (isText ? found : found !== says[format]) throw notWhatItSays(says[format], found);
  if (isText && head.includes(0)) throw notWhatItSays(says[format], 'binary');
}

async function headOf(path: string, count: number): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(new Uint8Array(count), 0, count, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

async function convert(warehouse: Receiving, upload: Upload, input: string) {
  const { format, signal, person, limits = uploadLimits } = upload;
  const output = warehouse.files.stage('parquet');
  const task = { format, input, output, maxRows: limits.rows, maxBytes: limits.unpacked };
  const reply = await convertInChild(warehouse.kernel, task, { signal, person, timeout: limits.timeout });
  if (!reply.ok) {
    await rm(output, { force: true });
    throw new Problem(422, reply.error.code === 'refused' ? 'file-refused' : 'unreadable-file', reply.error.message, {
      hint: reply.error.hint,
    });
  }
  return { file: await measure(output, reply.value.rows), columns: reply.value.columns };
}

function tooLarge(limit: number): Problem {
  const detail = `The file is larger than the ${Math.floor(limit / 2 ** 20)} MiB an upload may have. Split it, or send it as Parquet.`;
  return new Problem(413, 'too-large', detail, { limit });
}

const empty = () => badRequest('The file is empty: there is nothing to make a dataset of.');

function notWhatItSays(said: string, found: string | undefined): Problem {
  const what = found
    ? `It looks like ${found === 'binary' ? 'binary data' : `a ${found} file`}.`
    : 'Its first bytes are not those of one.';
  return new Problem(422, 'unreadable-file', `The file was sent as ${said}, but it is not. ${what}`);
}
