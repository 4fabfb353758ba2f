import type { Schema } from 'apache-arrow';
import type { Column } from './kernel.ts';

/** The field metadata that holds the engine's own type name, e.g. `DECIMAL(18,2)`. */
export const typeKey = 'engine.type';

/** A schema's columns with the engine's type names; where a field has none, Arrow's. */
export function columnsOf(schema: Schema): Column[] {
  return schema.fields.map((field) => ({ name: field.name, type: field.metadata.get(typeKey) ?? String(field.type) }));
}
