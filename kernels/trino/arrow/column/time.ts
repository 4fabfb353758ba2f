import { Source } from '#kernels/trino/arrow/source.ts';
import { quote, skipString } from '#kernels/trino/arrow/json.ts';
import { asText } from '#kernels/trino/arrow/field.ts';
import type { About } from './builder.ts';
import { Clock } from './clock.ts';
import { FixedBuilder } from './number.ts';
import { plainString } from './string.ts';
import { storeExact, storeProduct } from './wide.ts';
import { Zone } from './zone.ts';

const clock = new Clock();
const latin = new TextDecoder('latin1');
const day = 86_400;

/** Times told as strings of one form. `value` reads one from behind its opening quote, stores it, and ends at the closing one. */
abstract class ClockBuilder extends FixedBuilder<Int32Array> {
  read(source: Source, at: number): number {
    const { bytes } = source;
    if (bytes[at] !== quote) return this.nullOr('a time in quotes', source, at);
    if (this.length === this.room) this.makeRoom();
    const end = this.value(source, at + 1, at);
    if (bytes[end] !== quote) return this.again(bytes, at);
    this.length++;
    return end + 1;
  }

  /** Where the value has ended; −1 when it is none. `from` is its opening quote. */
  protected abstract value(source: Source, at: number, from: number): number;

  private again(bytes: Uint8Array, at: number): number {
    const plain = plainString(bytes, at);
    if (!plain || this.value(new Source(plain), 1, 0) !== plain.length - 1) this.wrongValue(bytes, at);
    this.length++;
    return skipString(bytes, at);
  }
}

/** DATE: days. The ends of 32 bits are DuckDB's infinities. */
export class DateBuilder extends ClockBuilder {
  constructor(about: About) {
    super(about, new Int32Array(0));
  }

  protected value(source: Source, at: number, from: number): number {
    const end = clock.date(source, at);
    if (end < 0) return end;
    if (clock.days >= 2_147_483_647 || clock.days < -2_147_483_646) this.misfit(source.bytes, from);
    this.lanes[this.length] = clock.days;
    return end;
  }
}

/** TIME to a microsecond. */
export class TimeBuilder extends ClockBuilder {
  private readonly digits: number;
  private readonly unit: number;

  constructor(about: About) {
    super(about, new Int32Array(0), 2);
    this.digits = about.plan.type.numbers[0]!;
    this.unit = 10 ** (6 - this.digits);
  }

  protected value(source: Source, at: number): number {
    const end = clock.time(source, at, this.digits);
    storeExact(this.lanes, 2 * this.length, clock.seconds * 1e6 + clock.fraction * this.unit);
    return end;
  }
}

/** The first and the last second that DuckDB's type holds; behind the last one is its infinity. */
const micros = { per: 1e6, first: -9_223_372_022_400, last: 9_223_372_036_853 };
/** DuckDB reads no time before 1677-09-22. */
const nanos = { per: 1e9, first: -9_223_286_400, last: 9_223_372_035 };

/** TIMESTAMP in microseconds to six digits, in nanoseconds to nine. */
export class TimestampBuilder extends ClockBuilder {
  protected readonly digits: number;
  private readonly unit: number;
  private readonly range: typeof micros;

  constructor(about: About) {
    super(about, new Int32Array(0), 2);
    this.digits = about.plan.type.numbers[0]!;
    this.range = this.digits <= 6 ? micros : nanos;
    this.unit = this.range.per / 10 ** this.digits;
  }

  protected value(source: Source, at: number, from: number): number {
    const end = this.clock(source, at);
    if (end >= 0) this.store(clock.days * day + clock.seconds, source.bytes, from);
    return end;
  }

  protected clock(source: Source, at: number): number {
    const end = clock.date(source, at);
    return end < 0 || source.bytes[end] !== 32 ? -1 : clock.time(source, end + 1, this.digits);
  }

  protected store(seconds: number, bytes: Uint8Array, from: number): void {
    const { per, first, last } = this.range;
    if (seconds < first || seconds > last) this.misfit(bytes, from);
    const fraction = clock.fraction * this.unit;
    const place = 2 * this.length;
    const whole = seconds * per + fraction;
    if (whole < 9e15 && whole > -9e15) return storeExact(this.lanes, place, whole);
    const isNegative = seconds < 0;
    if (!isNegative || fraction === 0) storeProduct(this.lanes, place, Math.abs(seconds), per, fraction, isNegative);
    else storeProduct(this.lanes, place, -seconds - 1, per, per - fraction, true);
  }
}

/** TIMESTAMP WITH TIME ZONE: instants, as long as all of them name one zone. */
export class ZonedBuilder extends TimestampBuilder {
  private zone: Zone | null;
  private zoneBytes: Uint8Array;

  constructor(about: About) {
    super(about);
    const { pick } = about.plan;
    this.zone = pick ? Zone.of(pick) : null;
    this.zoneBytes = new TextEncoder().encode(pick);
  }

  /** The zone of the values so far; Trino's own words when there was none to name it. */
  get pick(): string {
    return this.zone?.name ?? asText;
  }

  protected override value(source: Source, at: number, from: number): number {
    const { bytes } = source;
    const end = this.clock(source, at);
    if (end < 0 || bytes[end] !== 32) return -1;
    const close = this.sameZone(bytes, end + 1) ?? this.firstZone(bytes, end + 1, from);
    const instant = this.zone!.toInstant(clock.days, clock.seconds);
    if (instant === null) return this.misfit(bytes, from);
    this.store(instant, bytes, from);
    return close;
  }

  private sameZone(bytes: Uint8Array, at: number): number | null {
    const { zoneBytes } = this;
    const { length } = zoneBytes;
    for (let index = 0; index < length; index++) if (bytes[at + index] !== zoneBytes[index]) return null;
    return bytes[at + length] === quote && length > 0 ? at + length : null;
  }

  private firstZone(bytes: Uint8Array, at: number, from: number): number {
    const close = bytes.indexOf(quote, at);
    if (this.zone || close < 0) return this.misfit(bytes, from);
    this.zone = Zone.of(latin.decode(bytes.subarray(at, close)));
    if (!this.zone) return this.misfit(bytes, from);
    this.zoneBytes = bytes.slice(at, close);
    return close;
  }
}
