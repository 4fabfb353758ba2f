import type { Decoder } from './arrow/decoder.ts';
import { Statement, type Page } from './client.ts';
import type { Access } from './target.ts';
import { begin, end } from './transaction.ts';
import type { Wire } from './wire.ts';

export interface Ordered {
  sql: string;
  /** `plain`: what cannot write by its kind, as EXPLAIN does, and needs no transaction. */
  access: Access | 'plain';
  spooling: boolean;
  signal: AbortSignal;
  onStopAt?(address: string): void | Promise<void>;
}

/** One statement with its transaction: whatever happens, `end` leaves nothing of it on the cluster. */
export class Conversation {
  private readonly wire: Wire;
  private readonly decoder: Decoder;
  private readonly order: Ordered;
  private beginning: Promise<string> | null = null;
  private statement: Statement | null = null;
  private ending: Promise<void> | null = null;

  constructor(wire: Wire, decoder: Decoder, order: Ordered) {
    this.wire = wire;
    this.decoder = decoder;
    this.order = order;
  }

  /** Throws KernelFailure, or the signal's reason when that came first. */
  async *pages(): AsyncGenerator<Page> {
    const { sql, access, spooling, signal, onStopAt } = this.order;
    signal.throwIfAborted();
    if (access === 'read') this.beginning = begin(this.wire, this.decoder);
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
