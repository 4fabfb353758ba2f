import type { KernelError } from '#kernels/kernel.ts';
import { KernelFailure } from '#kernels/failure.ts';
import { Problem } from '#lib/server/problem.ts';

/** The stable codes of KernelError as answers to a request. */
const statuses: Partial<Record<KernelError['code'], number>> = { refused: 403, timeout: 504, lost: 503 };

/** The detail of an answer is for people, so it is our words; the engine's own are `said`. */
export function toProblem(error: KernelError): Problem {
  const { code, message, detail: said, ...more } = error;
  return new Problem(statuses[code] ?? 422, code, message, said === undefined ? more : { ...more, said });
}

/** What an engine refuses as an answer to the request. */
export async function asProblem<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof KernelFailure ? toProblem(error.error) : error;
  }
}
