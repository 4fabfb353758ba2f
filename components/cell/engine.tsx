'use client';
import { useHere, useMayEdit, useView } from '#components/notebook/context.tsx';
import { Icon } from '#components/parts/icon.tsx';
import { Menu, type MenuItem } from '#components/parts/menu.tsx';
import type { Cell, Engine } from '#lib/notebook/cell.ts';
import { engineWords, typeWords } from './words.ts';

const choices: Engine[] = ['browser', 'warehouse'];

/** What runs the cell. SQL may be moved from one engine to another; the rest have only one. */
export function EngineName({ cell }: { cell: Cell }) {
  const mayEdit = useMayEdit();
  const items = useItems(cell);
  const connection = useView((view) => view.connections?.find((each) => each.id === cell.connection)?.name ?? '');
  const words = cell.engine ? engineWords[cell.engine] : typeWords[cell.type];
  const label = cell.engine === 'trino' && connection ? `${words.label}, ${connection}` : words.label;
  const inside = (
    <>
      <Icon name={words.icon} />
      {label}
    </>
  );
  if (cell.type !== 'sql' || !mayEdit) return <span className="eng">{inside}</span>;
  return (
    <Menu align="start" items={items}>
      <button type="button" className="eng" aria-label={`Engine: ${label}`}>
        {inside}
      </button>
    </Menu>
  );
}

/** This browser, the warehouse, each cluster of the project; without one, the way to it. */
function useItems(cell: Cell): (MenuItem | 'line')[] {
  const { store } = useHere();
  const connections = useView((view) => view.connections) ?? [];
  const projectId = useView((view) => view.projectId);
  const own = choices.map<MenuItem>((engine) => ({
    label: `Run in ${engine === 'browser' ? 'this browser' : 'the warehouse'}`,
    icon: engineWords[engine].icon,
    onSelect: () => store.act.setEngine(cell.id, { engine }),
  }));
  const clusters = connections.map<MenuItem>(({ id, name }) => ({
    label: (
      <>
        Run on Trino, <span className="mono">{name}</span>
      </>
    ),
    icon: engineWords.trino.icon,
    onSelect: () => store.act.setEngine(cell.id, { engine: 'trino', connection: id }),
  }));
  const way: MenuItem = {
    label: connections.length > 0 ? 'Connections of the project' : 'Connect a Trino cluster',
    icon: 'plus',
    href: `/projects/${projectId}/connections`,
  };
  return [...own, ...clusters, 'line', way];
}
