import type { Schema } from 'apache-arrow';
import { KernelFailure } from '#kernels/failure.ts';
import { blank } from '#lib/sql/compile.ts';
import type { Engine } from './engine.ts';
import { isEnum } from './exact.ts';

/** The words of each ENUM column of an answer, which its stream leaves out, asked from the engine. */
export async function enumLabels(engine: Engine, schema: Schema, source: string): Promise<Map<number, string[]>> {
  const labels = new Map<number, string[]>();
  if (!schema.fields.some(isEnum)) return labels;
  const types = await engine.describe(blank(source)).catch(() => []);
  for (const [index, field] of schema.fields.entries()) {
    if (!isEnum(field)) continue;
    const words = wordsOf(types[index] ?? '');
    if (!words) throw noWords(field.name);
    labels.set(index, words);
  }
  return labels;
}

/** `ENUM('a', 'it''s')` */
function wordsOf(type: string): string[] | null {
  if (!type.startsWith('ENUM(')) return null;
  return [...type.matchAll(/'((?:[^']|'')*)'/g)].map((match) => match[1]!.replaceAll("''", "'"));
}

function noWords(name: string): KernelFailure {
  return new KernelFailure({
    code: 'unsupported',
    message: `The browser's DuckDB cannot give the words of the ENUM column ${name} here.`,
    hint: `Write CAST(${name} AS VARCHAR), or run it on the warehouse.`,
  });
}
