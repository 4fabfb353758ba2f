import type { Source } from '#kernels/trino/arrow/source.ts';
import { quote, skipString } from '#kernels/trino/arrow/json.ts';
import { VariableBuilder, plainString } from './string.ts';

const values = new Int16Array(256).fill(-1);
for (const [value, mark] of [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'].entries())
  values[mark.charCodeAt(0)] = value;

/** VARBINARY and sketches: base64 with its padding. */
export class BytesBuilder extends VariableBuilder {
  read(source: Source, at: number): number {
    const { bytes } = source;
    if (bytes[at] !== quote) return this.nullOr('bytes in base64', source, at);
    if (this.length === this.room) this.makeRoom();
    const end = skipString(bytes, at);
    if (this.decode(bytes, at + 1, end - 1)) return end;
    const plain = plainString(bytes, at);
    if (!plain || !this.decode(plain, 1, plain.length - 1)) this.wrongValue(bytes, at);
    return end;
  }

  private decode(bytes: Uint8Array, from: number, to: number): boolean {
    if ((to - from) % 4 !== 0) return false;
    const padding = to > from && bytes[to - 1] === 61 ? (bytes[to - 2] === 61 ? 2 : 1) : 0;
    this.reserve(((to - from) / 4) * 3);
    let place = this.offsets[this.length]!;
    const end = place + ((to - from) / 4) * 3 - padding;
    for (let at = from; at < to; at += 4) {
      const isLast = at + 4 === to;
      const third = isLast && padding === 2 ? 0 : values[bytes[at + 2]!]!;
      const fourth = isLast && padding > 0 ? 0 : values[bytes[at + 3]!]!;
      const group = (values[bytes[at]!]! << 18) | (values[bytes[at + 1]!]! << 12) | (third << 6) | fourth;
      if (group < 0) return false;
      this.values[place++] = group >> 16;
      this.values[place++] = group >> 8;
      this.values[place++] = group;
    }
    this.close(end);
    return true;
  }
}
