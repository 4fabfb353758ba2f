import type { Done, KernelError, KernelEvent } from '#kernels/kernel.ts';
import { KernelFailure } from '#kernels/failure.ts';
import type { RunEffect, RunEvent } from '#lib/notebook/run.ts';
import type { Prepared } from './prepare.ts';
import { LiveResult } from './result.ts';
import type { Results } from './results.ts';

export type Progress = Extract<KernelEvent, { type: 'progress' }>;
export type Event = RunEvent<Progress, Done, KernelError>;

export interface RunnerParts {
  /** What the cell runs on at this moment; null when it is gone. */
  prepare(id: string): Prepared | null;
  results: Results;
  tell(event: Event): void;
  now(): number;
  /** Rows after which a result is cut. */
  limit: number;
  /** Ids of results begin with it, so that an engine that outlives a notebook never mistakes one for another. */
  nonce: string;
}

/** ms between two showings of rows that stream in */
const pace = 100;

/** Does what the run reducer decides: starts kernels and stops them, keeps their rows, tells what came of it. */
export class Runner {
  private readonly running = new Map<number, AbortController>();
  private readonly parts: RunnerParts;

  constructor(parts: RunnerParts) {
    this.parts = parts;
  }

  perform(effects: readonly RunEffect[]): void {
    for (const effect of effects) {
      if (effect.type === 'start') void this.start(effect.id, effect.runId);
      else this.running.get(effect.runId)?.abort();
    }
  }

  close(): void {
    for (const controller of this.running.values()) controller.abort();
  }

  private async start(id: string, runId: number): Promise<void> {
    const controller = new AbortController();
    this.running.set(runId, controller);
    await Promise.resolve(); // what is told while effects are performed would come before the state they belong to
    const error = await this.run(id, runId, controller.signal).catch(toError);
    this.running.delete(runId);
    const { tell, now } = this.parts;
    if (error) tell({ type: 'failed', id, runId, error, cancelled: error.code === 'cancelled', at: now() });
  }

  /** Gives why it failed, or null after it told that it is done. */
  private async run(id: string, runId: number, signal: AbortSignal): Promise<KernelError | null> {
    const { prepare, results, tell, limit, nonce, now } = this.parts;
    const prepared = signal.aborted ? null : prepare(id);
    if (!prepared) return stopped;
    if (!prepared.ok) return prepared.error;
    const live = new LiveResult();
    const show = paced(() => tell({ type: 'rows', id, runId }), now);
    for await (const event of prepared.kernel.run(prepared.code, prepared.inputs, { signal, limit })) {
      if (event.type === 'failed') {
        results.drop(id, live);
        return event.error;
      }
      if (event.type === 'progress') tell({ type: 'progress', id, runId, progress: event });
      if (event.type === 'done') {
        for (const warning of prepared.warnings) live.warn(warning);
        live.finish(event, prepared.isWhole, prepared.spans());
        if (!signal.aborted) results.settle(id, live, `${nonce}:${id}:${runId}`);
        tell({ type: 'done', id, runId, done: { ...event, complete: live.complete }, at: now() });
        return null;
      }
      if (live.take(event) && !signal.aborted) {
        results.show(id, live);
        show();
      }
    }
    return { code: 'lost', message: 'The engine ended without an answer.', hint: 'Run the cell again.' };
  }
}

const stopped: KernelError = { code: 'cancelled', message: 'Stopped.' };

function toError(error: unknown): KernelError {
  if (error instanceof KernelFailure) return error.error;
  const detail = error instanceof Error ? error.message : String(error);
  return { code: 'lost', message: 'The engine broke while it ran this cell.', hint: 'Run the cell again.', detail };
}

function paced(act: () => void, now: () => number): () => void {
  let last = Number.NEGATIVE_INFINITY;
  return () => {
    if (now() - last < pace) return;
    last = now();
    act();
  };
}
