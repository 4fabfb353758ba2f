import { asText, byteTypes } from '#kernels/trino/arrow/field.ts';
import type { Plan } from '#kernels/trino/arrow/field.ts';
import type { About, Builder } from './builder.ts';
import { BytesBuilder } from './bytes.ts';
import { DecimalBuilder } from './decimal.ts';
import { DoubleBuilder, RealBuilder } from './floating.ts';
import { ArrayBuilder, MapBuilder, RowBuilder } from './nested.ts';
import { BigintBuilder, BooleanBuilder, IntBuilder, NothingBuilder } from './number.ts';
import { AnyBuilder, TextBuilder } from './string.ts';
import { DateBuilder, TimeBuilder, TimestampBuilder, ZonedBuilder } from './time.ts';
import { DaysBuilder, MonthsBuilder, UuidBuilder, ZonedTimeBuilder } from './words.ts';

type Make = (about: About) => Builder;

const makers: Record<string, Make> = {
  boolean: (about) => new BooleanBuilder(about),
  tinyint: (about) => new IntBuilder(about, new Int8Array(0)),
  smallint: (about) => new IntBuilder(about, new Int16Array(0)),
  integer: (about) => new IntBuilder(about, new Int32Array(0)),
  bigint: (about) => new BigintBuilder(about),
  real: (about) => new RealBuilder(about),
  double: (about) => new DoubleBuilder(about),
  decimal: (about) => new DecimalBuilder(about),
  varchar: (about) => new TextBuilder(about),
  char: (about) => new TextBuilder(about),
  json: (about) => new TextBuilder(about),
  ipaddress: (about) => new TextBuilder(about),
  uuid: (about) => new UuidBuilder(about),
  date: (about) => new DateBuilder(about),
  unknown: (about) => new NothingBuilder(about),
  'interval year to month': (about) => new MonthsBuilder(about),
  'interval day to second': (about) => new DaysBuilder(about),
};

/** The builder of a column, or of a part of one, with those of its parts; `found` is told the leaves, in order. */
export function builderFor(column: string, plan: Plan, isWhole: boolean, found: (leaf: Builder) => void): Builder {
  const about = { column, plan, isWhole };
  const parts = plan.children.map((child) => builderFor(column, child, false, found));
  if (plan.type.base === 'array') return new ArrayBuilder(about, parts[0]!);
  if (plan.type.base === 'map') return new MapBuilder(about, parts[0]!, parts[1]!);
  if (plan.type.base === 'row') return new RowBuilder(about, parts);
  const leaf = leafBuilder(about);
  found(leaf);
  return leaf;
}

function leafBuilder(about: About): Builder {
  const { base, numbers } = about.plan.type;
  if (about.plan.pick === asText) return new TextBuilder(about);
  if (byteTypes.has(base)) return new BytesBuilder(about);
  return makers[base]?.(about) ?? timeBuilder(about, base, numbers[0]!) ?? new AnyBuilder(about);
}

function timeBuilder(about: About, base: string, digits: number): Builder | null {
  if (base === 'timestamp') return digits <= 9 ? new TimestampBuilder(about) : new TextBuilder(about);
  if (!base.startsWith('time')) return null;
  if (digits > 6) return new TextBuilder(about);
  if (base === 'time') return new TimeBuilder(about);
  return base === 'time with time zone' ? new ZonedTimeBuilder(about) : new ZonedBuilder(about);
}
