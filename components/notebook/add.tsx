'use client';
import { Icon } from '#components/parts/icon.tsx';
import { Kbd } from '#components/parts/kbd.tsx';
import { typeWords } from '#components/cell/words.ts';
import type { CellSpec, CellType } from '#lib/notebook/cell.ts';
import { useHere } from './context.tsx';
import { addCell } from './add-cell.ts';

const types: CellType[] = ['sql', 'typescript', 'markdown', 'chart', 'input'];

interface Given {
  place: { after?: string; before?: string };
  tabbable?: boolean;
}

function Choices({ place, tabbable = true }: Given) {
  const { store, desk } = useHere();
  const add = (spec: CellSpec) => addCell(store, desk, spec, place);
  return types.map((type) => (
    <button
      type="button"
      className="btn bare small"
      key={type}
      tabIndex={tabbable ? 0 : -1}
      aria-label={`Add ${type === 'input' ? 'an' : 'a'} ${typeWords[type].label} cell`}
      onClick={() => add({ type })}
    >
      <Icon name={typeWords[type].icon} />
      {typeWords[type].label}
    </button>
  ));
}

/** Between two cells: a line that offers what can stand there, under the pointer. Keys have A and B for it. */
export function AddLine({ before }: { before: string }) {
  return (
    <div className="addline">
      <div>
        <Choices place={{ before }} tabbable={false} />
      </div>
    </div>
  );
}

/** At the end, written out. */
export function AddRow() {
  return (
    <div className="addrow">
      <Choices place={{}} />
      <span className="wide end">
        or press <Kbd keys="b" /> below the current cell, or drop a file
      </span>
    </div>
  );
}
