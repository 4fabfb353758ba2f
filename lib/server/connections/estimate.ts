import type { IoPlan, IoTable, TrinoTarget } from '#kernels/server.ts';
import { explainIo, explainSteps } from '#kernels/server.ts';
import { hintsFor, type FactTable } from '#lib/connection/hint.ts';
import type { Estimate, TableDetail } from '#lib/connection/view.ts';
import type { Asking, Catalogue } from './connections.ts';

/** Does something when it is the asker's turn on the cluster. */
export type InTurn = <T>(work: () => Promise<T>) => Promise<T>;

/**
 * What a text would read, by the cluster's plan and what its catalogue says of the tables, which takes turns of its own. Rejects
 * with KernelFailure.
 */
export async function estimateOf(
  target: TrinoTarget,
  catalogue: Catalogue,
  asking: Asking,
  inTurn: InTurn,
): Promise<Estimate> {
  const { code, inputs, signal } = asking;
  const [plan, steps] = await inTurn(() =>
    Promise.all([
      explainIo(target, code, inputs, signal),
      explainSteps(target, code, inputs, signal).catch(() => null),
    ]),
  );
  const tables = await Promise.all(plan.tables.map((table) => factsOf(catalogue, table, signal)));
  return {
    tables: plan.tables.map(toShown),
    rows: summed(plan, 'rows'),
    bytes: summed(plan, 'bytes'),
    hints: hintsFor({ source: code.source, tables, rows: plan.rows, plan: steps }),
  };
}

function toShown({ catalog, schema, table, columns, rows, bytes }: IoTable): Estimate['tables'][number] {
  return { catalog, schema, name: table, columns: columns.map(({ name }) => name), rows, bytes };
}

/** null when one table's is not known: a part is no estimate of the whole. */
function summed({ tables }: IoPlan, key: 'rows' | 'bytes'): number | null {
  return tables.reduce<number | null>((sum, table) => {
    const value = table[key];
    return sum === null || value === null ? null : sum + value;
  }, 0);
}

/** A table the catalogue cannot tell of has no hints of its own. */
async function factsOf(catalogue: Catalogue, table: IoTable, signal: AbortSignal): Promise<FactTable> {
  const { catalog, schema } = table;
  const detail = await catalogue.table(catalog, schema, table.table, { fresh: false, signal }).catch(() => null);
  return {
    name: `${catalog}.${schema}.${table.table}`,
    columns: detail?.columns.length ?? null,
    partitioning: detail?.partitioning ?? [],
    restricted: table.columns.map(({ name }) => name),
    rows: table.rows,
    bytes: table.bytes ?? sizeOf(detail),
  };
}

const sizeOf = (detail: TableDetail | null) => detail?.bytes ?? null;
