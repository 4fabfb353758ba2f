import type { Answer } from './frame.ts';
import type { Batch, Repeated } from './judge.ts';
import { keyUsed, readOtherwise } from './refusal.ts';

/** A batch whose sender waits for its answer. */
export interface Waiting {
  batch: Batch;
  /** Of its body. */
  bytes: number;
  resolve(answer: Answer): void;
  reject(error: unknown): void;
}

/** Batches that wait while a frame goes to disk, in the order they came. */
export class Queue {
  private waiting: Waiting[] = [];

  get isEmpty(): boolean {
    return this.waiting.length === 0;
  }

  /** Resolves or rejects when the batch is settled. */
  add(batch: Batch, bytes: number): Promise<Answer> {
    return new Promise((resolve, reject) => this.waiting.push({ batch, bytes, resolve, reject }));
  }

  /** The first ones, which together have so many bytes at most; one always. */
  take(most: number): Waiting[] {
    let bytes = 0;
    const count = this.waiting.findIndex((each) => (bytes += each.bytes) > most);
    return this.waiting.splice(0, count < 0 ? this.waiting.length : Math.max(1, count));
  }

  rejectAll(error: unknown): void {
    for (const { reject } of this.waiting.splice(0)) reject(error);
  }
}

/** Tells a sender what became of its batch. */
export function settle({ resolve, reject }: Waiting, outcome: Answer | Repeated): void {
  if (!('kind' in outcome)) resolve(outcome);
  else if (outcome.kind === 'same') resolve(outcome.answer);
  else reject(outcome.kind === 'moved' ? readOtherwise() : keyUsed());
}
