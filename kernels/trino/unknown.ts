import type { KernelError, Position } from '#kernels/kernel.ts';

/** A parameter without a value; `within` names another cell that uses it. */
export function unknownParameter(name: string, within: string | null, position?: Position): KernelError {
  return {
    code: 'unknown-parameter',
    message: `There is no value for {{${name}}}${within === null ? '' : `, which ${within} uses`}.`,
    hint: `Add an input cell named ${name}, or pass it in parameters.`,
    ...(position ? { position } : {}),
  };
}
