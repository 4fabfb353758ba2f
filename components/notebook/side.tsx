'use client';
import Link from 'next/link';
import { useState, type ReactNode } from 'react';
import { columnIcons } from '#components/grid/head.tsx';
import { kindOf } from '#components/grid/data.ts';
import { Icon, type IconName } from '#components/parts/icon.tsx';
import { IconButton } from '#components/parts/icon-button.tsx';
import { Kbd } from '#components/parts/kbd.tsx';
import { Mark } from '#components/parts/mark.tsx';
import { useFrame } from '#components/frame/use-layout.ts';
import { markState } from '#components/cell/gutter.tsx';
import { typeWords } from '#components/cell/words.ts';
import { whole } from '#components/parts/words.ts';
import { CatalogueTree } from '#components/connection/catalogue-tree.tsx';
import type { CatalogueTable, ConnectionEntry } from '#lib/connection/view.ts';
import { said } from './said.ts';
import { Part } from './side-part.tsx';
import { StreamsPart } from './side-streams.tsx';
import { useDesk, useHere, useMayEdit, useView } from './context.tsx';
import { focusCell } from './focus.ts';

export interface SideGiven {
  project: { id: string; name: string };
  notebooks: { id: string; title: string }[];
  onNewNotebook(): void;
  onUpload(name: string): void;
}

/** The project beside the page: its notebooks, this one's cells, the data it can ask. */
export function Side({ project, notebooks, onNewNotebook, onUpload }: SideGiven) {
  const [query, setQuery] = useState('');
  const mayEdit = useMayEdit();
  const fits = (name: string) => name.toLowerCase().includes(query.trim().toLowerCase());
  return (
    <>
      <div className="proj">
        <Link className="ell" href={`/projects/${project.id}`}>
          {project.name}
        </Link>
        <span className="grow" />
        {mayEdit && <IconButton icon="plus" label="New notebook" onClick={onNewNotebook} />}
      </div>
      <label className="find">
        <Icon name="search" />
        <input
          id="find"
          type="search"
          placeholder="Find in project"
          aria-label="Find in project"
          value={query}
          onChange={(event) => setQuery(event.target.value)}
          onKeyDown={(event) => event.key === 'Escape' && (setQuery(''), event.currentTarget.blur())}
        />
        <Kbd keys="/" />
      </label>
      <div className="side-scroll">
        <Notebooks notebooks={notebooks.filter((each) => fits(each.title))} />
        <Cells fits={fits} />
        <Datasets fits={fits} />
        <StreamsPart fits={fits} />
        <Files fits={fits} onUpload={onUpload} />
        <Catalogues />
      </div>
    </>
  );
}

function Notebooks({ notebooks }: { notebooks: SideGiven['notebooks'] }) {
  const id = useView((view) => view.id);
  const title = useView((view) => view.title);
  return (
    <Part title="Notebooks">
      <ul className="tree">
        {notebooks.map((each) => (
          <li
            key={each.id}
            className={each.id === id ? 'on' : undefined}
            aria-current={each.id === id ? 'page' : undefined}
          >
            <Icon name="notebook-text" />
            {each.id === id ? (
              <span className="t">{title}</span>
            ) : (
              <Link className="t" href={`/notebooks/${each.id}`}>
                {each.title || 'Untitled'}
              </Link>
            )}
          </li>
        ))}
      </ul>
    </Part>
  );
}

function Cells({ fits }: { fits(name: string): boolean }) {
  const cells = useView((view) => view.cells);
  const { desk, store } = useHere();
  const named = cells.filter(({ cell }) => cell.name && cell.type !== 'markdown' && fits(cell.name));
  if (named.length === 0) return null;
  return (
    <Part title="In this notebook" clause="rows">
      <ul className="tree cols">
        {named.map((view) => (
          <li key={view.cell.id}>
            {view.cell.type === 'input' || view.cell.type === 'chart' ? (
              <Icon name={typeWords[view.cell.type].icon} size="small" />
            ) : (
              <Mark state={markState(view.run)} />
            )}
            <button type="button" className="t" onClick={() => focusCell(desk, view.cell.id)}>
              {view.cell.name}
            </button>
            <span className="r">{said(view, store.result(view.cell.id))}</span>
          </li>
        ))}
      </ul>
    </Part>
  );
}

function Datasets({ fits }: { fits(name: string): boolean }) {
  const datasets = useView((view) => view.datasets);
  const { store } = useHere();
  const found = datasets.filter((each) => fits(each.name) || each.columns.some((column) => fits(column.name)));
  return (
    <Part title="Datasets" clause="rows">
      {datasets.length === 0 && <p className="none">None yet. Drop a file on the page, or promote a query.</p>}
      <ul className="tree cols">
        {found.map((each) => (
          <Table key={each.id} name={each.name} rows={each.rows} icon={iconOf(each.kind)} columns={each.columns} />
        ))}
      </ul>
      {datasets.length > 0 && (
        <button type="button" className="none link" onClick={() => void store.act.refreshDatasets()}>
          Read the list again
        </button>
      )}
    </Part>
  );
}

function iconOf(kind: string): IconName {
  if (kind === 'events') return 'activity';
  return kind === 'upload' ? 'file-spreadsheet' : 'database';
}

function Files({ fits, onUpload }: { fits(name: string): boolean; onUpload(name: string): void }) {
  const files = useView((view) => view.files);
  const mayEdit = useMayEdit();
  if (files.length === 0) return null;
  return (
    <Part title="Files in this tab" clause="rows">
      <ul className="tree cols">
        {files
          .filter((file) => fits(file.name))
          .map((file) => (
            <Table key={file.name} name={file.name} rows={file.rows} icon="file-spreadsheet" columns={file.columns}>
              {mayEdit && (
                <li className="act">
                  <button type="button" className="link" onClick={() => onUpload(file.name)}>
                    Upload to the project
                  </button>
                </li>
              )}
            </Table>
          ))}
      </ul>
    </Part>
  );
}

/** What each cluster of the project holds. */
function Catalogues() {
  const connections = useView((view) => view.connections) ?? [];
  return connections.map((connection) => (
    <Part key={connection.id} title="Catalogue" clause={connection.name}>
      <CatalogueHere connection={connection} />
    </Part>
  ));
}

function CatalogueHere({ connection }: { connection: ConnectionEntry }) {
  const { desk } = useHere();
  const { showPanel, hideSide, wide } = useFrame();
  const projectId = useView((view) => view.projectId);
  const there = useDesk((state) => (state.panel === 'data' ? state.there : null));
  if (!connection.ready)
    return (
      <p className="none">
        <Link className="link" href={`/projects/${projectId}/connections/${connection.id}#account`}>
          Give your account
        </Link>{' '}
        to see what it holds.
      </p>
    );
  const show = (table: CatalogueTable) => {
    desk.set({ panel: 'data', there: { connection: connection.id, ...table } });
    if (!wide) hideSide();
    showPanel();
  };
  return (
    <CatalogueTree connection={connection} shown={there?.connection === connection.id ? there : null} onShow={show} />
  );
}

interface TableGiven {
  name: string;
  rows: number;
  icon: IconName;
  columns: { name: string; type: string }[];
  children?: ReactNode;
}

function Table({ name, rows, icon, columns, children }: TableGiven) {
  const { desk } = useHere();
  const { hideSide, wide } = useFrame();
  const [open, setOpen] = useState(false);
  const asked = useDesk((state) => state.panel === 'data' && !state.there && state.table === name);
  const show = () => {
    setOpen(!open);
    desk.set({ table: name, there: null });
    if (!wide && open) hideSide();
  };
  return (
    <>
      <li className={asked ? 'on' : undefined}>
        <Icon name={icon} />
        <button type="button" className="t" aria-expanded={open} onClick={show}>
          {name}
        </button>
        <span className="r">{whole(rows)}</span>
      </li>
      {open &&
        columns.map((column) => (
          <li key={column.name} className="d1">
            <Icon name={columnIcons[kindOf(column.type)]} size="small" />
            <span className="t">{column.name}</span>
            <span className="r ty ell">{column.type.toLowerCase()}</span>
          </li>
        ))}
      {open && children}
    </>
  );
}
