import { KernelFailure } from '#kernels/failure.ts';

/** Interim. */
export function toValues(_ipc: Uint8Array, _most: number): string | null {
  throw new KernelFailure({
    code: 'unsupported',
    message: 'Rows that are not on the cluster cannot be read there yet.',
  });
}
