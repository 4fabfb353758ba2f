import type { InputSpec } from '#lib/notebook/cell.ts';
import { fitValue } from '#lib/notebook/input.ts';

/** What is wrong with a text as this input's value, in words; null when it can be it. */
export function wrongValue(input: InputSpec, text: string): string | null {
  if (text === '') return null;
  const value = fitValue(input.kind, text.replace('T', ' '));
  if (input.kind === 'number') {
    if (typeof value !== 'number') return 'This is no number.';
    if (input.min !== null && value < input.min) return `At least ${input.min}.`;
    if (input.max !== null && value > input.max) return `At most ${input.max}.`;
    return null;
  }
  if (value !== null) return null;
  return input.kind === 'date' ? 'There is no such day.' : 'There is no such time.';
}
