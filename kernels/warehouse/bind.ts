import type { DuckDBPreparedStatement } from '@duckdb/node-api';

/** Binds values in the order of $1, $2, …; whole numbers as BIGINT, so that they stay exact. */
export function bindValues(prepared: DuckDBPreparedStatement, values: (number | string | null)[]): void {
  values.forEach((value, index) => bindValue(prepared, index + 1, value));
}

function bindValue(prepared: DuckDBPreparedStatement, index: number, value: number | string | null): void {
  if (value === null) prepared.bindNull(index);
  else if (typeof value === 'string') prepared.bindVarchar(index, value);
  else if (Number.isSafeInteger(value)) prepared.bindBigInt(index, BigInt(value));
  else prepared.bindDouble(index, value);
}
