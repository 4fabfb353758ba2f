import { RecordBatchReader, RecordBatchStreamWriter } from 'apache-arrow';
import type { RecordBatch, Schema } from 'apache-arrow';
import { concat, decodeFrames, frameParts } from './frame.ts';
import type { Frame } from './frame.ts';
import type { KernelEvent } from './kernel.ts';

/*
 * KernelEvents as bytes: between the server and a DuckDB child, and between the server and the page. JSON events are one
 * frame each. A table is one Arrow IPC stream cut at its messages: a schema frame, then frames of dictionaries and batches,
 * so a batch can be shown as soon as its frame is in. A stream that ends without `done` or `failed` is `lost`.
 */

export const eventsMediaType = 'application/vnd.lodestar.events';

export const kinds = { json: 1, schema: 2, dictionaries: 3, batch: 4 } as const;

/** Writes events one after another; remembers the schema the batches belong to. */
export class EventEncoder {
  private table: TableWriter | null = null;

  /** The bytes of one event, as parts to be written in order. */
  encode(event: KernelEvent): Uint8Array[] {
    switch (event.type) {
      case 'schema':
        this.table = new TableWriter();
        return frameParts(kinds.schema, this.table.schema(event.schema));
      case 'batch':
        return this.writer().batch(event.batch);
      default:
        return frameParts(kinds.json, [new TextEncoder().encode(JSON.stringify(event))]);
    }
  }

  private writer(): TableWriter {
    if (!this.table) throw new Error('A batch came before its schema.');
    return this.table;
  }
}

export async function* encodeEvents(events: AsyncIterable<KernelEvent>): AsyncGenerator<Uint8Array> {
  const encoder = new EventEncoder();
  for await (const event of events) yield concat(encoder.encode(event));
}

/** Arrow's own writer, its bytes taken as they come instead of queued. */
class TableWriter extends RecordBatchStreamWriter {
  private parts: Uint8Array[] = [];

  schema(schema: Schema): Uint8Array[] {
    this.reset(undefined, schema);
    return this.take();
  }

  batch(batch: RecordBatch): Uint8Array[] {
    this._writeDictionaries(batch);
    const dictionaries = this.take();
    this._writeRecordBatch(batch);
    const frame = frameParts(kinds.batch, this.take());
    return dictionaries.length > 0 ? [...frameParts(kinds.dictionaries, dictionaries), ...frame] : frame;
  }

  protected override _write(chunk: ArrayBufferView): this {
    if (chunk.byteLength > 0) this.parts.push(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    return this;
  }

  private take(): Uint8Array[] {
    const parts = this.parts;
    this.parts = [];
    return parts;
  }
}

/** Events out of a body or a pipe, however its bytes were cut. Never throws for a broken stream: the last event says `lost`. */
export async function* decodeEvents(
  stream: AsyncIterable<Uint8Array> | ReadableStream<Uint8Array>,
): AsyncGenerator<KernelEvent> {
  const decoder = new EventDecoder();
  try {
    for await (const frame of decodeFrames(chunksOf(stream))) {
      const event = decoder.decode(frame);
      if (!event) continue;
      yield event;
      if (event.type === 'done' || event.type === 'failed') return;
    }
    yield lost('The answer ended before the run did.');
  } catch (error) {
    yield lost(error instanceof Error ? error.message : String(error));
  }
}

function lost(detail: string): KernelEvent {
  const message = 'The connection to the engine was lost before the run ended.';
  return { type: 'failed', error: { code: 'lost', message, hint: 'Run the cell again.', detail } };
}

/** Reads frames one after another; null for a frame that is not an event. */
export class EventDecoder {
  private table: TableReader | null = null;

  decode(frame: Frame): KernelEvent | null {
    switch (frame.kind) {
      case kinds.json:
        return JSON.parse(new TextDecoder().decode(frame.payload)) as KernelEvent;
      case kinds.schema:
        this.table = new TableReader(frame.payload);
        return { type: 'schema', schema: this.table.schema() };
      case kinds.dictionaries:
        this.reader().dictionaries(frame.payload);
        return null;
      case kinds.batch:
        return { type: 'batch', batch: this.reader().batch(frame.payload) };
      default:
        return null;
    }
  }

  private reader(): TableReader {
    if (!this.table) throw new Error('A batch came before its schema.');
    return this.table;
  }
}

/** Each batch is read as a small stream of its own: the schema, the dictionaries so far, the batch. */
class TableReader {
  private before: Uint8Array[];

  constructor(schema: Uint8Array) {
    this.before = [schema];
  }

  schema(): Schema {
    return RecordBatchReader.from(concat(this.before)).open().schema;
  }

  dictionaries(bytes: Uint8Array): void {
    this.before.push(bytes);
  }

  batch(bytes: Uint8Array): RecordBatch {
    const next = RecordBatchReader.from(concat([...this.before, bytes])).next();
    if (next.done) throw new Error('The Arrow stream ended early.');
    return next.value;
  }
}

async function* chunksOf(stream: AsyncIterable<Uint8Array> | ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (!('getReader' in stream)) return yield* stream;
  const reader = stream.getReader();
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) yield read.value;
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
