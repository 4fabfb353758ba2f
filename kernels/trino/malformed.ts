import { KernelFailure } from '#kernels/failure.ts';
import type { KernelError } from '#kernels/kernel.ts';
import { PageError } from './arrow/error.ts';
import { DecoderDied } from './arrow/threads.ts';

/** What the decoder says of a page, in words; anything else stays what it is. */
export function fromDecoder(error: unknown): unknown {
  if (error instanceof DecoderDied)
    return new KernelFailure(error.isMemory ? tooLarge : { ...died, detail: error.message });
  return error instanceof PageError ? new KernelFailure(ofPage(error)) : error;
}

const died: KernelError = {
  code: 'lost',
  message: 'What reads pages on this server ended while it held one of the answer.',
  hint: 'Run it again; if it stays so, tell who runs this server.',
};

const tooLarge: KernelError = {
  code: 'memory',
  message: 'A page of the answer needed more memory than this server gives to reading one.',
  hint: 'Select fewer or shorter columns.',
};

function ofPage({ fault, message, misfit }: PageError): KernelError {
  switch (fault) {
    case 'does-not-fit':
      return {
        code: 'runtime',
        message,
        ...(misfit ? { hint: `Write ${misfit.instead} instead of ${misfit.column}.` } : {}),
      };
    case 'columns':
      return { code: 'lost', message, hint: 'Run it again; if it stays so, ask who runs the cluster.' };
    case 'malformed':
    case 'shape':
    case 'value':
    case 'too-deep':
      return {
        code: 'lost',
        message: 'The cluster sent a page that cannot be read.',
        detail: message,
        hint: 'Run it again; if it stays so, something between here and the coordinator changes its answers.',
      };
  }
}
