'use client';
import { useEffect, useMemo, useState } from 'react';
import { Frame } from '#components/frame/frame.tsx';
import { useChartFirst } from '#components/chart/builder.tsx';
import { sayQuiet } from '#components/editor/warm.ts';
import { Uploads } from '#components/home/uploads.tsx';
import type { Person } from '#components/parts/avatar.tsx';
import { Advice } from '#lib/client/notebook/advice.ts';
import type { NotebookStore } from '#lib/client/notebook/store.ts';
import { Bar } from './bar.tsx';
import { CellList } from './cell-list.tsx';
import { NotebookHereProvider, useHere, useMayEdit, useView, type NotebookHere } from './context.tsx';
import { makeDesk } from './desk.ts';
import { DropTarget } from './drop.tsx';
import { Panel } from './panel.tsx';
import { Promotion, type PromotionGiven } from './promotion.tsx';
import { Side, type SideGiven } from './side.tsx';
import { Status } from './status.tsx';
import { Title } from './title.tsx';
import { useActs } from './use-acts.ts';
import { useDeclarations } from './use-declarations.ts';
import { useKeys } from './use-keys.ts';
import { useFileUploads } from './use-file-uploads.ts';

/*
 * The notebook page: the frame with the notebook in it. It reads the store's snapshots and calls its acts; what is
 * typed never passes through here.
 */
export interface NotebookGiven extends Omit<SideGiven, 'onUpload'> {
  store: NotebookStore;
  me: Person;
  zone: string;
  /** Reviews that wait for this person. */
  waiting: number;
  onPromoted: PromotionGiven['onPromoted'];
}

export function Notebook(given: NotebookGiven) {
  const { store, zone } = given;
  const [kept] = useState(() => ({ desk: makeDesk(), dropped: new Map<string, File>(), advice: new Advice() }));
  const here = useMemo<NotebookHere>(() => ({ store, zone, ...kept }), [store, zone, kept]);
  return (
    <NotebookHereProvider value={here}>
      <Page {...given} />
    </NotebookHereProvider>
  );
}

function Page({ me, zone, waiting, project, notebooks, onNewNotebook, onPromoted }: NotebookGiven) {
  const here = useHere();
  const mayEdit = useMayEdit();
  const title = useView((view) => view.title);
  const names = useView((view) => view.cells.map(({ cell }) => (cell.name ? `${cell.id}:${cell.name}` : '')).join(' '));
  useKeys(here);
  useActs(here, mayEdit, names);
  useChartFirst();
  useDeclarations(here);
  useQuiet();
  useWhereabouts(here);
  useReturns(here);
  const { uploads, uploadFile } = useFileUploads(here, project.id);
  return (
    <Frame
      me={me}
      project={project}
      at="notebooks"
      waiting={waiting}
      crumbs={[
        { label: project.name, href: `/projects/${project.id}` },
        { label: 'Notebooks', href: `/projects/${project.id}/notebooks` },
        { label: title || 'Untitled' },
      ]}
      acts={<Bar />}
      side={<Side project={project} notebooks={notebooks} onNewNotebook={onNewNotebook} onUpload={uploadFile} />}
      panel={<Panel />}
      panelLabel="About the current cell"
      status={<Status />}
      zone={zone}
      look="nb"
    >
      <Title />
      <CellList />
      <DropTarget takes={mayEdit} />
      <Promotion onPromoted={onPromoted} />
      <Uploads upload={uploads.upload} onStop={uploads.stop} onClose={uploads.close} />
    </Frame>
  );
}

/** Editors come by themselves once the first rows are shown, or when there is nothing to wait for. */
function useQuiet(): void {
  const rows = useView((view) => view.cells.some((each) => each.run.revision > 0 && each.run.state !== 'running'));
  const busy = useView(
    (view) => view.engine.state === 'starting' || view.cells.some((each) => each.run.state === 'running'),
  );
  useEffect(() => {
    if (rows) return sayQuiet();
    const timer = setTimeout(sayQuiet, busy ? 8000 : 1500);
    return () => clearTimeout(timer);
  }, [rows, busy]);
}

/** Who comes back to this tab may have made a connection in another. */
function useReturns({ store }: NotebookHere): void {
  useEffect(() => {
    const look = () => void store.act.refreshConnections();
    window.addEventListener('focus', look);
    return () => window.removeEventListener('focus', look);
  }, [store]);
}

/** Tells the others which cell one is at. */
function useWhereabouts({ store, desk }: NotebookHere): void {
  useEffect(() => {
    const tell = () => store.act.focus(desk.read().current);
    tell();
    return desk.watch(tell);
  }, [store, desk]);
}
