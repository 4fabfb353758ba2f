import { tableFromIPC, type RecordBatch, type Schema } from 'apache-arrow';
import { KernelFailure } from '#kernels/failure.ts';
import { quoteName } from '#lib/sql/trino.ts';
import { literalReader, literalType } from './arrow/literal.ts';
import { LiteralError } from './arrow/sql.ts';

/**
 * Rows as a query that needs no table: VALUES with each value a literal of its type. `most` characters at most; null when
 * they are more. Throws KernelFailure for what Trino cannot hold; `name` is whose rows they are.
 */
export function toValues(name: string, ipc: Uint8Array, most: number): string | null {
  const { schema, batches } = tableFromIPC(ipc);
  try {
    return batches.some((batch) => batch.numRows > 0) ? valuesOf(schema, batches, most) : nothingOf(schema);
  } catch (error) {
    if (!(error instanceof LiteralError)) throw error;
    throw new KernelFailure({
      code: 'unsupported',
      message: `${name} cannot be sent to the cluster: ${error.message}`,
      hint: `Leave the column out of ${name}, or cast it to VARCHAR there.`,
    });
  }
}

function nothingOf({ fields }: Schema): string {
  const columns = fields.map((field) => `CAST(NULL AS ${literalType(field)}) AS ${quoteName(field.name)}`);
  return `SELECT ${columns.join(', ')} WHERE false`;
}

function valuesOf(schema: Schema, batches: RecordBatch[], most: number): string | null {
  const names = schema.fields.map((field) => quoteName(field.name)).join(', ');
  const rows: string[] = [];
  let length = names.length;
  for (const batch of batches) {
    const readers = schema.fields.map((field, column) => literalReader(field, batch.data.children[column]!));
    for (let row = 0; row < batch.numRows; row++) {
      const text = `(${readers.map((read) => read(row)).join(', ')})`;
      length += text.length + 2;
      if (length > most) return null;
      rows.push(text);
    }
  }
  return `SELECT * FROM (VALUES ${rows.join(',\n')}) AS given(${names})`;
}
