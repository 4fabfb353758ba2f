import type { Check } from '#lib/job/spec.ts';

/** A check as people say it. */
export function checkWords(check: Check): { name: string; on: string } {
  switch (check.type) {
    case 'not-null':
      return { name: 'not null', on: check.column };
    case 'unique':
      return { name: 'unique', on: check.columns.join(', ') };
    case 'rows':
      return { name: 'row count', on: between(check.min, check.max) };
    case 'range':
      return { name: 'range', on: `${check.column}: ${between(check.min, check.max)}` };
    case 'sql':
      return { name: 'SQL returns no row', on: check.name };
  }
}

function between(min: number | undefined, max: number | undefined): string {
  if (min !== undefined && max !== undefined) return `${min} to ${max}`;
  return min === undefined ? `at most ${max ?? 'any'}` : `at least ${min}`;
}
