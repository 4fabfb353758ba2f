import type { KernelError } from './kernel.ts';

/** A KernelError on its way through code that throws. */
export class KernelFailure extends Error {
  readonly error: KernelError;

  constructor(error: KernelError) {
    super(error.message);
    this.error = error;
  }
}
