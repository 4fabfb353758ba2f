import type { Names, Named } from '#components/editor/completion.ts';
import type { CatalogueNames } from '#components/editor/trino-completion.ts';
import { catalogueOf } from '#lib/client/catalogue.ts';
import type { NotebookStore } from '#lib/client/notebook/store.ts';

/** What the text of a cell may name: the other cells with their last columns, datasets, files and inputs. */
export function namesOf(store: NotebookStore, cellId: string): Names {
  const { cells, datasets, files, streams } = store.snapshot();
  const others = cells.map((each) => each.cell).filter((cell) => cell.id !== cellId && cell.name);
  const queries: Named[] = others
    .filter((cell) => cell.type === 'sql' || cell.type === 'typescript')
    .map((cell) => ({ name: cell.name, what: 'cell', columns: store.result(cell.id)?.columns ?? [] }));
  return {
    relations: [
      ...queries,
      ...files.map((file) => ({ name: file.name, what: 'file', columns: file.columns })),
      ...datasets.map((dataset) => ({ name: dataset.name, what: 'dataset', columns: dataset.columns })),
      ...streams.map((stream) => ({ name: stream.name, what: 'stream', columns: stream.columns })),
    ],
    inputs: others.filter((cell) => cell.type === 'input').map((cell) => cell.name),
    catalogue: catalogueFor(store, cellId),
  };
}

/** ms a list is waited for while someone writes; what comes later is there at the next letter */
const patience = 1500;

/** The names of the cluster a Trino cell runs on; null for others. */
function catalogueFor(store: NotebookStore, cellId: string): CatalogueNames | null {
  const { cells, connections } = store.snapshot();
  const cell = cells.find((each) => each.cell.id === cellId)?.cell;
  const connection = cell?.engine === 'trino' ? connections?.find((each) => each.id === cell.connection) : undefined;
  if (!connection) return null;
  const catalogue = catalogueOf(connection.id);
  return {
    catalog: connection.catalog,
    schema: connection.schema,
    under: async (path) => {
      const late = new Promise<null>((resolve) => setTimeout(() => resolve(null), patience));
      const part = await Promise.race([catalogue.need(path), late]);
      if (part?.state !== 'here') return [];
      return part.names.map((name, index) => ({ name, type: part.table?.columns[index]?.type ?? '' }));
    },
  };
}
