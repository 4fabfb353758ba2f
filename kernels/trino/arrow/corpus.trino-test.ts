import type { Data, Field } from 'apache-arrow';
import { beforeAll, describe, expect, test } from 'vitest';
import { columnsOf } from '#lib/table/column.ts';
import { nested } from './corpus-nested.ts';
import { times } from './corpus-times.ts';
import { values } from './corpus-values.ts';
import { literalReader } from './literal.ts';
import type { Same } from './same.ts';
import { ask } from './testing-trino.ts';

/*
 * SECURITY 14, for Trino: every type goes real Trino → page → Arrow → text and must read as Trino's own CAST to varchar, or
 * as DuckDB writes what is the same; then as a literal back to Trino, where it must be the same value of the same type.
 */

interface Case {
  name: string;
  type: string;
  expression: string;
  same: Same | string | null;
}

const cases = [...values, ...times, ...nested].flatMap(([type, same, expressions]) =>
  expressions.map((expression, at): Case => ({
    name: `${type}: ${expression.slice(0, 100)}`,
    type,
    expression,
    same: typeof same === 'function' ? same : (same[at] ?? null),
  })),
);

interface Read {
  type: string;
  text: string | null;
  nothing: string | null;
  trinos: string | null;
  field: Field;
  data: Data;
}

/** Trino casts a REAL to seven digits, which are not enough. */
function exact(type: string, expression: string): string {
  return type === 'FLOAT' ? `CAST(${expression} AS double)` : expression;
}

/** Each expression in a column of its own, with NULL in a second row, and what Trino casts it to where that is compared. */
async function read(part: Case[]): Promise<Read[]> {
  const columns = part.map(({ type, expression, same }, at) => {
    const cast = typeof same === 'function' ? `CAST(${exact(type, expression)} AS varchar)` : `''`;
    return `IF(n = 1, ${expression}) AS v${at}, ${cast} AS t${at}`;
  });
  const { schema, batches, texts } = await ask(`SELECT ${columns.join(', ')} FROM (VALUES 1, 2) x(n) ORDER BY n`);
  const types = columnsOf(schema);
  return part.map((_, at) => ({
    type: types[2 * at]!.type,
    text: texts[0]![2 * at]!,
    nothing: texts[1]![2 * at]!,
    trinos: texts[0]![2 * at + 1]!,
    field: schema.fields[2 * at]!,
    data: batches[0]!.data.children[2 * at]!,
  }));
}

const chunks = Array.from({ length: Math.ceil(cases.length / 40) }, (_, at) => cases.slice(at * 40, (at + 1) * 40));
const found = new Map<Case, Read>();
beforeAll(async () => {
  for (const chunk of chunks) (await read(chunk)).forEach((one, at) => found.set(chunk[at]!, one));
});

describe('a value reads as Trino says it', () => {
  test.each(cases)('$name', (one) => {
    const { type, text, nothing, trinos } = found.get(one)!;
    expect(type).toBe(one.type);
    expect(nothing).toBeNull();
    if (typeof one.same === 'function') one.same(text!, trinos!);
    else if (one.same !== null) expect(text ?? 'NULL').toBe(one.same);
  });
});

/** Types without a comparison are compared by their bytes or their text. */
function comparable(type: string, expression: string): string {
  if (/^(HyperLogLog|tdigest|qdigest)/.test(type)) return `CAST(${expression} AS varbinary)`;
  if (type === 'Geometry') return `ST_AsText(${expression})`;
  if (type === 'SphericalGeography') return `ST_AsText(to_geometry(${expression}))`;
  if (type === 'DOUBLE') return `to_ieee754_64(${expression})`;
  return type === 'FLOAT' ? `to_ieee754_32(${expression})` : expression;
}

describe('a literal is the same value of the same type', () => {
  const results = new Map<Case, (string | null)[]>();
  beforeAll(async () => {
    for (const chunk of chunks) {
      const columns = chunk.map((one) => {
        const { field, data } = found.get(one)!;
        const literal = literalReader(field, data);
        const compare = [literal(0), one.expression].map((each) => comparable(one.type, each));
        return `${compare.join(' IS NOT DISTINCT FROM ')}, typeof(${literal(0)}), typeof(${one.expression}), typeof(${literal(1)})`;
      });
      const { texts } = await ask(`SELECT ${columns.join(', ')}`);
      chunk.forEach((one, at) => results.set(one, texts[0]!.slice(4 * at, 4 * at + 4)));
    }
  });
  test.each(cases)('$name', (one) => {
    const [isSame, type, wanted, ofNull] = results.get(one)!;
    expect({ isSame, type, ofNull }).toEqual({ isSame: 'true', type: wanted, ofNull: wanted });
  });
});
