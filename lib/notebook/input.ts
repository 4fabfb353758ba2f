import type { Parameter, Parameters } from '#lib/sql/parameter.ts';
import { InputSpec, type Cell } from './cell.ts';

const date = /^\d{4}-\d\d-\d\d$/;
const timestamp = /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d(\.\d{1,9})?)?$/;
const number = /^-?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

type Value = InputSpec['value'];

/** What a bare text means: '7' a number, '2026-01-02' a date, '2026-01-02 10:00' a timestamp, all else text. */
export function recogniseInput(text: string): Pick<InputSpec, 'kind' | 'value'> {
  const word = text.trim();
  if (number.test(word) && Number.isFinite(Number(word))) return { kind: 'number', value: Number(word) };
  if (isDate(word)) return { kind: 'date', value: word };
  if (isTimestamp(word)) return { kind: 'timestamp', value: word };
  return { kind: 'text', value: text };
}

/** Completes what was given of an input; without a kind, the value tells it. */
export function toInput(given: Partial<InputSpec> | undefined, source: string): InputSpec {
  const seen = recogniseInput(given?.value === undefined ? source : String(given.value ?? ''));
  if (!given?.kind)
    return InputSpec.parse({
      ...given,
      ...(given?.options?.length ? { kind: 'choice', value: asText(seen.value) } : seen),
    });
  return InputSpec.parse({ ...given, value: fitValue(given.kind, given.value ?? (source || null)) });
}

/** The value as its kind wants it, or null when it cannot be that. */
export function fitValue(kind: InputSpec['kind'], value: Value): Value {
  if (value === null) return null;
  const text = String(value).trim();
  switch (kind) {
    case 'number':
      return number.test(text) && Number.isFinite(Number(text)) ? Number(text) : null;
    case 'date':
      return isDate(text.slice(0, 10)) ? text.slice(0, 10) : null;
    case 'timestamp':
      return isDate(text) ? `${text} 00:00:00` : isTimestamp(text) ? text : null;
    case 'text':
    case 'choice':
      return String(value);
  }
}

/** The value an input binds to `{{name}}`. */
export function toParameter(input: InputSpec): Parameter {
  const value = fitValue(input.kind, input.value);
  switch (input.kind) {
    case 'number':
      return { type: 'number', value: typeof value === 'number' ? value : null };
    case 'date':
    case 'timestamp':
      return { type: input.kind, value: asText(value) };
    case 'text':
    case 'choice':
      return { type: 'text', value: asText(value) };
  }
}

/** The values of a notebook's input cells by name; the first of two with one name wins. */
export function parametersIn(cells: readonly Cell[]): Parameters {
  const inputs = cells.filter((cell) => cell.input && cell.name).reverse();
  return Object.fromEntries(inputs.map((cell) => [cell.name, toParameter(cell.input!)]));
}

function asText(value: Value): string | null {
  return value === null ? null : String(value);
}

function isDate(text: string): boolean {
  const time = date.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

function isTimestamp(text: string): boolean {
  return timestamp.test(text) && isDate(text.slice(0, 10)) && !Number.isNaN(Date.parse(text.replace(' ', 'T')));
}
