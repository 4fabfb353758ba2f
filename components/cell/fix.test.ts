import { describe, expect, it } from 'vitest';
import type { KernelError } from '#kernels/kernel.ts';
import { fixed } from './fix.ts';

const error = (fix: KernelError['fix']): KernelError => ({
  code: 'unknown-name',
  message: 'There is no column amuont.',
  fix,
});

describe('the one-key fix', () => {
  it('replaces only the place it speaks of', () => {
    expect(fixed('sum(amuont) AS amount', error({ label: 'Use amount', from: 4, to: 10, text: 'amount' }))).toBe(
      'sum(amount) AS amount',
    );
  });
  it('does nothing where there is no fix', () => {
    expect(fixed('x', error(undefined))).toBeNull();
    expect(fixed('x', null)).toBeNull();
  });
  it('does nothing when the text has become shorter since', () => {
    expect(fixed('sum', error({ label: 'Use amount', from: 4, to: 10, text: 'amount' }))).toBeNull();
  });
});
