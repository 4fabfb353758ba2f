import { decodeEvents, EventEncoder } from './events.ts';
import { concat } from './frame.ts';
import type { Code, Inputs, Kernel, KernelEvent, RunOptions } from './kernel.ts';

/*
 * A kernel that keeps answers and gives them again. Only runs that ended well are kept, cut by their limit or not, and every
 * answer given from there says since when (`cachedAt`) and as of when it read (`asOf`, as it was). What makes two
 * runs the same is the caller's to say: the key holds whoever asks, or it would give one person's rows to another.
 */

/** Where answers lie. It may forget any at any time. */
export interface ResultStore {
  /** What is kept under the key and since when; null when nothing is. */
  find(key: string): Promise<Kept | null>;
  /** Begins to keep an answer; null when it cannot. */
  keep(key: string): Promise<Keeping | null>;
}

export interface Kept {
  at: Date;
  /** Events as events.ts writes them; nothing is open before it is asked for. */
  read(): AsyncIterable<Uint8Array>;
}

/** Nothing is kept before `commit`. */
export interface Keeping {
  /** False when it has become too much; nothing more may be written then. */
  write(bytes: Uint8Array): Promise<boolean>;
  commit(): Promise<void>;
  discard(): Promise<void>;
}

export interface CacheOptions {
  store: ResultStore;
  /** Equal for runs that may have one answer; null for those that must run. */
  key(code: Code, inputs: Inputs, options: RunOptions): Promise<string | null>;
  /** Seconds after which an answer is too old; 0: none is given. */
  maxAge: number;
  /** Runs, and replaces what was kept. */
  fresh?: boolean;
  now(): Date;
}

export function withCache<K extends Kernel>(kernel: K, cache: CacheOptions): Kernel {
  return {
    engine: kernel.engine,
    reads: (source) => kernel.reads(source),
    run: (code, inputs, options) => run(kernel, cache, code, inputs, options),
    close: () => kernel.close(),
  };
}

async function* run(
  kernel: Kernel,
  cache: CacheOptions,
  code: Code,
  inputs: Inputs,
  options: RunOptions,
): AsyncGenerator<KernelEvent> {
  const key = cache.maxAge > 0 ? await keyOf(cache, code, inputs, options) : null;
  if (key === null) return yield* kernel.run(code, inputs, options);
  const kept = cache.fresh ? null : await youngEnough(cache, key);
  if (kept) {
    const answered = yield* replayed(kept, options.signal);
    if (answered) return;
  }
  yield* keeping(await cache.store.keep(key).catch(() => null), kernel.run(code, inputs, options));
}

/** A relation that cannot be read fails in the run, which says so better. */
async function keyOf(cache: CacheOptions, code: Code, inputs: Inputs, options: RunOptions): Promise<string | null> {
  return cache.key(code, inputs, options).catch(() => null);
}

async function youngEnough({ store, maxAge, now }: CacheOptions, key: string): Promise<Kept | null> {
  const kept = await store.find(key).catch(() => null);
  return kept && now().getTime() - kept.at.getTime() <= maxAge * 1000 ? kept : null;
}

/** True when it was given; false when it is broken and nothing of it was. */
async function* replayed({ at, read }: Kept, signal: AbortSignal): AsyncGenerator<KernelEvent, boolean> {
  let isBegun = false;
  for await (const event of decodeEvents(read())) {
    if (signal.aborted) {
      yield { type: 'failed', error: { code: 'cancelled', message: 'The run was stopped.' } };
      return true;
    }
    if (event.type === 'failed' && !isBegun) return false;
    isBegun = true;
    yield event.type === 'done' ? { ...event, cachedAt: at.toISOString() } : event;
  }
  return true;
}

async function* keeping(keep: Keeping | null, events: AsyncIterable<KernelEvent>): AsyncGenerator<KernelEvent> {
  const encoder = new EventEncoder();
  let open = keep;
  try {
    for await (const event of events) {
      if (open && event.type !== 'progress') open = await written(open, event, encoder);
      if (open && event.type === 'done') open = await committed(open);
      yield event;
    }
  } finally {
    await open?.discard().catch(() => undefined);
  }
}

/** Null when it is no longer kept: it failed, became too much, or could not be written. The run goes on. */
async function written(keep: Keeping, event: KernelEvent, encoder: EventEncoder): Promise<Keeping | null> {
  const isKept = event.type !== 'failed' && (await keep.write(concat(encoder.encode(event))).catch(() => false));
  if (isKept) return keep;
  await keep.discard().catch(() => undefined);
  return null;
}

async function committed(keep: Keeping): Promise<null> {
  await keep.commit().catch(() => undefined);
  return null;
}
