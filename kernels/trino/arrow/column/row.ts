import { PageError, malformed } from '#kernels/trino/arrow/error.ts';
import { closeBracket, comma, skipSpace } from '#kernels/trino/arrow/json.ts';
import type { Source } from '#kernels/trino/arrow/source.ts';
import type { Builder } from './builder.ts';

/**
 * A row of values, one builder for each. Its readers are looked up once for all rows: in a loop over many classes the
 * engine looks each one up anew, which costs as much as reading a short value.
 */
export class RowReader {
  private readonly builders: readonly Builder[];
  private readonly reads: readonly Builder['read'][];
  private readonly whose: string;

  /** `whose` begins the messages: `A row`. */
  constructor(builders: readonly Builder[], whose: string) {
    this.builders = builders;
    this.reads = builders.map((builder) => builder.read);
    this.whose = whose;
  }

  /** Reads `[value, value]`; returns where it has ended. */
  read(source: Source, at: number): number {
    const { bytes } = source;
    const { builders, reads } = this;
    const from = at++;
    const last = builders.length - 1;
    for (let index = 0; index <= last; index++) {
      if (bytes[at] === closeBracket) this.wrongCount(index, from);
      at = reads[index]!.call(builders[index]!, source, at);
      if (bytes[at]! <= 32) at = skipSpace(bytes, at);
      if (bytes[at] === (index === last ? closeBracket : comma)) at++;
      else this.misplaced(bytes, at, index + 1, from);
    }
    return at;
  }

  private misplaced(bytes: Uint8Array, at: number, read: number, from: number): never {
    if (bytes[at] === closeBracket) return this.wrongCount(read, from);
    if (bytes[at] === comma)
      throw new PageError('shape', `${this.whose} has more than ${this.builders.length} values.`, from);
    return malformed(at < bytes.length ? 'a comma or an end is missing' : 'it ends too early', at);
  }

  private wrongCount(found: number, at: number): never {
    throw new PageError('shape', `${this.whose} has ${found} of its ${this.builders.length} values.`, at);
  }
}
