import type { KernelError } from '#kernels/kernel.ts';

/** What is wrong with a file, told in a worker. */
export class FileError extends Error {
  readonly error: KernelError;

  constructor(message: string, hint: string, code: KernelError['code'] = 'runtime') {
    super(message);
    this.error = { code, message, hint };
  }
}
