import type { RecordBatch, Schema } from 'apache-arrow';
import { PageError } from './error.ts';
import { schemaOf } from './field.ts';
import type { TrinoColumn } from './field.ts';
import type { Reply } from './message.ts';
import { unpack } from './pack.ts';
import type { PageHead } from './page.ts';
import type { Chosen } from './rows.ts';
import { Threads, startThread } from './threads.ts';

/*
 * Pages into Arrow, off the event loop. Each result opens a session, which remembers what its first rows have chosen; the
 * threads are shared by all and know nothing of sessions. What this thread does for a page is to lay Arrow's objects over
 * memory that is there already.
 */

export interface Decoded {
  /** null until rows have come: the values of the first ones decide how times are held. */
  schema: Schema | null;
  batches: RecordBatch[];
}

export interface DecodedPage extends Decoded {
  head: PageHead;
}

/** One result's pages, in their order. */
export interface PageSession {
  /** The columns as the cluster named them, once a page had them. */
  readonly columns: TrinoColumn[] | null;
  /** The schema that holds for the result; of one that ends without a row, as its types alone say. */
  readonly schema: Schema | null;
  /**
   * Reads one page of the protocol. The bytes are taken: whole buffers are moved to the thread, parts of one are copied.
   * Rejects with PageError, or with DecoderDied when the thread ended while it held the page.
   */
  decode(bytes: Uint8Array | Uint8Array[]): Promise<DecodedPage>;
  /** Reads the bare rows `[[…], …]` of a spooled segment. Several may be under way once a first one has come. */
  decodeRows(bytes: Uint8Array | Uint8Array[], columns: TrinoColumn[]): Promise<Decoded>;
}

export interface Decoder {
  open(): PageSession;
  /** Ends the threads; what they hold is rejected. */
  close(): Promise<void>;
}

/** Threads are started when there is work, by `start`, at most `threads` of them, 2 when not told. */
export function createDecoder({ threads = 2, start = startThread } = {}): Decoder {
  const pool = new Threads(threads, start);
  return { open: () => new Session(pool), close: () => pool.close() };
}

class Session implements PageSession {
  private readonly threads: Threads;
  private chosen: Chosen | null = null;
  private named: TrinoColumn[] | null = null;
  private made: Schema | null = null;
  /** Ends when the page is read that may choose; the next one waits for it. */
  private choosing: Promise<unknown> = Promise.resolve();

  constructor(threads: Threads) {
    this.threads = threads;
  }

  get columns(): TrinoColumn[] | null {
    return this.named;
  }

  get schema(): Schema | null {
    return this.made ?? (this.named && schemaOf(this.named));
  }

  async decode(bytes: Uint8Array | Uint8Array[]): Promise<DecodedPage> {
    const { head, ...decoded } = await this.read(bytes, null);
    return { head: head!, ...decoded };
  }

  async decodeRows(bytes: Uint8Array | Uint8Array[], columns: TrinoColumn[]): Promise<Decoded> {
    const { schema, batches } = await this.read(bytes, columns);
    return { schema, batches };
  }

  private read(bytes: Uint8Array | Uint8Array[], columns: TrinoColumn[] | null) {
    if (this.chosen) return this.readNow(bytes, columns);
    const reading = this.choosing.then(() => this.readNow(bytes, columns));
    this.choosing = reading.catch(() => undefined);
    return reading;
  }

  private async readNow(bytes: Uint8Array | Uint8Array[], columns: TrinoColumn[] | null) {
    const reply = await this.threads.ask({ chunks: [bytes].flat(), columns, chosen: this.chosen });
    const { head, chosen, batches } = readOf(reply);
    this.named = head?.columns ?? columns ?? this.named;
    if (chosen && !this.chosen) {
      this.chosen = chosen;
      this.made = schemaOf(chosen.columns, chosen.picks);
    }
    return { head, schema: this.made, batches: batches.map((batch) => unpack(this.made!, batch)) };
  }
}

function readOf(reply: Reply) {
  if ('read' in reply) return reply.read;
  if ('bug' in reply) throw new Error(`Decoding a page failed: ${reply.bug}`);
  const { fault, message, offset, misfit } = reply.fault;
  throw new PageError(fault, message, offset, misfit);
}
