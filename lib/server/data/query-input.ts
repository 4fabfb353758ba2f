import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Relation } from '#kernels/kernel.ts';
import { CellName } from '#lib/notebook/cell.ts';
import { Parameter, type Parameters } from '#lib/sql/parameter.ts';

/** As `{ type, value }`, or plain: a number; text, which is a date or a timestamp where it reads as one. */
export const PlainParameters = z.record(z.string().max(100), z.union([Parameter, z.number(), z.string(), z.null()]));

/** Texts of other cells on the same connection, by the names under which they are read. */
export const QueryTexts = z.record(CellName, z.string().min(1).max(1_000_000)).default({});

export function typed(parameters: z.infer<typeof PlainParameters>): Parameters {
  return Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, typedOne(value)]));
}

/** Each text as what an engine reads where it runs. */
export function textRelations(queries: z.infer<typeof QueryTexts>): Record<string, Relation> {
  const relation = (sql: string): Relation => ({ kind: 'query', hash: sha256(sql), complete: true, sql });
  return Object.fromEntries(Object.entries(queries).map(([name, sql]) => [name, relation(sql)]));
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function typedOne(value: Parameter | number | string | null): Parameter {
  if (typeof value === 'number') return { type: 'number', value };
  if (value === null) return { type: 'text', value };
  if (typeof value !== 'string') return value;
  const types = ['date', 'timestamp', 'text'] as const;
  const found = types.map((type) => Parameter.safeParse({ type, value })).find((parsed) => parsed.success);
  return found?.data ?? { type: 'text', value };
}
