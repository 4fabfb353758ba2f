import type { Source } from '#kernels/trino/arrow/source.ts';
import { intervalText } from '#lib/table/calendar.ts';
import { quote, skipString } from '#kernels/trino/arrow/json.ts';
import { nonHex } from '#kernels/trino/arrow/source.ts';
import { TextBuilder, VariableBuilder } from './string.ts';

/*
 * Values that DuckDB writes in other words than Trino: kept as DuckDB's text of them, so that it reads them as its own
 * type and shows them the same before and after.
 */

const encoder = new TextEncoder();
const decoder = new TextDecoder();

abstract class WordsBuilder extends VariableBuilder {
  read(source: Source, at: number): number {
    const { bytes } = source;
    if (bytes[at] !== quote) return this.nullOr('a string', source, at);
    if (this.length === this.room) this.makeRoom();
    const end = skipString(bytes, at);
    const words = encoder.encode(this.words(decoder.decode(bytes.subarray(at + 1, end - 1)), bytes, at));
    this.reserve(words.length);
    const place = this.offsets[this.length]!;
    this.values.set(words, place);
    this.close(place + words.length);
    return end;
  }

  protected abstract words(text: string, bytes: Uint8Array, at: number): string;
}

/** `12:34:56.700+05:30` → `12:34:56.7+05:30`, `12:34:56+02:00` → `12:34:56+02` */
export class ZonedTimeBuilder extends WordsBuilder {
  protected words(text: string, bytes: Uint8Array, at: number): string {
    const found = /^([01]\d|2[0-3])(:[0-5]\d:[0-5]\d)(\.\d+)?([+-]\d\d):([0-5]\d)$/.exec(text);
    if (!found) return this.wrongValue(bytes, at);
    const [, hour, rest, fraction = '', offset, minutes] = found;
    return `${hour}${rest}${fraction.replace(/\.?0+$/, '')}${offset}${minutes === '00' ? '' : `:${minutes}`}`;
  }
}

/** `-1-2` → `-1 year -2 months` */
export class MonthsBuilder extends WordsBuilder {
  protected words(text: string, bytes: Uint8Array, at: number): string {
    const [, sign, years, months] = /^(-?)(\d{1,9})-(\d{1,2})$/.exec(text) ?? this.wrongValue(bytes, at);
    const count = Number(years) * 12 + Number(months);
    return intervalText(sign ? -count : count, 0, 0n);
  }
}

/** `-1 02:03:04.567` → `-1 day -02:03:04.567` */
export class DaysBuilder extends WordsBuilder {
  protected words(text: string, bytes: Uint8Array, at: number): string {
    const found = /^(-?)(\d{1,12}) (\d\d):(\d\d):(\d\d)\.(\d{3})$/.exec(text) ?? this.wrongValue(bytes, at);
    const [days, hours, minutes, seconds, millis] = found.slice(2).map(Number) as [
      number,
      number,
      number,
      number,
      number,
    ];
    if (days > 2_147_483_647) this.misfit(bytes, at);
    const nanos = BigInt(((hours * 60 + minutes) * 60 + seconds) * 1000 + millis) * 1_000_000n;
    return found[1] ? intervalText(0, -days, -nanos) : intervalText(0, days, nanos);
  }
}

/** UUID: 8-4-4-4-12 hexadecimal digits. */
export class UuidBuilder extends TextBuilder {
  override read(source: Source, at: number): number {
    const { bytes } = source;
    const row = this.length;
    const end = super.read(source, at);
    const from = this.offsets[row]!;
    if (bytes[at] === quote && !isUuid(this.into, from, this.offsets[row + 1]!)) this.wrongValue(bytes, at);
    return end;
  }
}

/** Where the digits of a UUID stand, by four; a dash is behind the second, third, fourth and fifth four. */
function isUuid(values: DataView, from: number, to: number): boolean {
  if (to - from !== 36) return false;
  const strange =
    nonHex(values.getInt32(from, true)) |
    nonHex(values.getInt32(from + 4, true)) |
    nonHex(values.getInt32(from + 9, true)) |
    nonHex(values.getInt32(from + 14, true)) |
    nonHex(values.getInt32(from + 19, true)) |
    nonHex(values.getInt32(from + 24, true)) |
    nonHex(values.getInt32(from + 28, true)) |
    nonHex(values.getInt32(from + 32, true));
  return (
    strange === 0 &&
    isDash(values, from + 8) &&
    isDash(values, from + 13) &&
    isDash(values, from + 18) &&
    isDash(values, from + 23)
  );
}

function isDash(values: DataView, at: number): boolean {
  return values.getUint8(at) === 45;
}
