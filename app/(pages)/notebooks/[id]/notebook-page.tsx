'use client';
import { useRouter } from 'next/navigation';
import { useCallback, useEffect, useState } from 'react';
import { Notebook, type NotebookGiven } from '#components/notebook/notebook.tsx';
import { call } from '#lib/client/call.ts';
import { openStill, type StillNotebook } from '#lib/client/notebook/still.ts';
import type { NotebookStore } from '#lib/client/notebook/store.ts';
import { rememberPlace } from '#lib/client/place.ts';

/** Asked for while the page loads, not after it is drawn: the engine's start is the longest wait of a first visit. */
const opening = typeof window === 'undefined' ? null : import('#lib/client/notebook/open.ts');

interface Given {
  frame: Pick<NotebookGiven, 'me' | 'project' | 'zone' | 'waiting'>;
  notebook: StillNotebook;
  notebooks: { id: string; title: string }[];
}

/** A notebook as the server gave it, readable at once; the living one takes its place as soon as it is here. */
export function NotebookPage({ frame, notebook, notebooks }: Given) {
  const router = useRouter();
  const store = useStore(notebook, frame.me);
  useEffect(() => rememberPlace(`/notebooks/${notebook.id}`, notebook.title), [notebook.id, notebook.title]);
  const projectId = frame.project.id;
  const newNotebook = useCallback(() => {
    void call<{ id: string }>('POST', `/api/projects/${projectId}/notebooks`, { title: 'Untitled', cells: [] }).then(
      (answer) => answer.ok && router.push(`/notebooks/${answer.value.id}`),
    );
  }, [projectId, router]);
  const promoted = useCallback((id: string) => router.push(`/promotions/${id}`), [router]);
  return <Notebook {...frame} store={store} notebooks={notebooks} onNewNotebook={newNotebook} onPromoted={promoted} />;
}

/** The still notebook, then the living one once its document has come. */
function useStore(notebook: StillNotebook, me: { id: string; name: string }): NotebookStore {
  const [store, setStore] = useState<NotebookStore>(() => openStill(notebook));
  const { id, projectId, role, title } = notebook;
  useEffect(() => {
    let gone = false;
    let leave = () => {};
    void opening?.then(({ openNotebookStore }) => {
      if (gone) return;
      const live = openNotebookStore({ notebook: { id, projectId, role, title }, user: { id: me.id, name: me.name } });
      const stop = whenHere(live, () => setStore(live));
      leave = () => {
        stop();
        live.close();
      };
    });
    return () => {
      gone = true;
      leave();
    };
  }, [id, projectId, role, title, me.id, me.name]);
  return store;
}

/** Tells once the document has come from the server, or that it will not. */
function whenHere(store: NotebookStore, tell: () => void): () => void {
  const isHere = () => store.snapshot().sync.state !== 'connecting';
  if (isHere()) {
    tell();
    return () => {};
  }
  const stop = store.subscribe(() => {
    if (!isHere()) return;
    stop();
    tell();
  });
  return stop;
}
