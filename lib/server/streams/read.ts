import type { KernelEvent, Relation } from '#kernels/kernel.ts';
import type { Segment } from '#prisma/client/client.ts';
import { parseExact } from '#lib/stream/json.ts';
import { offsetColumn, type StreamColumn } from '#lib/stream/spec.ts';
import { columnsOf } from '#lib/table/column.ts';
import { jsonRows } from '#lib/table/json.ts';
import { toProblem } from '#lib/server/data/failure.ts';
import type { WarehouseKernel } from '#kernels/server.ts';
import type { Folder } from './folder.ts';
import type { Parts } from './history.ts';
import { withOwn } from './seal.ts';
import { readFrames } from './segment.ts';
import type { Read } from './streams.ts';

interface Reading {
  folder: Folder;
  kernel: WarehouseKernel;
}

interface Asked {
  from: number;
  limit: number;
  signal: AbortSignal;
}

type Given = Asked & { columns: readonly StreamColumn[] };

type Row = Record<string, unknown>;

/** Events by their numbers: out of Parquet where they are sealed, out of the log where they are not. */
export async function readEvents(reading: Reading, parts: Parts, asked: Asked): Promise<Read> {
  const rest = { ...asked, columns: parts.tail.columns };
  const items: Row[] = [];
  for (const segment of parts.segments) {
    if (Number(segment.firstOffset + segment.rows) <= rest.from || rest.limit === 0) continue;
    items.push(...goOn(rest, await fromSegment(reading, segment, rest)));
  }
  if (rest.limit > 0) items.push(...goOn(rest, await fromLog(parts.tail, rest)));
  const { end } = parts.tail;
  return { items, next: items.length > 0 ? rest.from : Math.max(asked.from, end), end };
}

function fromSegment(reading: Reading, segment: Segment, given: Given): Promise<Row[]> {
  if (segment.state === 'sealed') return fromParquet(reading, segment, given);
  const path = reading.folder.path(segment.streamId, segment.log);
  return fromLog({ path, bytes: Number(segment.logBytes) }, given);
}

function goOn(rest: Given, rows: readonly Row[]): readonly Row[] {
  rest.limit -= rows.length;
  if (rows.length > 0) rest.from = Number(rows.at(-1)![offsetColumn]) + 1;
  return rows;
}

async function fromLog({ path, bytes }: { path: string; bytes: number }, given: Given): Promise<Row[]> {
  const { from, limit } = given;
  const toRow = rowReader(given.columns);
  const rows: Row[] = [];
  for await (const { frame } of readFrames(path, bytes, ({ first, rows }) => first + rows <= from)) {
    const lines = Buffer.from(frame.lines).toString().split('\n').slice(0, -1);
    const wanted = lines.slice(Math.max(0, from - frame.first)).slice(0, limit - rows.length);
    rows.push(...wanted.map(toRow));
    if (rows.length >= limit) break;
  }
  return rows;
}

/** As a query gives them: every column of the stream, BIGINT as digits. */
function rowReader(columns: readonly StreamColumn[]): (line: string) => Row {
  const all = withOwn(columns);
  return (line) => {
    const event = parseExact(line) as Row;
    return Object.fromEntries(
      all.map(({ name, type }) => {
        const value = Object.hasOwn(event, name) ? event[name] : null;
        if (value === null) return [name, null];
        return [name, type === 'BIGINT' ? String(value) : type === 'DOUBLE' ? Number(value) : value];
      }),
    );
  };
}

async function fromParquet(
  { folder, kernel }: Reading,
  segment: Segment,
  { columns, from, limit, signal }: Given,
): Promise<Row[]> {
  const events: Relation = {
    kind: 'parquet',
    hash: segment.id,
    complete: true,
    files: [folder.path(segment.streamId, segment.file!)],
    lines: [], // so that columns have the types they have now
    columns: withOwn(columns),
  };
  const source = `SELECT * FROM events WHERE "${offsetColumn}" >= ${from} ORDER BY "${offsetColumn}" LIMIT ${limit}`;
  const code = { name: 'events', source };
  const run = kernel.run(code, { parameters: {}, relations: { events } }, { signal, person: 'house' });
  return rowsOf(run, columns);
}

async function rowsOf(run: AsyncIterable<KernelEvent>, columns: readonly StreamColumn[]): Promise<Row[]> {
  const types = new Map(withOwn(columns).map(({ name, type }) => [name, type]));
  const rows: Row[] = [];
  let names: string[] = [];
  for await (const event of run) {
    if (event.type === 'failed') throw toProblem(event.error);
    if (event.type === 'schema') names = columnsOf(event.schema).map(({ name }) => name);
    if (event.type !== 'batch') continue;
    for (const values of jsonRows(event.batch) as unknown[][]) rows.push(toRow(names, values, types));
  }
  return rows;
}

function toRow(names: readonly string[], values: readonly unknown[], types: ReadonlyMap<string, string>): Row {
  const found = new Map(names.map((name, at) => [name, values[at]]));
  return Object.fromEntries(
    [...types].map(([name, type]) => {
      const value = found.get(name) ?? null;
      return [name, type === 'JSON' && typeof value === 'string' ? parseExact(value) : value];
    }),
  );
}
