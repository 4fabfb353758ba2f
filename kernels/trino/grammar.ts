import type { TrinoSQL } from 'dt-sql-parser/dist/parser/trino/index.js';
import type { TrinoSqlParser } from 'dt-sql-parser/dist/lib/trino/TrinoSqlParser.js';

/*
 * Trino's own grammar, loaded when it is first asked for: in the page as a chunk of its own, in Node as it lies in
 * node_modules. Its files name each other without endings, which bundlers take and Node does not, so Node is told how to
 * find them, for that package alone.
 */

export interface Grammar {
  sql: TrinoSQL;
  /** Its numbers of rules are constants of the class. */
  Parser: typeof TrinoSqlParser;
}

let loading: Promise<Grammar> | null = null;

export function loadGrammar(): Promise<Grammar> {
  loading ??= load();
  return loading;
}

async function load(): Promise<Grammar> {
  teachNode();
  const { TrinoSQL } = await import('dt-sql-parser/dist/parser/trino/index.js');
  const { TrinoSqlParser } = await import('dt-sql-parser/dist/lib/trino/TrinoSqlParser.js');
  return { sql: new TrinoSQL(), Parser: TrinoSqlParser };
}

/** Asked of the process, not imported: the page has neither. */
function teachNode(): void {
  if (typeof process === 'undefined') return;
  const modules = process.getBuiltinModule?.('node:module');
  modules?.registerHooks({
    resolve(specifier, context, next) {
      const isOurs = context.parentURL?.includes('/dt-sql-parser/dist/') ?? false;
      if (!isOurs || !specifier.startsWith('.') || specifier.endsWith('.js')) return next(specifier, context);
      try {
        return next(`${specifier}.js`, context);
      } catch {
        return next(`${specifier}/index.js`, context);
      }
    },
  });
}
