import type { KernelError } from '#kernels/kernel.ts';
import { estimateSql, validateSql, type Question } from '#lib/client/api/connections.ts';
import type { Estimate } from '#lib/connection/view.ts';
import type { NotebookStore } from './store.ts';

/*
 * What a cluster says of a Trino cell before it runs: what is wrong with its text, what it would read, and hints. Asked when
 * typing pauses, for the one cell that is watched; the next key withdraws the question. It never holds a run up; a cluster
 * that does not answer is asked a few times more, and then there is simply nothing to show.
 */

export interface CellAdvice {
  /** The text it is of. */
  source: string;
  problem: KernelError | null;
  estimate: Estimate | null;
}

export interface AdviceApi {
  validate: typeof validateSql;
  estimate: typeof estimateSql;
}

/** ms without a change after which the cluster is asked */
const pause = 600;
/** ms after which it is asked again where it could not answer */
const again = [2_000, 10_000];

export class Advice {
  private readonly api: AdviceApi;
  private readonly known = new Map<string, CellAdvice>();
  /** What was asked last of each cell, as one text. */
  private readonly asked = new Map<string, string>();
  private readonly listeners = new Set<() => void>();

  constructor(api: AdviceApi = { validate: validateSql, estimate: estimateSql }) {
    this.api = api;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };

  of(cellId: string): CellAdvice | null {
    return this.known.get(cellId) ?? null;
  }

  /** Asks about a cell whenever its question has been the same for a while, until the returned function is called. */
  watch(store: Pick<NotebookStore, 'question' | 'subscribe'>, cellId: string): () => void {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let asking = new AbortController();
    let seen = '';
    const look = () => {
      const question = store.question(cellId);
      const key = question ? JSON.stringify(question) : '';
      if (key === seen) return;
      seen = key;
      clearTimeout(timer);
      asking.abort();
      asking = new AbortController();
      const { signal } = asking;
      if (!question) this.forget(cellId);
      else if (this.asked.get(cellId) !== key)
        timer = setTimeout(() => void this.ask(cellId, question, key, signal), pause);
    };
    look();
    const stop = store.subscribe(look);
    return () => {
      stop();
      clearTimeout(timer);
      asking.abort();
    };
  }

  private async ask(cellId: string, question: Question, key: string, signal: AbortSignal): Promise<void> {
    for (const wait of [...again, 0]) {
      const answer = await this.answer(question, signal).catch(() => null); // withdrawn: nobody waits for it
      if (signal.aborted) return;
      if (answer?.advice) {
        this.known.set(cellId, answer.advice);
        this.tell();
      }
      if (answer?.advice && !answer.mayAskAgain) this.asked.set(cellId, key);
      if (!answer?.mayAskAgain || wait === 0) return;
      await new Promise((resolve) => setTimeout(resolve, wait));
      if (signal.aborted) return;
    }
  }

  /** What a wrong text would read nobody needs to know. */
  private async answer(
    question: Question,
    signal: AbortSignal,
  ): Promise<{ advice: CellAdvice | null; mayAskAgain: boolean }> {
    const valid = await this.api.validate(question, signal);
    if (!valid.ok) return { advice: null, mayAskAgain: isPassing(valid.problem.status) };
    const { problem } = valid.value;
    const read = problem ? null : await this.api.estimate(question, signal);
    const advice = { source: question.sql, problem, estimate: read?.ok ? read.value : null };
    return { advice, mayAskAgain: read?.ok === false && isPassing(read.problem.status) };
  }

  private forget(cellId: string): void {
    this.asked.delete(cellId);
    if (this.known.delete(cellId)) this.tell();
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}

/** The server or the cluster could not answer now; 0 is a server that was not reached. */
function isPassing(status: number): boolean {
  return status === 0 || status >= 500;
}
