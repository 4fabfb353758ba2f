import type { DuckDBConnection } from '@duckdb/node-api';
import type { Limits } from './protocol.ts';

/*
 * SECURITY 2. The order matters: what may be read is said first, then the doors are shut, then the lock is turned, and
 * every setting is read back, because a setting that was ignored is no defence. A child that cannot be locked runs nothing.
 */

const confined = new WeakSet<DuckDBConnection>();

/** Says what is the same whatever is read, so that an engine that waits for a request of these limits has it already. */
export async function confine(connection: DuckDBConnection, limits: Limits): Promise<void> {
  await set(connection, bounds(limits));
  confined.add(connection);
}

/** Shuts the engine off from everything but `paths`. Throws when a setting, its bounds among them, did not take. */
export async function lock(connection: DuckDBConnection, paths: string[], limits: Limits): Promise<void> {
  if (!confined.has(connection)) await confine(connection, limits);
  const doors = doorsTo(paths);
  await set(connection, doors);
  await readBack(connection, [...bounds(limits), ...doors]);
}

type Setting = [name: string, value: { sql: string; expected: string }];

const off = { sql: 'false', expected: 'false' };

function bounds({ threads, memory }: Limits): Setting[] {
  return [
    ['TimeZone', { sql: `'UTC'`, expected: 'UTC' }],
    ['threads', { sql: String(threads), expected: String(threads) }],
    ['memory_limit', { sql: `'${memory}B'`, expected: '' }],
    ['enable_progress_bar', { sql: 'true', expected: 'true' }],
    ['enable_progress_bar_print', off],
    ['allow_community_extensions', off],
    ['autoinstall_known_extensions', off],
    ['autoload_known_extensions', off],
    ['temp_directory', { sql: `''`, expected: '' }],
  ];
}

function doorsTo(paths: string[]): Setting[] {
  return [
    ['allowed_paths', { sql: `[${paths.map(quoted).join(', ')}]`, expected: `[${paths.toSorted().join(', ')}]` }],
    ['enable_external_access', off],
    ['lock_configuration', { sql: 'true', expected: 'true' }],
  ];
}

/** In this order; the first that is refused throws. */
async function set(connection: DuckDBConnection, settings: Setting[]): Promise<void> {
  await connection.run(settings.map(([name, { sql }]) => `SET ${name} = ${sql};`).join(' '));
}

/** In one question. memory_limit comes back rounded to words, so only that it stands is asked. */
async function readBack(connection: DuckDBConnection, settings: Setting[]): Promise<void> {
  const asked = settings.map(([name]) => `current_setting('${name}')`);
  const result = await connection.runAndReadAll(`SELECT ${asked.join(', ')}`);
  const values = result.getRowsJson()[0] ?? [];
  for (const [index, [name, { expected }]] of settings.entries()) {
    const found = inWords(values[index]);
    if (name !== 'memory_limit' && found !== expected) throw new Error(`DuckDB did not take ${name}: ${found}`);
  }
}

function inWords(value: unknown): string {
  return Array.isArray(value) ? `[${value.map(withoutSlash).toSorted().join(', ')}]` : String(value);
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
