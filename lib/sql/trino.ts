import { replaceParameters, type Place, type UnknownParameter } from './compile.ts';
import type { Parameter, Parameters } from './parameter.ts';

/*
 * SQL for Trino. `{{name}}` becomes `?`, bound by `EXECUTE IMMEDIATE '…' USING …` with a literal of its type; each use is a
 * parameter of its own, and stays a bare `?` because Trino takes `LIMIT ?` but no `LIMIT CAST(? AS …)`.
 */

export interface CompiledTrino {
  ok: true;
  /** The statement, with a `?` for each use of a parameter. */
  sql: string;
  /** A literal for each `?`, in their order. */
  using: string[];
  /** Where a place in `sql` stands in the source. */
  toSource(place: Place): Place;
}

export function compileTrino(source: string, parameters: Parameters): CompiledTrino | UnknownParameter {
  const using: string[] = [];
  const replaced = replaceParameters(source, 'trino', parameters, (parameter) => {
    using.push(literalOf(parameter));
    return '?';
  });
  return replaced.ok ? { ...replaced, using } : replaced;
}

/** The value as Trino writes one of its type: `BIGINT '7'`, `DATE '2026-01-02'`. */
export function literalOf(parameter: Parameter): string {
  if (parameter.value === null) return `CAST(NULL AS ${typeOf(parameter)})`;
  switch (parameter.type) {
    case 'number':
      return `${typeOf(parameter)} '${String(parameter.value)}'`;
    case 'text':
      return `CAST(${quoteText(parameter.value)} AS varchar)`;
    case 'date':
      return `DATE ${quoteText(parameter.value)}`;
    case 'timestamp':
      return `TIMESTAMP ${quoteText(parameter.value.replace('T', ' '))}`;
  }
}

function typeOf(parameter: Parameter): string {
  switch (parameter.type) {
    case 'number':
      return Number.isSafeInteger(parameter.value) ? 'BIGINT' : 'DOUBLE';
    case 'text':
      return 'VARCHAR';
    case 'date':
      return 'DATE';
    case 'timestamp':
      return 'TIMESTAMP(6)';
  }
}

/** A string of Trino; it knows no escapes but the doubled quote. */
export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/**
 * The text people send to have values bound: two lines of ours, then the statement at column 1, because Trino counts columns
 * of syntax errors from where the string begins and those of other errors from its first line.
 */
export function executeImmediate(sql: string, using: string[]): string {
  return `EXECUTE IMMEDIATE\n'\n${sql.replaceAll("'", "''")}' USING ${using.join(', ')}`;
}

/** Lines that executeImmediate puts before the statement. */
export const linesBefore = 2;
