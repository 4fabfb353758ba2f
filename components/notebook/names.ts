import type { Names, Named } from '#components/editor/completion.ts';
import type { NotebookStore } from '#lib/client/notebook/store.ts';

/** What the text of a cell may name: the other cells with their last columns, datasets, files and inputs. */
export function namesOf(store: NotebookStore, cellId: string): Names {
  const { cells, datasets, files } = store.snapshot();
  const others = cells.map((each) => each.cell).filter((cell) => cell.id !== cellId && cell.name);
  const queries: Named[] = others
    .filter((cell) => cell.type === 'sql' || cell.type === 'typescript')
    .map((cell) => ({ name: cell.name, what: 'cell', columns: store.result(cell.id)?.columns ?? [] }));
  return {
    relations: [
      ...queries,
      ...files.map((file) => ({ name: file.name, what: 'file', columns: file.columns })),
      ...datasets.map((dataset) => ({ name: dataset.name, what: 'dataset', columns: dataset.columns })),
    ],
    inputs: others.filter((cell) => cell.type === 'input').map((cell) => cell.name),
  };
}
