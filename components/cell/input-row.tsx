'use client';
import { memo } from 'react';
import { useDesk, useView } from '#components/notebook/context.tsx';
import { Mark } from '#components/parts/mark.tsx';
import { InputCell } from './input-cell.tsx';

/** Input cells that follow each other, in one row under one mark. */
export const InputRow = memo(function InputRow({ ids }: { ids: string }) {
  const list = ids.split(' ');
  const on = useDesk((state) => state.current !== null && list.includes(state.current));
  const empty = useView((view) =>
    view.cells.some((each) => list.includes(each.cell.id) && (each.cell.input?.value ?? null) === null),
  );
  return (
    <div className={on ? 'cell on' : 'cell'} data-kind="input">
      <div className="gut">
        <Mark state={empty ? 'idle' : 'good'} label={empty ? 'without a value' : 'good'} />
      </div>
      <div className="body inputs">
        {list.map((id) => (
          <InputCell key={id} id={id} />
        ))}
      </div>
    </div>
  );
});
