'use client';
import { useMemo } from 'react';
import { useCommands, type Command } from '#components/frame/commands.ts';
import { typeWords } from '#components/cell/words.ts';
import type { Act } from '#lib/client/keys/act.ts';
import type { CellType } from '#lib/notebook/cell.ts';
import { addCell } from './add-cell.ts';
import type { NotebookHere } from './context.tsx';
import { focusCell } from './focus.ts';
import { perform } from './use-keys.ts';

const acts: { act: Act; label: string; icon: Command['icon']; keys: string; edits?: boolean }[] = [
  { act: 'run', label: 'Run the cell', icon: 'play', keys: 'mod+enter' },
  { act: 'run-advance', label: 'Run the cell and go on', icon: 'play', keys: 'shift+enter' },
  { act: 'run-stale', label: 'Run what is stale, or all', icon: 'play', keys: 'shift+mod+enter' },
  { act: 'stop', label: 'Stop', icon: 'square', keys: 'shift+esc' },
  { act: 'fix', label: 'Fix the error', icon: 'check', keys: 'mod+.', edits: true },
  { act: 'promote', label: 'Promote the cell to a job', icon: 'git-pull-request-arrow', keys: 'p', edits: true },
  { act: 'rename', label: 'Rename the cell', icon: 'pencil', keys: 'f2', edits: true },
  { act: 'duplicate', label: 'Duplicate the cell', icon: 'copy', keys: 'mod+d', edits: true },
  { act: 'move-up', label: 'Move the cell up', icon: 'arrow-up', keys: 'alt+up', edits: true },
  { act: 'move-down', label: 'Move the cell down', icon: 'arrow-down', keys: 'alt+down', edits: true },
  { act: 'add-above', label: 'Add a cell above', icon: 'plus', keys: 'a', edits: true },
  { act: 'add-below', label: 'Add a cell below', icon: 'plus', keys: 'b', edits: true },
  { act: 'remove', label: 'Delete the cell', icon: 'trash-2', keys: 'backspace', edits: true },
  { act: 'undo', label: 'Undo', icon: 'undo-2', keys: 'mod+z', edits: true },
  { act: 'redo', label: 'Redo', icon: 'rotate-ccw', keys: 'shift+mod+z', edits: true },
];

const types: CellType[] = ['sql', 'typescript', 'markdown', 'chart', 'input'];

/** Puts the notebook's acts and its cells into the palette. */
export function useActs(here: NotebookHere, mayEdit: boolean, cells: string): void {
  const commands = useMemo(() => {
    const { store, desk } = here;
    const done = acts
      .filter((each) => mayEdit || !each.edits)
      .map<Command>(({ act, label, icon, keys }) => ({
        id: `notebook-${act}`,
        group: 'Do',
        label,
        icon,
        keys,
        run: () => void perform(act, here),
      }));
    const added = types.map<Command>((type) => ({
      id: `notebook-add-${type}`,
      group: 'Do',
      label: `Add ${type === 'input' ? 'an' : 'a'} ${typeWords[type].label} cell`,
      icon: typeWords[type].icon,
      run: () => void addCell(store, desk, { type }, afterCurrent(here)),
    }));
    const places = cells
      .split(' ')
      .filter(Boolean)
      .map<Command>((word) => {
        const [id = '', name = ''] = word.split(':');
        return {
          id: `cell-${id}`,
          group: 'Go to',
          label: name,
          mono: true,
          icon: 'notebook-text',
          hint: 'cell',
          run: () => focusCell(desk, id),
        };
      });
    return [...done, ...(mayEdit ? added : []), ...places];
  }, [here, mayEdit, cells]);
  useCommands(commands);
}

function afterCurrent({ desk }: NotebookHere): { after?: string } {
  const { current } = desk.read();
  return current ? { after: current } : {};
}
