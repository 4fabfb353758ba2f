/*
 * JSON whose whole numbers are exact: those that a double cannot hold come as bigint. The slower way of reading is taken
 * only by texts in which there is one.
 */
const long = /\d{16}/;

/** Throws a SyntaxError like JSON.parse. */
export function parseExact(text: string): unknown {
  const value: unknown = JSON.parse(text);
  return long.test(text) && mayBeInexact(value, 64) ? JSON.parse(text, exact) : value;
}

/** Whether a whole number is in it that a double may not hold; what is nested beyond `levels` is not looked at. */
function mayBeInexact(value: unknown, levels: number): boolean {
  if (typeof value === 'number') return Number.isInteger(value) && !Number.isSafeInteger(value);
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  for (const name in value) if (mayBeInexact((value as Record<string, unknown>)[name], levels - 1)) return true;
  return false;
}

function exact(_: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  return context?.source && /^-?\d+$/.test(context.source) ? BigInt(context.source) : value;
}

/** The text of a value that may hold bigints and lone surrogates: well-formed, every digit kept. */
export function writeExact(value: unknown): string {
  const text = JSON.stringify(value, (_, each: unknown) => (typeof each === 'bigint' ? raw(each) : each));
  return text.includes('\\ud') ? text.replace(escapes, (escape, half?: string) => (half ? '\uFFFD' : escape)) : text;
}

/** Half a pair of surrogates is no letter, and the engine reads no text with one. */
const escapes = /\\(?:(ud[89a-f][0-9a-f]{2})|.)/g;

function raw(value: bigint): unknown {
  return (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(value.toString());
}
