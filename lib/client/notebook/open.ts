import { remoteTrino, remoteWarehouse } from '#kernels/browser.ts';
import { changesOf, type Told } from '#lib/client/changes.ts';
import { listConnections } from '#lib/client/api/connections.ts';
import { listDatasets } from '#lib/client/api/datasets.ts';
import { beaconEvents, sendEvents } from '#lib/client/api/events.ts';
import { fetchRows } from '#lib/client/api/rows.ts';
import { fetchLast, listStreams } from '#lib/client/api/streams.ts';
import { connectNotebook } from '#lib/client/sync/connect.ts';
import { createNotebookStore, type StoreParts } from './notebook-store.ts';
import { enginesOfTab } from './engines.ts';
import type { Kernels } from './kernels.ts';
import type { NotebookStore } from './store.ts';

function listenToChanges(projectId: string, told: Told): () => void {
  return changesOf(projectId).listen(told);
}

/** Trino's grammar is fetched with the first cell that is written in it. */
async function trinoReads(source: string): Promise<string[]> {
  const { readsOf } = await import('#kernels/trino/parse.ts');
  return readsOf(source);
}

/** Opens a notebook in this page, with the real engines, line and API. `close()` leaves it; the engines stay warm. */
export function openNotebookStore({ notebook, user }: Pick<StoreParts, 'notebook' | 'user'>): NotebookStore {
  const { browser, typescript } = enginesOfTab();
  const { projectId } = notebook;
  const kernels: Kernels = {
    browser,
    typescript,
    warehouse: remoteWarehouse({ projectId, reads: (source) => browser.reads(source) }),
    trino: (about) => remoteTrino({ projectId, reads: trinoReads }, about),
    trinoReads,
  };
  const url = `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/collaboration`;
  return createNotebookStore({
    notebook,
    user,
    kernels,
    connect: (doc) => connectNotebook({ url, notebookId: notebook.id, doc }),
    api: {
      listConnections,
      listDatasets,
      listStreams,
      fetchRows,
      fetchLast,
      sendEvents,
      beaconEvents,
      listenToChanges,
    },
  });
}
