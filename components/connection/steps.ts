import type { MarkState } from '#components/parts/mark.tsx';
import type { TestStep } from '#lib/connection/view.ts';
import type { FormState } from './use-form.ts';
import type { Trial } from './use-test.ts';

/** What each attempt is called. One that is new on the server is called by its own word. */
const titles: Record<string, string> = {
  address: 'Find the name',
  tls: 'Speak TLS',
  'sign-in': 'Sign in',
  version: 'Ask who it is',
  query: 'Run SELECT 1',
  people: 'Act as people',
  catalogs: 'List catalogues',
  write: 'Write and drop',
  segments: 'Fetch in segments',
  stop: 'Stop a query',
};

export function titleOf(step: string): string {
  return titles[step] ?? step;
}

export const markOfStep: Record<TestStep['state'], MarkState> = {
  good: 'good',
  warned: 'warned',
  failed: 'failed',
  skipped: 'idle',
};

/** `9 of 10`: how many answered well. */
export function answered(steps: readonly TestStep[]): string {
  const tried = steps.filter((step) => step.state !== 'skipped');
  return `${tried.filter((step) => step.state === 'good').length} of ${tried.length}`;
}

/** All of it, in ms. */
export function tookOf(steps: readonly TestStep[]): number {
  return steps.reduce((sum, step) => sum + step.took, 0);
}

/** Catalogs by what the test said it found: `3: iceberg, tpch, system`. */
export function catalogsIn(steps: readonly TestStep[]): string[] {
  const found = steps.find((step) => step.step === 'catalogs' && step.state !== 'failed')?.found ?? '';
  const names = /^\d+: (.+)$/.exec(found)?.[1] ?? '';
  return names
    .split(', ')
    .map((name) => name.replaceAll('`', ''))
    .filter((name) => /^[\w$-]+$/.test(name));
}

/** Whether the fields are others than those that were tried. What is kept was tried as it is kept, whoever looks at it. */
export function isOldTest(
  { isKept, isOf }: Pick<Trial, 'isKept' | 'isOf'>,
  { isChanged, read }: Pick<FormState, 'isChanged' | 'read'>,
): boolean {
  if (isKept && !isChanged) return false;
  return !(read.ok && isOf(read.input));
}
