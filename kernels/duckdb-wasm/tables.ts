import { tokenize } from '#lib/sql/token.ts';
import type { Column, Relation } from '#kernels/kernel.ts';
import { dropTable, insertArrow } from './insert.ts';
import type { Engine } from './engine.ts';
import type { LocalFile } from './local.ts';
import { quote } from './statement.ts';

/*
 * What one engine holds, by name as DuckDB folds it: relations loaded by hash, and local files. A new engine begins with
 * none, and gets each table when a cell reads it. A name that a cell mentions but was not given is dropped first, so that
 * nobody reads what is gone.
 */
export class Tables {
  private readonly held = new Map<string, { name: string; hash: string }>();
  private readonly engine: Engine;

  constructor(engine: Engine) {
    this.engine = engine;
  }

  /** Makes the tables that `sql` may read be there, and the ones it must not, gone. */
  async prepare(
    sql: string,
    relations: Record<string, Relation>,
    files: LocalFile[],
    signal: AbortSignal,
  ): Promise<void> {
    const mentioned = mentionedNames(sql);
    for (const name of this.unwanted(mentioned, relations, files)) await this.drop(name);
    for (const [name, relation] of Object.entries(relations)) await this.load(name, relation, signal);
    for (const file of files) {
      const isHidden = Object.keys(relations).some((name) => fold(name) === fold(file.name));
      if (mentioned.has(fold(file.name)) && !isHidden) await this.loadFile(file);
    }
  }

  async loadFile(file: LocalFile, progress: (fraction: number) => void = () => undefined): Promise<void> {
    if (this.held.get(fold(file.name))?.hash === file.hash) return;
    await this.drop(file.name);
    await file.load(this.engine, progress);
    this.held.set(fold(file.name), { name: file.name, hash: file.hash });
  }

  /** What a table has become. */
  async describe(name: string): Promise<{ rows: number; columns: Column[] }> {
    const [count] = await this.engine.rows(`SELECT count(*)::DOUBLE AS rows FROM ${quote(name)}`);
    const columns = await this.engine.rows(`DESCRIBE ${quote(name)}`);
    return {
      rows: Number(count?.['rows']),
      columns: columns.map((row) => ({ name: String(row['column_name']), type: String(row['column_type']) })),
    };
  }

  async drop(name: string): Promise<void> {
    this.held.delete(fold(name));
    await dropTable(this.engine, name);
  }

  /** Drops relations whose names are not listed, to give memory back. */
  async retain(names: Iterable<string>): Promise<void> {
    const wanted = new Set([...names].map(fold));
    for (const [key, { name }] of this.held) if (!wanted.has(key)) await this.drop(name);
  }

  private async load(name: string, relation: Relation, signal: AbortSignal): Promise<void> {
    if (relation.kind !== 'arrow') throw new Error(`${name} is not in the browser.`);
    if (this.held.get(fold(name))?.hash === relation.hash) return;
    await this.drop(name);
    await insertArrow(this.engine, name, await relation.ipc(signal));
    this.held.set(fold(name), { name, hash: relation.hash });
  }

  private unwanted(mentioned: Set<string>, relations: Record<string, Relation>, files: LocalFile[]): string[] {
    const given = new Set([...Object.keys(relations), ...files.map((file) => file.name)].map(fold));
    return [...this.held].filter(([key]) => mentioned.has(key) && !given.has(key)).map(([, { name }]) => name);
  }
}

function fold(name: string): string {
  return name.toLowerCase();
}

/** Every word of a text that could be a name, folded. */
function mentionedNames(sql: string): Set<string> {
  const words = tokenize(sql).filter(({ kind }) => kind === 'word' || kind === 'quoted');
  return new Set(words.map(({ from, to }) => fold(sql.slice(from, to).replace(/^"|"$/g, '').replaceAll('""', '"'))));
}
