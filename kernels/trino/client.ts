import { setTimeout as sleep } from 'node:timers/promises';
import type { RecordBatch, Schema } from 'apache-arrow';
import { KernelFailure } from '#kernels/failure.ts';
import type { Decoder, PageSession } from './arrow/decoder.ts';
import { schemaOf, type TrinoColumn } from './arrow/field.ts';
import { headersOf, type StatementHeaders } from './headers.ts';
import { readHead, type Head } from './head.ts';
import { fromDecoder } from './malformed.ts';
import { fetchSegments, isSpooled, segmentsOf, type Segment } from './spool.ts';
import { stopAddress } from './stop.ts';
import type { Access } from './target.ts';
import type { Reply, Wire } from './wire.ts';

/*
 * One statement over /v1/statement: sent, its pages followed one after another, and ended. The next page is under way while
 * one is decoded and read, never more. Headers by which a reply would change who we are, or what we ask for, are not read.
 */

export interface Page {
  head: Head;
  /** null until the first rows came, or the end. */
  schema: Schema | null;
  batches: RecordBatch[];
  /** As they came over the wire. */
  bytes: number;
  /** Whether nothing follows. */
  last: boolean;
  headers: Reply['headers'];
}

export interface StatementOptions extends StatementHeaders {
  access: Access;
  signal?: AbortSignal;
  onStopAt?(address: string): void | Promise<void>;
}

export class Statement {
  private readonly wire: Wire;
  private readonly sql: string;
  private readonly options: StatementOptions;
  private readonly session: PageSession;
  private columns: TrinoColumn[] | null = null;
  private posted: Promise<Reply> | null = null;
  private stopAt: string | null = null;
  private noting: Promise<void> = Promise.resolve();
  private ended = false;
  private empty = 0;

  constructor(wire: Wire, sql: string, decoder: Decoder, options: StatementOptions) {
    this.wire = wire;
    this.sql = sql;
    this.options = options;
    this.session = decoder.open();
  }

  /** Pages in order; the last one is the end of the query, which may have failed (`head.error`). Throws KernelFailure. */
  async *pages(): AsyncGenerator<Page> {
    const { signal } = this.options;
    this.posted = this.wire.post(this.sql, headersOf(this.wire.target, this.options), this.options.access);
    let coming: Promise<Reply> = this.posted;
    for (;;) {
      const reply = await coming;
      signal?.throwIfAborted();
      const peeked = peekNext(reply.body);
      if (peeked !== null) coming = this.follow(peeked);
      const { head, page } = await this.read(reply);
      await this.noting;
      const next = head.nextUri ?? null;
      if (next === null) this.ended = true;
      if (peeked !== null && peeked !== next) throw new KernelFailure(contradiction);
      if (next !== null && peeked === null) coming = this.follow(next);
      const segments = isSpooled(head.data) ? segmentsOf(head.data) : [];
      yield this.settled(page, next === null && segments.length === 0);
      yield* this.segments(page, segments, next === null);
      if (next === null) return;
      await this.rest(page);
    }
  }

  /** Ends the query on the cluster, if it has not ended; resolves when the cluster has confirmed it. */
  async cancel(): Promise<void> {
    if (this.ended || !this.posted) return;
    this.ended = true;
    const first = await this.posted.catch(() => null);
    const address = this.stopAt ?? (first ? (peekNext(first.body) ?? nextOf(first.body)) : null);
    if (address !== null) await stopAddress(this.wire, address);
  }

  private follow(address: string): Promise<Reply> {
    this.wire.pin(address);
    this.note(address);
    const coming = this.wire.get(address, this.options.signal);
    coming.catch(() => undefined); // whoever awaits it is told; when nobody does any more, nobody wants to know
    return coming;
  }

  /** Tells the first address, and the first one that is no longer of the queue. */
  private note(address: string): void {
    const isNew = this.stopAt === null || isExecuting(address) !== isExecuting(this.stopAt);
    this.stopAt = address;
    const { onStopAt } = this.options;
    if (!isNew || !onStopAt) return;
    this.noting = this.noting.then(() => onStopAt(address));
    this.noting.catch(() => undefined);
  }

  private async read(reply: Reply): Promise<{ head: Head; page: Page }> {
    const bytes = reply.body.length;
    const small = parseSmall(reply.body);
    const decoded = small
      ? { head: small, schema: this.session.schema, batches: [] }
      : await this.session.decode(reply.body).catch((error: unknown) => Promise.reject(fromDecoder(error)));
    const head = readHead(decoded.head);
    this.columns = head.columns ?? this.columns;
    return { head, page: { ...decoded, head, bytes, last: false, headers: reply.headers } };
  }

  /** The schema of a result that ends without a row is what its types alone say. */
  private settled(page: Page, last: boolean): Page {
    const isEmpty = last && !page.schema && !page.head.error && this.columns;
    return { ...page, last, schema: isEmpty ? schemaOf(this.columns!) : page.schema };
  }

  private async *segments(page: Page, segments: Segment[], isEnd: boolean): AsyncGenerator<Page> {
    let left = segments.length;
    for await (const { bytes, rows, settle } of fetchSegments(this.wire, segments, this.options.signal)) {
      if (!this.columns) throw new KernelFailure(contradiction);
      const decoded = await this.session
        .decodeRows(rows, this.columns)
        .catch((error: unknown) => Promise.reject(fromDecoder(error)));
      settle();
      yield this.settled({ ...page, ...decoded, bytes }, isEnd && --left === 0);
    }
  }

  /** A coordinator answers at once or within a second; one that sends nothing again and again is asked less often. */
  private async rest({ batches, head }: Page): Promise<void> {
    this.empty = batches.length > 0 || isSpooled(head.data) ? 0 : this.empty + 1;
    if (this.empty < 20) return;
    const { signal } = this.options;
    await sleep(Math.min(1000, 10 * (this.empty - 19)), undefined, signal ? { signal } : {});
  }
}

const contradiction = {
  code: 'lost' as const,
  message: 'The cluster contradicts itself within one page.',
  hint: 'Run it again; if it stays so, ask who runs the cluster.',
};

function isExecuting(address: string): boolean {
  return address.includes('/v1/statement/executing/');
}

/** A page without rows is read here; going to a thread and back takes longer. */
function parseSmall(bytes: Uint8Array): unknown {
  if (bytes.length > 16_384) return null;
  const text = new TextDecoder().decode(bytes);
  if (/"data"\s*:\s*\[/.test(text)) return null;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null; // the decoder says what is wrong with it
  }
}

const beginning = /^\{"id":"[^"\\]*","infoUri":"[^"\\]*",(?:"partialCancelUri":"[^"\\]*",)?"nextUri":"([^"\\]+)"/;

/** The next page's address, from a page that begins as Trino writes it; so that it can be fetched before this one is read. */
function peekNext(bytes: Uint8Array): string | null {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 2048)).toString('latin1');
  return beginning.exec(text)?.[1] ?? null;
}

function nextOf(bytes: Uint8Array): string | null {
  const head = parseSmall(bytes);
  const next = typeof head === 'object' && head !== null && 'nextUri' in head ? head.nextUri : null;
  return typeof next === 'string' ? next : null;
}
