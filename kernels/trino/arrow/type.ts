import { PageError } from './error.ts';

/*
 * Trino's types as it writes them in `columns` and typeof(): `row(a bigint, "b c" decimal(38, 4))`,
 * `array(timestamp(9) with time zone)`, `INTERVAL DAY TO SECOND`. A simple identifier stands bare in a row, any other in
 * double quotes; a row's field may have no name.
 */

export interface TrinoType {
  /** In lower case, without parameters: `timestamp with time zone`, `row`, `hyperloglog`. */
  base: string;
  /** As Trino wrote it. */
  text: string;
  /** `decimal(38, 4)` → [38, 4] */
  numbers: number[];
  /** array: its items; map: key and value; row: its fields, by name where they have one. */
  children: { name: string | null; type: TrinoType }[];
}

/** The field metadata that keeps Trino's own type, precision and row names included, for the way back. */
export const trinoTypeKey = 'trino.type';

const deepest = 100;
const mostParts = 10_000;

/** Reads a type; throws PageError when the text is none, nested deeper than 100, or of more than 10,000 parts. */
export function parseType(text: string): TrinoType {
  const reader = new TypeReader(text);
  const type = reader.type(0);
  reader.end();
  return type;
}

/** Types of several words, longest first. */
const worded = [
  'interval year to month',
  'interval day to second',
  'timestamp with time zone',
  'time with time zone',
  'double precision',
];

class TypeReader {
  private readonly text: string;
  private at = 0;
  private parts = 0;

  constructor(text: string) {
    this.text = text;
  }

  type(depth: number): TrinoType {
    if (depth > deepest) throw new PageError('too-deep', `A type is nested more than ${deepest} deep.`);
    if (++this.parts > mostParts)
      throw new PageError('columns', `The cluster named a type of more than ${mostParts} parts. Select some of them.`);
    this.space();
    const from = this.at;
    let base = this.phrase() ?? this.word().toLowerCase();
    if (base === 'double precision') base = 'double';
    const type: TrinoType = { base, text: '', numbers: [], children: [] };
    this.space();
    if (this.text[this.at] === '(') this.parameters(type, depth + 1);
    if ((base === 'timestamp' || base === 'time') && this.takes(/\s*with time zone\b/iy))
      type.base += ' with time zone';
    type.text = this.text.slice(from, this.at).trim();
    return checked(type, this.text);
  }

  end(): void {
    this.space();
    if (this.at < this.text.length) this.fail();
  }

  private parameters(type: TrinoType, depth: number): void {
    do {
      this.at++;
      this.space();
      const number = this.takes(/\d{1,9}(?=\s*[,)])/y);
      if (number) type.numbers.push(Number(number));
      else type.children.push(type.base === 'row' ? this.member(depth) : { name: null, type: this.type(depth) });
      this.space();
    } while (this.text[this.at] === ',');
    if (this.text[this.at] !== ')') this.fail();
    this.at++;
  }

  /** `name type` or `type`: a bare word is the name where a type follows it. */
  private member(depth: number): { name: string | null; type: TrinoType } {
    if (this.text[this.at] === '"') return { name: this.quoted(), type: this.type(depth) };
    const from = this.at;
    const isType = this.phrase() !== null || (this.word() && /^\s*([,()]|with time zone\b|$)/i.test(this.ahead()));
    if (!isType) return { name: this.text.slice(from, this.at), type: this.type(depth) };
    this.at = from;
    return { name: null, type: this.type(depth) };
  }

  private ahead(): string {
    return this.text.slice(this.at, this.at + 40);
  }

  private phrase(): string | null {
    for (const words of worded) {
      const found = this.text.slice(this.at, this.at + words.length);
      if (found.toLowerCase() !== words || /\w/.test(this.text[this.at + words.length] ?? '')) continue;
      this.at += words.length;
      return words;
    }
    return null;
  }

  private word(): string {
    return this.takes(/[\p{L}_][\p{L}\p{N}_:@$-]*/uy) ?? this.fail();
  }

  private quoted(): string {
    const found = this.takes(/"(?:[^"]|"")*"/y) ?? this.fail();
    return found.slice(1, -1).replaceAll('""', '"');
  }

  private takes(pattern: RegExp): string | null {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (found === undefined) return null;
    this.at += found.length;
    return found;
  }

  private space(): void {
    while (this.text[this.at] === ' ') this.at++;
  }

  private fail(): never {
    throw new PageError('columns', `The cluster named a type that cannot be read: ${this.text.slice(0, 200)}`);
  }
}

const childCounts: Record<string, (count: number) => boolean> = {
  array: (count) => count === 1,
  map: (count) => count === 2,
  row: (count) => count > 0,
};

/** The type with the parameters Trino leaves out; throws where a count or a size is impossible. */
function checked(type: TrinoType, whole: string): TrinoType {
  const isWrong = childCounts[type.base]?.(type.children.length) === false || !hasSizes(type);
  if (isWrong) throw new PageError('columns', `The cluster named a type that cannot be: ${whole.slice(0, 200)}`);
  return type;
}

function hasSizes(type: TrinoType): boolean {
  const [first, second] = type.numbers;
  if (type.base.startsWith('time')) {
    type.numbers = [first ?? 3];
    return type.numbers[0]! <= 12;
  }
  if (type.base !== 'decimal') return true;
  type.numbers = [first ?? 38, second ?? 0];
  return type.numbers[0]! >= 1 && type.numbers[0]! <= 38 && type.numbers[1]! <= type.numbers[0]!;
}
