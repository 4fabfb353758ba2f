'use client';
import { useHere, useMayEdit } from '#components/notebook/context.tsx';
import { Icon } from '#components/parts/icon.tsx';
import { Menu } from '#components/parts/menu.tsx';
import type { Cell, Engine } from '#lib/notebook/cell.ts';
import { engineWords, typeWords } from './words.ts';

const choices: Engine[] = ['browser', 'warehouse'];

/** What runs the cell. SQL may be moved from one engine to another; the rest have only one. */
export function EngineName({ cell }: { cell: Cell }) {
  const { store } = useHere();
  const mayEdit = useMayEdit();
  const words = cell.engine ? engineWords[cell.engine] : typeWords[cell.type];
  const inside = (
    <>
      <Icon name={words.icon} />
      {words.label}
    </>
  );
  if (cell.type !== 'sql' || !mayEdit) return <span className="eng">{inside}</span>;
  return (
    <Menu
      align="start"
      items={choices.map((engine) => ({
        label: `Run in ${engine === 'browser' ? 'this browser' : 'the warehouse'}`,
        icon: engineWords[engine].icon,
        onSelect: () => store.act.setEngine(cell.id, { engine }),
      }))}
    >
      <button type="button" className="eng" aria-label={`Engine: ${words.label}`}>
        {inside}
      </button>
    </Menu>
  );
}
