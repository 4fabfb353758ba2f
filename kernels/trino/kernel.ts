import type { RecordBatch } from 'apache-arrow';
import { KernelFailure } from '#kernels/failure.ts';
import type { Code, Done, Inputs, KernelError, KernelEvent } from '#kernels/kernel.ts';
import { Stop } from '#kernels/stop.ts';
import { readsOfApart } from './apart.ts';
import type { Page } from './client.ts';
import { Conversation } from './conversation.ts';
import { toFailure } from './failure.ts';
import { clusterOf, fractionOf, type Head } from './head.ts';
import { admit, complete, type Admitted, type Prepared } from './prepare.ts';
import type { ReadyTransactions } from './ready.ts';
import { usualPatience, type Patience } from './retry.ts';
import { suggest } from './suggest.ts';
import type { Trino, TrinoRunOptions, TrinoTarget } from './target.ts';
import { decoder } from './threads.ts';
import { Wire } from './wire.ts';

/*
 * A Trino cluster as a kernel. The SQL runs there; this half prepares the text, follows the pages, and turns them into
 * events as they come. Reads run in a read-only transaction. However a run ends, the cluster is left with neither query nor
 * transaction of it.
 */

export interface TrinoKernelOptions {
  patience?: Patience;
  /** Transactions begun ahead, of the whole process; absent: each run begins its own. */
  ready?: ReadyTransactions;
}

export class TrinoKernel implements Trino {
  readonly engine = 'trino';
  private readonly wire: Wire;
  private readonly ready: ReadyTransactions | null;
  private readonly closing = new AbortController();
  private readonly endings = new Set<Promise<void>>();

  constructor(target: TrinoTarget, { patience = usualPatience, ready }: TrinoKernelOptions = {}) {
    this.wire = new Wire(target, patience);
    this.ready = ready ?? null;
  }

  reads(source: string): Promise<string[]> {
    return readsOfApart(source);
  }

  async *run(code: Code, inputs: Inputs, options: TrinoRunOptions): AsyncGenerator<KernelEvent> {
    const signal = AbortSignal.any([options.signal, this.closing.signal]);
    const stop = new Stop({ ...options, signal });
    try {
      if (stop.reason) throw new KernelFailure(stop.error());
      const access = options.access ?? 'read';
      const admitted = admit(code, inputs, access);
      yield* this.answer(admitted, inputs, { ...options, access }, stop);
    } catch (error) {
      yield { type: 'failed', error: stop.reason ? stop.error() : errorOf(error) };
    } finally {
      stop.close();
    }
  }

  /** Stops what runs, and waits until the cluster knows. */
  async close(): Promise<void> {
    this.closing.abort();
    await atMost(closeWait, Promise.all(this.endings));
  }

  private async *answer(
    admitted: Admitted,
    inputs: Inputs,
    options: TrinoRunOptions & { access: 'read' | 'write' },
    stop: Stop,
  ): AsyncGenerator<KernelEvent> {
    const { access, spooling = true, onStopAt } = options;
    const ready = this.ready ? { ready: this.ready } : {};
    const order = { access, spooling, signal: stop.signal, ...ready, ...(onStopAt ? { onStopAt } : {}) };
    const conversation = new Conversation(this.wire, decoder, order);
    const answer = new Answering(options);
    let isAsked = false;
    try {
      conversation.begin();
      const prepared = await complete(admitted, inputs, { signal: stop.signal });
      isAsked = true;
      for await (const page of conversation.pages(prepared.sql)) {
        if (page.head.error) {
          answer.ended = true;
          throw await this.failureOf(page.head, prepared, admitted.code, stop);
        }
        yield* answer.take(page);
        if (answer.cut) break;
      }
    } finally {
      const ended = this.ending(conversation);
      if (answer.ended || answer.cut) this.ready?.prepare(this.wire);
      // Where no query runs only its transaction is left to end, for which nobody need wait.
      if (isAsked && !answer.ended) await atMost(stopWait, ended);
    }
    yield answer.done();
  }

  private ending(conversation: Conversation): Promise<void> {
    const ended = conversation.end();
    this.endings.add(ended);
    void ended.then(() => this.endings.delete(ended));
    return ended;
  }

  private async failureOf({ error }: Head, prepared: Prepared, code: Code, stop: Stop): Promise<KernelFailure> {
    const failure = toFailure(error!, (place) => prepared.origin(place));
    return new KernelFailure(await suggest(failure, error!, code.source, this.wire, stop.signal));
  }
}

/** ms to wait for the cluster to confirm a stop before the run is said to be over; it is told all the same. */
const stopWait = 3_000;
const closeWait = 10_000;

/** ms between two progress events. */
const progressEvery = 100;

/** What a run has given so far, and whether it is enough. */
class Answering {
  cut = false;
  /** Whether the query has ended on the cluster. */
  ended = false;
  private readonly options: TrinoRunOptions;
  private readonly asOf = new Date().toISOString();
  private readonly began = performance.now();
  private rows = 0;
  private bytes = 0;
  private hasSchema = false;
  private told = -Infinity;
  private head: Head | null = null;

  constructor(options: TrinoRunOptions) {
    this.options = options;
  }

  *take(page: Page): Generator<KernelEvent> {
    this.head = page.head;
    this.bytes += page.batches.length > 0 ? page.bytes : 0;
    yield* this.progress(page.head);
    if (page.schema && !this.hasSchema) {
      this.hasSchema = true;
      yield { type: 'schema', schema: page.schema };
    }
    for (const batch of page.batches) yield* this.give(batch);
    const { scanBytes } = this.options;
    if (scanBytes && page.head.stats.processedBytes > scanBytes) throw new KernelFailure(scannedTooMuch(scanBytes));
    this.cut ||= !page.last && this.bytes >= (this.options.resultBytes ?? Infinity);
    this.ended = page.last;
  }

  done(): Done {
    const { head, rows, asOf } = this;
    const done: Done = { type: 'done', rows, complete: !this.cut, asOf, took: performance.now() - this.began };
    if (head) done.cluster = clusterOf(head);
    if (head && head.warnings.length > 0) done.warnings = head.warnings.map(({ message }) => message);
    return done;
  }

  private *give(batch: RecordBatch): Generator<KernelEvent> {
    if (this.cut) return;
    const left = (this.options.limit ?? Infinity) - this.rows;
    this.cut = batch.numRows > left;
    const given = this.cut ? batch.slice(0, left) : batch;
    this.rows += given.numRows;
    if (given.numRows > 0) yield { type: 'batch', batch: given };
  }

  private *progress(head: Head): Generator<KernelEvent> {
    const now = performance.now();
    if (now - this.told < progressEvery && head.nextUri) return;
    this.told = now;
    const fraction = fractionOf(head);
    const cluster = clusterOf(head);
    const { rows, bytes } = this;
    yield { type: 'progress', rows, bytes, cluster, ...(fraction === null ? {} : { fraction }) };
  }
}

function scannedTooMuch(most: number): KernelError {
  return {
    code: 'refused',
    message: `The query read more than the ${sizeInWords(most)} this connection allows, and was stopped.`,
    hint: 'Read fewer columns, or filter by a partition column.',
  };
}

function sizeInWords(bytes: number): string {
  return bytes >= 2 ** 30 ? `${+(bytes / 2 ** 30).toFixed(1)} GB` : `${+(bytes / 2 ** 20).toFixed(1)} MB`;
}

/** An expected failure; anything else is a bug and is thrown on. */
function errorOf(error: unknown): KernelError {
  if (error instanceof KernelFailure) return error.error;
  throw error;
}

async function atMost(ms: number, promise: Promise<unknown>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([promise, late]);
  clearTimeout(timer);
}
