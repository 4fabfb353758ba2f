import type { RecordBatch, Schema } from 'apache-arrow';
import { AsyncByteQueue, RecordBatchStreamWriter } from 'apache-arrow';
import type { Done, KernelEvent } from '#kernels/kernel.ts';
import { encodeEvents, eventsMediaType } from '#kernels/events.ts';
import type { Engine } from '#lib/notebook/cell.ts';
import { columnsOf } from '#lib/table/column.ts';
import { csvHeader, csvLines } from '#lib/table/csv.ts';
import { jsonRows } from '#lib/table/json.ts';
import { toProblem } from '#lib/server/data/failure.ts';
import { Problem } from '#lib/server/problem.ts';

/*
 * A run as the body of an answer, in the form the asker accepts, written as the rows come: what is sent never waits for
 * what is still computed. A run that fails before its first row is a problem; one that fails later breaks the body off. CSV and
 * Arrow cannot say that rows are missing, so there an answer that ends short of what was asked for breaks off too.
 */

export const rowTypes = ['application/json', 'text/csv', 'application/vnd.apache.arrow.stream', eventsMediaType];
export const parquetType = 'application/vnd.apache.parquet';

/** The first of `offered` that the request accepts; JSON when it does not say. Throws 406. */
export function chosenType(request: Request, offered: string[]): string {
  const accept = request.headers.get('accept') ?? '*/*';
  const wanted = accept.split(',').map((part) => part.split(';')[0]!.trim().toLowerCase());
  for (const type of wanted) {
    const found = offered.find((each) => type === each || type === '*/*' || type === `${each.split('/')[0]}/*`);
    if (found) return found;
  }
  throw new Problem(406, 'not-acceptable', `This is given as ${offered.join(', ')}.`);
}

/** `limit`: how many rows were asked for. */
export async function toAnswer(
  events: AsyncIterable<KernelEvent>,
  type: string,
  name: string,
  engine: Engine = 'warehouse',
  limit = Infinity,
): Promise<Response> {
  if (type === eventsMediaType) return streamed(encodeEvents(events), type);
  const run = await begin(events);
  if (type === 'application/json') return streamed(ended(run, json(run, engine)), type);
  const all = { ...run, batches: unlessCut(run.batches, limit) };
  if (type === 'text/csv') return streamed(ended(run, csv(all)), `${type}; charset=utf-8`, `${name}.csv`);
  return streamed(ended(run, arrow(all)), type, `${name}.arrows`);
}

/** The run ends with the body, also when nobody read as far as its first batch. */
async function* ended(run: Run, parts: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* parts;
  } finally {
    await run.end();
  }
}

interface Run {
  schema: Schema;
  /** Ends with the done event; throws when the run fails. */
  batches: AsyncGenerator<RecordBatch, Done>;
  end(): Promise<void>;
}

/** Reads as far as the first batch or the end, so that a query that fails at once is answered with a problem. */
async function begin(events: AsyncIterable<KernelEvent>): Promise<Run> {
  const iterator = events[Symbol.asyncIterator]();
  try {
    return await firstOf(iterator);
  } catch (error) {
    await iterator.return?.();
    throw error;
  }
}

async function firstOf(iterator: AsyncIterator<KernelEvent>): Promise<Run> {
  let schema: Schema | null = null;
  for (;;) {
    const { value: event, done } = await iterator.next();
    if (done) throw new Error('A run ended without an end.');
    if (event.type === 'failed') throw toProblem(event.error);
    if (event.type === 'schema') schema = event.schema;
    const isFirst = event.type === 'batch' || event.type === 'done';
    if (schema && isFirst)
      return { schema, batches: batchesOf(event, iterator), end: async () => void (await iterator.return?.()) };
  }
}

async function* batchesOf(first: KernelEvent, rest: AsyncIterator<KernelEvent>): AsyncGenerator<RecordBatch, Done> {
  for (let event = first; ; event = (await rest.next()).value as KernelEvent) {
    if (event.type === 'batch') yield event.batch;
    if (event.type === 'done') return event;
    if (event.type === 'failed') throw toProblem(event.error);
  }
}

/** Throws at the end when there are fewer rows than there are and were asked for. */
async function* unlessCut(batches: Run['batches'], limit: number): Run['batches'] {
  const done = yield* batches;
  if (done.complete || done.rows >= limit) return done;
  const detail = `Only ${done.rows} rows may be given, and there are more. Ask for JSON, which says so, or for fewer rows.`;
  throw new Problem(422, 'cut', detail);
}

const utf8 = new TextEncoder();

async function* csv({ schema, batches }: Run): AsyncGenerator<Uint8Array> {
  yield utf8.encode(csvHeader(schema));
  for await (const batch of batches) yield utf8.encode(csvLines(batch));
}

async function* json({ schema, batches }: Run, engine: Engine): AsyncGenerator<Uint8Array> {
  yield utf8.encode(`{"columns":${JSON.stringify(columnsOf(schema))},"rows":[`);
  let next = await batches.next();
  for (let first = true; !next.done; next = await batches.next(), first = false) {
    const rows = JSON.stringify(jsonRows(next.value)).slice(1, -1);
    yield utf8.encode(first || rows === '' ? rows : `,${rows}`);
  }
  const { type: _, rows, ...more } = next.value;
  yield utf8.encode(`],${JSON.stringify({ ...more, engine, rowCount: rows }).slice(1)}`);
}

async function* arrow({ schema, batches }: Run): AsyncGenerator<Uint8Array> {
  const written = new Written();
  const writer = new RecordBatchStreamWriter();
  writer.reset(written, schema);
  yield* written.take();
  for await (const batch of batches) {
    writer.write(batch);
    yield* written.take();
  }
  writer.finish();
  yield* written.take();
}

/** Hands over what the writer wrote; its own queue knows no waiting and would hold a whole result for a slow reader. */
class Written extends AsyncByteQueue<Uint8Array> {
  private parts: Uint8Array[] = [];

  override write(part: Uint8Array): void {
    this.parts.push(part);
  }

  take(): Uint8Array[] {
    return this.parts.splice(0);
  }
}

/** A body whose reader's leaving ends the run. */
export function streamed(parts: AsyncGenerator<Uint8Array>, type: string, fileName?: string): Response {
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { value, done } = await parts.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    async cancel() {
      await parts.return(undefined);
    },
  });
  const headers: Record<string, string> = { 'content-type': type, 'cache-control': 'no-store' };
  if (fileName) headers['content-disposition'] = `attachment; filename="${fileName}"`;
  return new Response(body, { headers });
}
