import type { Answer } from '#lib/client/call.ts';
import { catalogueApi, type CatalogueApi } from '#lib/client/api/connections.ts';
import type { CatalogueTable, TableDetail } from '#lib/connection/view.ts';

/*
 * What a cluster holds, as far as this page has asked: a part is read when someone opens it, once, and kept until it is read
 * again. The tree, the panel and the completion of one connection share it.
 */

/** Names from the root down: a catalog, a schema, a table. */
export type Path = readonly string[];

export type Part =
  | { state: 'reading' }
  | { state: 'here'; names: readonly string[]; table: TableDetail | null; readAt: string }
  | { state: 'failed'; words: string };

export class Catalogue {
  private readonly api: CatalogueApi;
  private parts = new Map<string, Part>();
  private readonly listeners = new Set<() => void>();

  constructor(api: CatalogueApi) {
    this.api = api;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };

  /** All parts there are; another map whenever one is another. */
  read = (): ReadonlyMap<string, Part> => this.parts;

  part(path: Path): Part | null {
    return this.parts.get(keyOf(path)) ?? null;
  }

  /** Asks for a part unless it is here or on its way; `fresh` asks the cluster anew. */
  async need(path: Path, fresh = false): Promise<Part> {
    const known = this.part(path);
    if (known?.state === 'reading' || (known?.state === 'here' && !fresh)) return known;
    if (!fresh || !known) this.put(path, { state: 'reading' });
    const part = toPart(await this.ask(path, fresh));
    this.put(path, part);
    return part;
  }

  /** Everything that was opened, anew. */
  async refresh(): Promise<void> {
    const paths = [...this.parts.keys()].map((key) => JSON.parse(key) as string[]);
    await Promise.all(paths.map((path) => this.need(path, true)));
  }

  /** What failed, once more. */
  async retry(): Promise<void> {
    const failed = [...this.parts].filter(([, { state }]) => state === 'failed');
    await Promise.all(failed.map(([key]) => this.need(JSON.parse(key) as string[])));
  }

  search(text: string): ReturnType<CatalogueApi['search']> {
    return this.api.search(text);
  }

  sample(table: CatalogueTable): ReturnType<CatalogueApi['sample']> {
    return this.api.sample(table);
  }

  private async ask(
    path: Path,
    fresh: boolean,
  ): Promise<Answer<{ names: string[]; table: TableDetail | null; readAt: string }>> {
    const [catalog, schema, name] = path;
    if (catalog === undefined) return named(await this.api.catalogs(fresh));
    if (schema === undefined) return named(await this.api.schemas(catalog, fresh));
    if (name === undefined) {
      const answer = await this.api.tables(catalog, schema, fresh);
      if (!answer.ok) return answer;
      const { items, readAt } = answer.value;
      return { ok: true, value: { names: items.map((each) => each.name), table: null, readAt } };
    }
    const answer = await this.api.table({ catalog, schema, name }, fresh);
    if (!answer.ok) return answer;
    const { columns, readAt } = answer.value;
    return { ok: true, value: { names: columns.map((each) => each.name), table: answer.value, readAt } };
  }

  private put(path: Path, part: Part): void {
    this.parts = new Map(this.parts).set(keyOf(path), part);
    for (const listener of this.listeners) listener();
  }
}

const open = new Map<string, Catalogue>();

/** The one catalogue of a connection in this page. */
export function catalogueOf(connection: string): Catalogue {
  const known = open.get(connection) ?? new Catalogue(catalogueApi(connection));
  open.set(connection, known);
  return known;
}

export function keyOf(path: Path): string {
  return JSON.stringify(path);
}

function named(answer: Answer<{ items: string[]; readAt: string }>) {
  if (!answer.ok) return answer;
  return { ok: true as const, value: { names: answer.value.items, table: null, readAt: answer.value.readAt } };
}

function toPart(answer: Answer<{ names: string[]; table: TableDetail | null; readAt: string }>): Part {
  return answer.ok ? { state: 'here', ...answer.value } : { state: 'failed', words: answer.problem.detail };
}
