import { describe, expect, it } from 'vitest';
import { Evidence, evidenceProblem } from './evidence.ts';

const evidence = (trial: object): Evidence =>
  Evidence.parse({
    gatheredAt: '2026-11-21T10:00:00Z',
    trial: {
      state: 'good',
      windowStart: '2026-11-19T23:00:00Z',
      windowEnd: '2026-11-20T23:00:00Z',
      rows: 3,
      bytes: 800,
      took: 40,
      error: null,
      preview: null,
      checks: [],
      ...trial,
    },
    parity: { state: 'absent', why: 'The notebook showed no result for this window.', comparison: null },
    warnings: [],
  });

describe('evidenceProblem', () => {
  it('is null for a good trial', () => {
    expect(evidenceProblem(evidence({}))).toBeNull();
  });

  it('says that there is none', () => {
    expect(evidenceProblem(null)).toContain('not been tried');
  });

  it('gives the reason of a failed trial', () => {
    expect(
      evidenceProblem(evidence({ state: 'failed', error: { code: 'runtime', message: 'Division by zero.' } })),
    ).toContain('Division by zero.');
  });

  it('gives what the first failed check found', () => {
    const checks = [
      { check: { type: 'rows', min: 1 }, passed: true, found: '3 rows' },
      { check: { type: 'not-null', column: 'shop' }, passed: false, found: '2 nulls in shop' },
    ];
    expect(evidenceProblem(evidence({ checks }))).toBe('1 of 2 checks failed in the trial: 2 nulls in shop');
  });
});
