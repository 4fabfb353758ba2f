/** A number no double holds, as its own text. */
export class Digits {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What the values of one key have been so far. */
export type Found = Set<Kind>;

type Kind = 'boolean' | 'bigint' | 'hugeint' | 'double' | 'date' | 'timestamp' | 'text';

/** The types of columns by what was found in them. */
export const columnTypes = {
  note(found: Map<string, Found>, row: Record<string, unknown>): void {
    for (const name in row) {
      const kind = kindOf(row[name]);
      const kinds = found.get(name) ?? new Set();
      if (kind) kinds.add(kind);
      found.set(name, kinds);
    }
  },

  of(found: Map<string, Found>): { name: string; type: string }[] {
    return [...found].map(([name, kinds]) => ({ name, type: typeOf(kinds) }));
  },
};

function kindOf(value: unknown): Kind | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'boolean') return 'boolean';
  if (typeof value === 'number') return Number.isInteger(value) && Math.abs(value) < 2 ** 53 ? 'bigint' : 'double';
  if (typeof value === 'string') return textKind(value);
  return value instanceof Digits ? digitsKind(value.text) : 'text';
}

function textKind(text: string): Kind {
  if (/^\d{4}-\d\d-\d\d$/.test(text) && isDate(text)) return 'date';
  return /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d{1,6})?$/.test(text) && isDate(text) ? 'timestamp' : 'text';
}

function isDate(text: string): boolean {
  const date = new Date(`${text.replace(' ', 'T').slice(0, 19)}${text.length > 10 ? 'Z' : ''}`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text.slice(0, 10));
}

function digitsKind(text: string): Kind {
  if (!/^-?\d+$/.test(text)) return 'double';
  const value = BigInt(text);
  if (BigInt.asIntN(64, value) === value) return 'bigint';
  return BigInt.asIntN(128, value) === value ? 'hugeint' : 'double';
}

const single: Record<Kind, string> = {
  boolean: 'BOOLEAN',
  bigint: 'BIGINT',
  hugeint: 'HUGEINT',
  double: 'DOUBLE',
  date: 'DATE',
  timestamp: 'TIMESTAMP',
  text: 'VARCHAR',
};

function typeOf(kinds: Found): string {
  const [only] = kinds;
  if (kinds.size === 1) return single[only!];
  const isAll = (...given: Kind[]) => kinds.size > 0 && [...kinds].every((kind) => given.includes(kind));
  if (isAll('bigint', 'hugeint')) return 'HUGEINT';
  if (isAll('bigint', 'hugeint', 'double')) return 'DOUBLE';
  return isAll('date', 'timestamp') ? 'TIMESTAMP' : 'VARCHAR';
}
