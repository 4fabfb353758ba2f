import type { DuckDBConnection } from '@duckdb/node-api';
import type { Limits } from './protocol.ts';

/*
 * SECURITY 2. The order matters: what may be read is said first, then the doors are shut, then the lock is turned, and
 * every setting is read back, because a setting that was ignored is no defence. A child that cannot be locked runs nothing.
 */

/** Shuts the engine off from everything but `paths`. Throws when a setting did not take. */
export async function lock(connection: DuckDBConnection, paths: string[], limits: Limits): Promise<void> {
  for (const [name, value] of settings(paths, limits)) await connection.run(`SET ${name} = ${value.sql}`);
  for (const [name, value] of settings(paths, limits)) await readBack(connection, name, value.expected);
}

interface Setting {
  sql: string;
  expected: string;
}

const off: Setting = { sql: 'false', expected: 'false' };

function settings(paths: string[], limits: Limits): [string, Setting][] {
  return [
    ['TimeZone', { sql: `'UTC'`, expected: 'UTC' }],
    ['threads', { sql: String(limits.threads), expected: String(limits.threads) }],
    ['memory_limit', { sql: `'${limits.memory}B'`, expected: '' }],
    ['enable_progress_bar', { sql: 'true', expected: 'true' }],
    ['enable_progress_bar_print', off],
    ['allowed_paths', { sql: `[${paths.map(quoted).join(', ')}]`, expected: `[${paths.toSorted().join(', ')}]` }],
    ['allow_community_extensions', off],
    ['autoinstall_known_extensions', off],
    ['autoload_known_extensions', off],
    ['temp_directory', { sql: `''`, expected: '' }],
    ['enable_external_access', off],
    ['lock_configuration', { sql: 'true', expected: 'true' }],
  ];
}

/** memory_limit comes back rounded to words, so only that it stands is asked. */
async function readBack(connection: DuckDBConnection, name: string, expected: string): Promise<void> {
  const result = await connection.runAndReadAll(`SELECT current_setting('${name}')`);
  const value = result.getRowsJson()[0]?.[0];
  const found = Array.isArray(value) ? `[${value.map(withoutSlash).toSorted().join(', ')}]` : String(value);
  if (name !== 'memory_limit' && found !== expected) throw new Error(`DuckDB did not take ${name}: ${found}`);
}

/** DuckDB ends every allowed path with a slash. */
function withoutSlash(path: unknown): string {
  return String(path).replace(/\/$/, '');
}

export function quoted(text: string): string {
  return `'${text.replaceAll(`'`, `''`)}'`;
}

export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
