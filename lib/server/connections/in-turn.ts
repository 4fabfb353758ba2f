import type { ClusterState, Code, Inputs, KernelError, KernelEvent } from '#kernels/kernel.ts';
import type { Trino, TrinoRunOptions } from '#kernels/server.ts';
import type { Turns } from '#kernels/turns.ts';

/** Whose turn a run takes, and which connection and limits its words name. */
export interface TurnOf {
  turns: Turns;
  person: string;
  name: string;
  together: number;
  perPerson: number;
}

/** Runs of one person that may wait; more would only be forgotten by whoever asked. */
const mostWaiting = 100;

/** A kernel whose runs wait for their turn, and say how many come before while they do. */
export function inTurn(kernel: Trino, turn: TurnOf): Trino {
  return {
    engine: kernel.engine,
    reads: (source) => kernel.reads(source),
    run: (code, inputs, options) => run(kernel, turn, code, inputs, options),
    close: () => kernel.close(),
  };
}

async function* run(
  kernel: Trino,
  turn: TurnOf,
  code: Code,
  inputs: Inputs,
  options: TrinoRunOptions,
): AsyncGenerator<KernelEvent> {
  const { turns, person } = turn;
  if (turns.waitingOf(person) >= mostWaiting) return yield failed(tooMany(turn));
  const leaving = new AbortController();
  const told = new Latest<number>();
  const signal = AbortSignal.any([options.signal, leaving.signal]);
  const place = turns.take(person, signal, (before) => told.put(before)).finally(() => told.end());
  const isGiven = place.then(
    () => true,
    () => false,
  );
  // The place of whoever left is free at once, though they may never ask for another event.
  options.signal.addEventListener('abort', () => leaving.abort(), { once: true });
  leaving.signal.addEventListener('abort', () => void place.then(giveBack, () => undefined), { once: true });
  try {
    for await (const before of told.values()) yield waits(turn, before);
    if (await isGiven) yield* kernel.run(code, inputs, options);
    else yield failed({ code: 'cancelled', message: 'The run was stopped while it waited for its turn.' });
  } finally {
    leaving.abort();
  }
}

const giveBack = (leave: () => void) => leave();

/** Hands over the newest value; one that was never looked at is passed over. */
class Latest<T> {
  private newest: { value: T } | null = null;
  private isOver = false;
  private wake: () => void = () => undefined;

  put(value: T): void {
    this.newest = { value };
    this.wake();
  }

  end(): void {
    this.isOver = true;
    this.wake();
  }

  async *values(): AsyncGenerator<T> {
    for (;;) {
      if (this.newest) {
        const { value } = this.newest;
        this.newest = null;
        yield value;
      } else if (this.isOver) return;
      else await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }
}

function waits({ name, together, perPerson }: TurnOf, before: number): KernelEvent {
  const note = `Waits for its turn on ${name}, which runs ${together} queries at a time and ${perPerson} of one person.`;
  return { type: 'progress', note, cluster: { ...nowhere, before } };
}

/** Of a query that the cluster does not know yet. */
export const nowhere: ClusterState = {
  queryId: '',
  link: '',
  state: 'WAITING',
  before: null,
  splits: { done: 0, total: 0 },
  nodes: 0,
  scannedRows: 0,
  scannedBytes: 0,
  cpu: 0,
  queued: 0,
  peakMemory: 0,
};

function tooMany({ name }: TurnOf): KernelError {
  return {
    code: 'refused',
    message: `You have ${mostWaiting} queries waiting for ${name} already, which is the most.`,
    hint: 'Stop some of them, or wait until they have run.',
  };
}

const failed = (error: KernelError): KernelEvent => ({ type: 'failed', error });
