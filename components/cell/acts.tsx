'use client';
import { useFrame } from '#components/frame/use-layout.ts';
import { useHere, useMayEdit, type NotebookHere } from '#components/notebook/context.tsx';
import { removeCell } from '#components/notebook/remove.ts';
import { IconButton } from '#components/parts/icon-button.tsx';
import { Menu, type MenuItem } from '#components/parts/menu.tsx';
import type { Cell } from '#lib/notebook/cell.ts';

/** What can be done with a cell; the place of the acts is kept, they show at hover, in focus and under a finger. */
export function Acts({ cell, running }: { cell: Cell; running: boolean }) {
  const here = useHere();
  const { store, desk } = here;
  const { showPanel } = useFrame();
  const mayEdit = useMayEdit();
  const runs = cell.type === 'sql' || cell.type === 'typescript';
  const builds = cell.type === 'chart' || cell.type === 'input';
  const settings = () => {
    desk.set({ current: cell.id, panel: cell.type === 'chart' ? 'chart' : 'input' });
    showPanel();
  };
  return (
    <span className="acts">
      {runs &&
        (running ? (
          <IconButton icon="square" label="Stop" keys="shift+esc" onClick={() => store.act.stop(cell.id)} />
        ) : (
          <IconButton icon="play" label="Run" keys="mod+enter" onClick={() => store.act.run(cell.id)} />
        ))}
      {builds && mayEdit && (
        <IconButton
          icon="sliders-horizontal"
          label={cell.type === 'chart' ? 'Chart settings' : 'Input settings'}
          onClick={settings}
        />
      )}
      {cell.type === 'sql' && mayEdit && (
        <IconButton
          className="wide"
          icon="git-pull-request-arrow"
          label="Promote"
          keys="p"
          onClick={() => desk.set({ promoting: cell.id })}
        />
      )}
      <Menu items={itemsOf(cell, mayEdit, running, here)}>
        <IconButton icon="ellipsis" label="More" />
      </Menu>
    </span>
  );
}

function itemsOf(cell: Cell, mayEdit: boolean, running: boolean, { store, desk }: NotebookHere): (MenuItem | 'line')[] {
  const items: (MenuItem | 'line')[] = [];
  if (cell.type === 'sql' || cell.type === 'typescript') {
    items.push(
      running
        ? { label: 'Stop', icon: 'square', keys: 'shift+esc', onSelect: () => store.act.stop(cell.id) }
        : { label: 'Run', icon: 'play', keys: 'mod+enter', onSelect: () => store.act.run(cell.id) },
    );
  }
  if (cell.type === 'sql' && mayEdit) {
    items.push({
      label: 'Promote…',
      icon: 'git-pull-request-arrow',
      keys: 'p',
      onSelect: () => desk.set({ promoting: cell.id }),
    });
  }
  if (!mayEdit) return [...items, { label: 'You can read this notebook, not change it', disabled: true }];
  if (items.length > 0) items.push('line');
  if (cell.type !== 'markdown') {
    items.push({ label: 'Rename', icon: 'pencil', keys: 'f2', onSelect: () => desk.set({ renaming: cell.id }) });
  }
  return [
    ...items,
    { label: 'Duplicate', icon: 'copy', keys: 'mod+d', onSelect: () => void store.act.duplicate(cell.id) },
    { label: 'Move up', icon: 'arrow-up', keys: 'alt+up', onSelect: () => store.act.move(cell.id, -1) },
    { label: 'Move down', icon: 'arrow-down', keys: 'alt+down', onSelect: () => store.act.move(cell.id, 1) },
    'line',
    {
      label: 'Delete',
      icon: 'trash-2',
      keys: 'backspace',
      danger: true,
      onSelect: () => removeCell(store, desk, cell.id),
    },
  ];
}
