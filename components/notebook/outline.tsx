'use client';
import type { CSSProperties } from 'react';
import { Icon } from '#components/parts/icon.tsx';
import { Mark } from '#components/parts/mark.tsx';
import { markState } from '#components/cell/gutter.tsx';
import { typeWords } from '#components/cell/words.ts';
import { useDesk, useHere, useView } from './context.tsx';
import { focusCell } from './focus.ts';
import { headingsOf } from './headings.ts';

/** The notebook in order: its headings, and under them the cells by name. */
export function Outline() {
  const { desk } = useHere();
  const cells = useView((view) => view.cells);
  const current = useDesk((state) => state.current);
  if (cells.length === 0) return <p className="none pad">The order of the notebook will stand here.</p>;
  return (
    <ul className="tree in-order" aria-label="Outline">
      {cells.flatMap(({ cell, run }) => {
        const on = cell.id === current ? 'on' : undefined;
        const go = () => focusCell(desk, cell.id);
        if (cell.type !== 'markdown') {
          return [
            <li key={cell.id} className={on} style={depth(1)}>
              {cell.type === 'chart' || cell.type === 'input' ? (
                <Icon name={typeWords[cell.type].icon} size="small" />
              ) : (
                <Mark state={markState(run)} />
              )}
              <button type="button" className="t mono" onClick={go}>
                {cell.name}
              </button>
              <span className="r">{typeWords[cell.type].label}</span>
            </li>,
          ];
        }
        return headingsOf(cell.source).map((heading, index) => (
          <li key={`${cell.id}-${index}`} className={on} style={depth(heading.level - 1)}>
            <button type="button" className={heading.level === 0 ? 't mut' : 't h'} onClick={go}>
              {heading.text}
            </button>
          </li>
        ));
      })}
    </ul>
  );
}

function depth(by: number): CSSProperties {
  return { '--d': Math.max(0, by) } as CSSProperties;
}
