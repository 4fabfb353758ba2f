'use client';
import { memo } from 'react';
import { useCell, useDesk, useHere, useMayEdit } from '#components/notebook/context.tsx';
import { useFrame } from '#components/frame/use-layout.ts';
import { IconButton } from '#components/parts/icon-button.tsx';
import { Menu } from '#components/parts/menu.tsx';
import { removeCell } from '#components/notebook/remove.ts';
import type { CellView } from '#lib/client/notebook/store.ts';
import { Name } from './name.tsx';
import { InputField } from './input-field.tsx';
import { Problems } from './problems.tsx';

/** An input: its name, a hint, its field. Several stand in one row. */
export const InputCell = memo(function InputCell({ id }: { id: string }) {
  const view = useCell(id);
  return view?.cell.input ? <Drawn view={view} /> : null;
});

function Drawn({ view: { cell, run, readBy, problems } }: { view: CellView }) {
  const { desk } = useHere();
  const current = useDesk((state) => state.current === cell.id);
  const mayEdit = useMayEdit();
  const input = cell.input!;
  const said = input.hint || (readBy.length > 0 ? `used by ${readBy.length}` : 'used by none');
  return (
    <section
      className={current ? 'input on' : 'input'}
      id={cell.name || undefined}
      tabIndex={-1}
      aria-label={`Input cell ${cell.name}`}
      data-cell-id={cell.id}
      data-cell-name={cell.name}
      data-cell-type="input"
      data-state={run.state}
      onFocus={() => desk.set({ current: cell.id })}
    >
      <header>
        <Name id={cell.id} name={cell.name} />
        <span className="hint">{said}</span>
        {mayEdit && <InputActs id={cell.id} />}
      </header>
      <InputField id={cell.id} name={cell.name} input={input} />
      {problems.length > 0 && <Problems problems={problems} />}
    </section>
  );
}

function InputActs({ id }: { id: string }) {
  const { store, desk } = useHere();
  const { showPanel } = useFrame();
  const settings = () => {
    desk.set({ current: id, panel: 'input' });
    showPanel();
  };
  return (
    <span className="acts">
      <Menu
        items={[
          { label: 'Settings', icon: 'sliders-horizontal', onSelect: settings },
          { label: 'Rename', icon: 'pencil', keys: 'f2', onSelect: () => desk.set({ renaming: id }) },
          { label: 'Duplicate', icon: 'copy', keys: 'mod+d', onSelect: () => void store.act.duplicate(id) },
          { label: 'Move up', icon: 'arrow-up', keys: 'alt+up', onSelect: () => store.act.move(id, -1) },
          { label: 'Move down', icon: 'arrow-down', keys: 'alt+down', onSelect: () => store.act.move(id, 1) },
          'line',
          {
            label: 'Delete',
            icon: 'trash-2',
            keys: 'backspace',
            danger: true,
            onSelect: () => removeCell(store, desk, id),
          },
        ]}
      >
        <IconButton icon="ellipsis" label="More" />
      </Menu>
    </span>
  );
}
