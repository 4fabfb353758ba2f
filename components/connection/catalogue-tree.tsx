'use client';
import { useId, useRef, useState, type CSSProperties, type KeyboardEvent } from 'react';
import { kindOf } from '#components/grid/data.ts';
import { columnIcons } from '#components/grid/head.tsx';
import { Icon } from '#components/parts/icon.tsx';
import { IconButton } from '#components/parts/icon-button.tsx';
import { keyOf, type Path } from '#lib/client/catalogue.ts';
import type { CatalogueTable } from '#lib/connection/view.ts';
import { foundRows, stepAt, treeRows, type TreeRow } from './tree.ts';
import { useCatalogue, useOpen, useSearch } from './use-catalogue.ts';

export interface TreeGiven {
  /** The connection's id and name, and where it begins. */
  connection: { id: string; name: string; catalog: string; schema: string };
  /** The table whose facts are shown. */
  shown: CatalogueTable | null;
  /** A table was chosen. */
  onShow(table: CatalogueTable): void;
}

/** Catalogs, schemas, tables and columns of a cluster, read as they are opened; a text finds tables in all of them. */
export function CatalogueTree({ connection, shown, onShow }: TreeGiven) {
  const { catalogue, parts } = useCatalogue(connection.id);
  const { open, toggle } = useOpen(catalogue, beginnings(connection));
  const [text, setText] = useState('');
  const { found, problem } = useSearch(catalogue, text);
  const isSearch = text.trim() !== '' && found !== null;
  const rows = isSearch ? foundRows(found.items, parts, open) : treeRows(parts, open);
  const root = parts.get(keyOf([]));
  return (
    <div className="catalogue">
      <div className="catalogue-head">
        <label className="find">
          <Icon name="search" />
          <input
            type="search"
            placeholder="Find a table"
            aria-label={`Find a table of ${connection.name}`}
            value={text}
            onChange={(event) => setText(event.target.value)}
            onKeyDown={(event) => event.key === 'Escape' && setText('')}
          />
          {isSearch && (
            <span className="mut nw">
              {found.matches} of {found.total.toLocaleString('en-GB')}
            </span>
          )}
        </label>
        <IconButton
          icon="refresh-cw"
          label={`Read ${connection.name} again`}
          onClick={() => void catalogue.refresh()}
        />
      </div>
      {(problem || root?.state === 'failed') && (
        <p className="none st-warn" role="alert">
          {problem ?? (root?.state === 'failed' ? root.words : '')}{' '}
          {root?.state === 'failed' && (
            <button type="button" className="link plain" onClick={() => void catalogue.retry()}>
              Try again
            </button>
          )}
        </p>
      )}
      {isSearch && found.items.length === 0 && <p className="none">No table here is called that.</p>}
      {isSearch && found.missing.length > 0 && (
        <p className="none">{found.missing.map((each) => each.catalog).join(', ')} could not be searched.</p>
      )}
      {isSearch && found.cut.length > 0 && (
        <p className="none">
          {found.cut.join(', ')} {found.cut.length === 1 ? 'holds' : 'hold'} more tables than are looked through: open a
          schema to see all of its own.
        </p>
      )}
      {!root || root.state === 'reading' ? <p className="none">Asking {connection.name} what it holds</p> : null}
      <Tree
        label={`Catalogue of ${connection.name}`}
        rows={rows}
        marked={isSearch ? text.trim() : ''}
        shown={shown && keyOf([shown.catalog, shown.schema, shown.name])}
        onToggle={toggle}
        onShow={(path) => onShow({ catalog: path[0]!, schema: path[1]!, name: path[2]! })}
      />
    </div>
  );
}

function beginnings({ catalog, schema }: TreeGiven['connection']): Path[] {
  if (!catalog) return [];
  return schema ? [[catalog], [catalog, schema]] : [[catalog]];
}

interface Given {
  label: string;
  rows: TreeRow[];
  marked: string;
  shown: string | null;
  onToggle(path: Path): void;
  onShow(path: Path): void;
}

/** One row of it is in the order of Tab; arrows walk. */
function Tree({ label, rows, marked, shown, onToggle, onShow }: Given) {
  const id = useId();
  const list = useRef<HTMLUListElement>(null);
  const [at, setAt] = useState<string | null>(null);
  const current = Math.max(
    0,
    rows.findIndex((row) => keyOf(row.path) === at),
  );
  const go = (index: number) => {
    setAt(keyOf(rows[index]!.path));
    list.current?.querySelectorAll<HTMLElement>('[role="treeitem"]')[index]?.focus();
  };
  const choose = (row: TreeRow) => {
    setAt(keyOf(row.path));
    if (row.path.length === 3) onShow(row.path);
    if (row.isOpen !== null) onToggle(row.path);
    else if (row.path.length === 4) onShow(row.path.slice(0, 3));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.metaKey || event.ctrlKey || event.altKey) return;
    const step = stepAt(rows, current, event.key);
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    if ('to' in step) go(step.to);
    else if ('toggle' in step) onToggle(rows[step.toggle]!.path);
    else choose(rows[step.choose]!);
  };
  if (rows.length === 0) return null;
  return (
    <ul className="tree cols" role="tree" aria-label={label} ref={list} onKeyDown={onKeyDown}>
      {rows.map((row, index) => (
        <li
          key={keyOf(row.path)}
          id={`${id}-${index}`}
          role="treeitem"
          aria-level={row.level + 1}
          aria-expanded={row.isOpen ?? undefined}
          aria-selected={keyOf(row.path) === shown}
          tabIndex={index === current ? 0 : -1}
          className={keyOf(row.path) === shown ? 'on' : undefined}
          style={{ '--d': row.level } as CSSProperties}
          onClick={() => choose(row)}
          onFocus={() => setAt(keyOf(row.path))}
        >
          <Icon name={iconOf(row)} size="small" />
          <span className="t">
            <Marked text={row.name} part={row.level === 2 ? marked : ''} />
          </span>
          {(row.type || row.note) && (
            <span className={row.type ? 'r ty ell' : row.isFailed ? 'r st-warn' : 'r'}>{row.type || row.note}</span>
          )}
        </li>
      ))}
    </ul>
  );
}

function iconOf(row: TreeRow) {
  if (row.isOpen === null) return columnIcons[kindOf(row.type)];
  return row.isOpen ? 'chevron-down' : 'chevron-right';
}

function Marked({ text, part }: { text: string; part: string }) {
  const at = part ? text.toLowerCase().indexOf(part.toLowerCase()) : -1;
  if (at < 0) return text;
  return (
    <>
      {text.slice(0, at)}
      <mark>{text.slice(at, at + part.length)}</mark>
      {text.slice(at + part.length)}
    </>
  );
}
