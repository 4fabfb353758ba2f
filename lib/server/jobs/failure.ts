import { KernelFailure } from '#kernels/failure.ts';
import type { KernelError } from '#kernels/kernel.ts';
import { Problem } from '#lib/server/problem.ts';
import type { CheckResult } from '#lib/server/warehouse/warehouse.ts';

/** Why a run did not publish: a code that stays the same, and a sentence. */
export interface Failure {
  code: string;
  message: string;
  [more: string]: unknown;
}

/** What is the machine's fault, not the query's: another attempt may go well. */
const passing: string[] = ['lost', 'timeout', 'internal', 'conflict', 'not-stored', 'too-many-open'] satisfies (
  KernelError['code'] | 'internal' | 'conflict' | 'not-stored' | 'too-many-open'
)[];

export function isPassing(code: string): boolean {
  return passing.includes(code);
}

/** Whether an error is one of those that say what is wrong, not a bug of ours. */
export function isExpected(error: unknown): error is KernelFailure | Problem {
  return error instanceof KernelFailure || error instanceof Problem;
}

const internal =
  'Something went wrong in Lodestar itself, which is no fault of the query. It was logged; tell its operator if it stays.';

/** What went wrong, whatever was thrown. A bug is told to nobody in detail: who catches it logs it. */
export function failureOf(error: unknown): Failure {
  if (error instanceof KernelFailure) return ofKernel(error.error);
  if (error instanceof Problem) return { code: error.code, message: error.message };
  return { code: 'internal', message: internal };
}

/** Two commits that met: Iceberg let the other through and this one not. */
const conflicts = /ICEBERG_COMMIT_ERROR|TRANSACTION_CONFLICT|conflicting files/;

export function ofKernel(error: KernelError): Failure {
  const isConflict = conflicts.test(`${error.message} ${error.detail ?? ''}`);
  return { ...error, ...(isConflict ? { code: 'conflict' } : {}) };
}

/** Null when every check passed. */
export function checkFailure(checks: CheckResult[]): Failure | null {
  const failed = checks.filter((check) => !check.passed);
  if (failed.length === 0) return null;
  const found = failed.map((check) => check.found);
  return {
    code: 'check-failed',
    message: `${failed.length} of ${checks.length} checks failed: ${found.join('; ')}. Nothing was published; the rows from before stay.`,
    checks: failed,
  };
}
