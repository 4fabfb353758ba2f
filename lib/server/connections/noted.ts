import type { KernelEvent } from '#kernels/kernel.ts';
import { ask, TrinoKernel, type Answer, type AskOptions, type ReadyTransactions } from '#kernels/server.ts';
import type { Trino, TrinoTarget } from '#kernels/server.ts';
import { KernelFailure } from '#kernels/failure.ts';
import type { Noted } from './running.ts';

/** What begins a run: its own target with its own trace, and the note by which it is found again. */
export interface Begun {
  target: TrinoTarget;
  noted: Noted;
  /** Stops all runs when the process does. */
  closing: AbortSignal;
}

/** A kernel whose queries are known to a later process as long as the cluster runs them. `ready`: for people, who run again. */
export function notedKernel(target: TrinoTarget, begin: () => Begun, ready?: ReadyTransactions): Trino {
  return {
    engine: 'trino',
    reads: (source) => new TrinoKernel(target).reads(source),
    run: async function* (code, inputs, options) {
      const { target, noted, closing } = begin();
      const kernel = new TrinoKernel(target, ready ? { ready } : {});
      const signal = AbortSignal.any([options.signal, closing]);
      // Whoever left may never ask for another event, so the end does not wait for that.
      const leave = () => noted.end(false, kernel.close());
      signal.addEventListener('abort', leave, { once: true });
      const onStopAt = noting(noted, options);
      let isOver = false;
      try {
        for await (const event of kernel.run(code, inputs, { ...options, signal, onStopAt })) {
          isOver = endedThere(event);
          yield event;
        }
      } finally {
        signal.removeEventListener('abort', leave);
        noted.end(isOver);
      }
    },
    close: () => Promise.resolve(),
  };
}

/** One statement, noted while it runs. */
export async function askNoted(begun: Begun, sql: string, options: AskOptions = {}): Promise<Answer> {
  const { target, noted, closing } = begun;
  const signal = AbortSignal.any([closing, ...(options.signal ? [options.signal] : [])]);
  const onStopAt = noting(noted, options);
  let isOver = false;
  try {
    const answer = await ask(target, sql, { ...options, signal, onStopAt });
    isOver = options.limit === undefined;
    return answer;
  } catch (error) {
    isOver = error instanceof KernelFailure && endedThere({ type: 'failed', error: error.error });
    throw error;
  } finally {
    noted.end(isOver);
  }
}

function noting(noted: Noted, { onStopAt }: Pick<AskOptions, 'onStopAt'>) {
  return async (address: string): Promise<void> => {
    await noted.note(address);
    await onStopAt?.(address);
  };
}

/** Whether an event says that the cluster itself has ended the query: it gave all rows, or failed it. */
function endedThere(event: KernelEvent): boolean {
  if (event.type === 'done') return event.complete;
  if (event.type !== 'failed') return false;
  return !['cancelled', 'timeout', 'lost', 'refused'].includes(event.error.code);
}
