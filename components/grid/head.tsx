'use client';
import { memo } from 'react';
import { Icon, type IconName } from '#components/parts/icon.tsx';
import { Profile, type ColumnShape } from './profile.tsx';
import { isNumber, type ColumnKind, type GridColumn } from './data.ts';

interface Given {
  column: GridColumn;
  profile: ColumnShape | null;
  profiled: boolean;
  left: number;
  width: number;
  sorted: 'ascending' | 'descending' | 'none';
  onSort(): void;
}

export const columnIcons: Record<ColumnKind, IconName> = {
  whole: 'hash',
  decimal: 'decimals-arrow-right',
  text: 'type',
  time: 'calendar',
  boolean: 'toggle-left',
  other: 'braces',
};

/** The head of a column: type, name, the way it is sorted; under it what its values look like. A click sorts. */
export const Head = memo(function Head({ column, profile, profiled, left, width, sorted, onSort }: Given) {
  const number = isNumber(column.kind);
  return (
    <div
      className={number ? 'gh num' : 'gh'}
      role="columnheader"
      aria-sort={sorted}
      style={{ left, width }}
      title={`${column.name} ${column.type.toLowerCase()}`}
      onClick={onSort}
    >
      <span className="n">
        <Icon name={columnIcons[column.kind]} size="small" />
        <span className="ell">{column.name}</span>
        {sorted !== 'none' && (
          <span className="so">
            <Icon name={sorted === 'ascending' ? 'arrow-up' : 'arrow-down'} size="small" />
          </span>
        )}
      </span>
      {profiled && <Profile profile={profile} />}
    </div>
  );
});
