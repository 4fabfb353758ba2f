import type { Decoder } from './arrow/decoder.ts';
import { Statement, type Page } from './client.ts';
import type { Access } from './target.ts';
import type { ReadyTransactions } from './ready.ts';
import { begin, end, isUnknown } from './transaction.ts';
import type { Wire } from './wire.ts';

export interface Ordered {
  /** `plain`: what cannot write by its kind, as EXPLAIN does, and needs no transaction. */
  access: Access | 'plain';
  spooling: boolean;
  signal: AbortSignal;
  onStopAt?(address: string): void | Promise<void>;
  /** Where one may be taken that was begun ahead. */
  ready?: ReadyTransactions;
}

/** One statement with its transaction: whatever happens, `end` leaves nothing of it on the cluster. */
export class Conversation {
  private readonly wire: Wire;
  private readonly decoder: Decoder;
  private readonly order: Ordered;
  private beginning: Promise<string> | null = null;
  /** Whether it was begun ahead, so that the cluster may have ended it since. */
  private isReady = false;
  private statement: Statement | null = null;
  private ending: Promise<void> | null = null;

  constructor(wire: Wire, decoder: Decoder, order: Ordered) {
    this.wire = wire;
    this.decoder = decoder;
    this.order = order;
  }

  /** Begins the transaction, where the statement needs one: to be called before `pages` where that would still take a while. */
  begin(): void {
    if (this.order.access !== 'read' || this.beginning) return;
    const ready = this.order.ready?.take(this.wire.target);
    this.isReady = ready !== undefined && ready !== null;
    this.beginning = ready?.catch(() => this.anew()) ?? this.anew();
    this.beginning.catch(() => undefined); // `pages` tells
  }

  /** Throws KernelFailure, or the signal's reason when that came first. */
  async *pages(sql: string): AsyncGenerator<Page> {
    this.order.signal.throwIfAborted();
    this.begin();
    for await (const page of this.asked(sql)) {
      if (!this.isReady || !isUnknown(page.head.error)) {
        yield page;
        continue;
      }
      // The cluster ended it, or began anew itself. Nothing was run in it, so that the query runs in another.
      this.beginning = this.anew();
      yield* this.asked(sql);
      return;
    }
  }

  private async *asked(sql: string): AsyncGenerator<Page> {
    const { access, spooling, signal, onStopAt } = this.order;
    const transaction = this.beginning ? await unless(signal, this.beginning) : 'NONE';
    this.statement = new Statement(this.wire, sql, this.decoder, {
      transaction,
      spooling,
      access: access === 'write' ? 'write' : 'read',
      signal,
      ...(onStopAt ? { onStopAt } : {}),
    });
    const pages = this.statement.pages();
    try {
      for (;;) {
        const next = await unless(signal, pages.next());
        if (next.done) return;
        yield next.value;
      }
    } finally {
      void pages.return(undefined).catch(() => undefined);
    }
  }

  private anew(): Promise<string> {
    this.isReady = false;
    return begin(this.wire, this.decoder);
  }

  /** Stops the statement if it runs and ends the transaction. Never rejects: what cannot be told, the cluster ends by itself. */
  end(): Promise<void> {
    this.ending ??= this.endAll();
    return this.ending;
  }

  private async endAll(): Promise<void> {
    await this.statement?.cancel().catch(() => undefined);
    const transaction = await this.beginning?.catch(() => null);
    if (transaction) await end(this.wire, this.decoder, transaction).catch(() => undefined);
  }
}

/** The promise, or the signal's reason when that comes first. */
function unless<T>(signal: AbortSignal, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason as Error);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
