'use client';
import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, useEffect, useId, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import type { ColumnShape } from './profile.tsx';
import { isNumber, setValue, type GridColumn, type GridData } from './data.ts';
import { Head } from './head.tsx';
import { nextSort, type Sort } from './order.ts';
import { boundsOf, isInside, moved, sizeOf, toTsv, type Bounds, type Range, type Spot } from './range.ts';
import { RowCard } from './row-card.tsx';
import { totalOf, type Total } from './total.ts';
import { useRowScroll } from './use-row-scroll.ts';
import { numbersWidth, stretched, widthsOf } from './widths.ts';

/*
 * Rows and columns of any result: only what is in sight is drawn, every row can be reached, texts are exact. It sorts
 * nothing and reads nothing by itself: the order is given, a click on a head asks for another.
 */

export const rowHeight = 24;
const summed = 200_000;

interface Given {
  data: GridData;
  label: string;
  /** The rows in the order they are shown; null as they came. */
  order: Uint32Array | null;
  sort: Sort | null;
  onSort(sort: Sort | null): void;
  /** By column; empty until they are known. Their place is kept when `profiled`. */
  profiles: readonly (ColumnShape | null)[];
  profiled: boolean;
  /** Rows in sight before it scrolls. */
  most?: number;
  /** What is selected adds up to; null when less than two values are. */
  onTotal?(total: Total | null): void;
}

export function Grid(given: Given) {
  const { data, label, order, sort, profiles, profiled, most = 8 } = given;
  const id = useId();
  const frame = useRef<HTMLDivElement>(null);
  const [range, setRange] = useState<Range | null>(null);
  const [opened, setOpened] = useState(false);
  const headHeight = profiled ? 65 : 28;
  const bodyHeight = Math.min(data.rows, most) * rowHeight;
  const { rows, box, width, show } = useRowScroll(frame, { count: data.rows, rowHeight, viewHeight: bodyHeight });
  const numbers = numbersWidth(data.rows);
  const natural = useMemo(() => widthsOf(data), [data]);
  const widths = useMemo(() => stretched(natural, width - numbers), [natural, width, numbers]);
  const columns = useVirtualizer({
    horizontal: true,
    count: widths.length,
    getScrollElement: () => frame.current,
    estimateSize: (index) => widths[index] ?? 64,
    overscan: 3,
    initialRect: { width: 1200, height: 0 },
  });
  useEffect(() => columns.measure(), [columns, widths]);
  const across = columns.getVirtualItems();
  const bounds = range && boundsOf(range);
  const at = (row: number) => (order ? order[row]! : row);
  const text = (row: number, column: number) => data.text(at(row), column);

  useTotal(given, range, text);

  const go = (spot: Spot, extend: boolean) => {
    setRange((now) => ({ anchor: extend && now ? now.anchor : spot, cursor: spot }));
    show(spot.row);
    columns.scrollToIndex(spot.column);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const spot = range?.cursor ?? { row: rows.first, column: 0 };
    const far = event.metaKey || event.ctrlKey;
    if (far && event.key === 'c' && bounds)
      return copy(
        event,
        toTsv(bounds, (row, column) => text(row, column) ?? ''),
      );
    if (far && event.key === 'a') {
      event.preventDefault();
      return setRange({ anchor: { row: 0, column: 0 }, cursor: { row: data.rows - 1, column: widths.length - 1 } });
    }
    if (event.key === ' ' && range) {
      event.preventDefault();
      return setOpened(!opened);
    }
    if (event.key === 'Escape' && (opened || range)) {
      event.stopPropagation();
      return opened ? setOpened(false) : setRange(null);
    }
    if (event.altKey || event.key === 'Enter') return;
    const next = range
      ? moved(spot, event.key, { rows: data.rows, columns: widths.length, page: Math.max(1, most - 1) }, far)
      : moved(spot, event.key, { rows: data.rows, columns: widths.length, page: 0 }) && spot;
    if (!next) return;
    event.preventDefault();
    event.stopPropagation();
    go(next, event.shiftKey);
  };

  return (
    <div className="gridbox">
      <div
        className="vgrid"
        ref={frame}
        role="grid"
        tabIndex={0}
        aria-label={label}
        aria-rowcount={data.rows}
        aria-colcount={widths.length}
        aria-multiselectable="true"
        aria-activedescendant={range ? `${id}-${range.cursor.row}-${range.cursor.column}` : undefined}
        style={{ height: headHeight + bodyHeight + 2 }}
        onKeyDown={onKeyDown}
      >
        <div className="ghead" role="row" style={{ height: headHeight, width: numbers + columns.getTotalSize() }}>
          <div className="gh rn" role="columnheader" style={{ width: numbers }}>
            <span className="vh">row</span>
          </div>
          {across.map((column) => (
            <Head
              key={column.index}
              column={data.columns[column.index]!}
              profile={profiles[column.index] ?? null}
              profiled={profiled}
              left={numbers + column.start}
              width={column.size}
              sorted={sort?.column === column.index ? (sort.descending ? 'descending' : 'ascending') : 'none'}
              onSort={() => given.onSort(nextSort(sort, column.index))}
            />
          ))}
        </div>
        <div className="gbody" style={{ height: box, width: numbers + columns.getTotalSize() }}>
          <div style={{ transform: `translateY(${rows.top}px)` }}>
            {Array.from({ length: rows.last - rows.first }, (_, index) => {
              const row = rows.first + index;
              return (
                <div className="gr" role="row" aria-rowindex={row + 1} key={index}>
                  <div className="gd rn" style={{ width: numbers }}>
                    {(at(row) + 1).toLocaleString('en-GB')}
                  </div>
                  {across.map((column) => (
                    <Value
                      key={column.index}
                      id={`${id}-${row}-${column.index}`}
                      text={text(row, column.index)}
                      column={data.columns[column.index]!}
                      left={numbers + column.start}
                      width={column.size}
                      look={lookOf(range, bounds, row, column.index)}
                      row={row}
                      index={column.index}
                      onPick={go}
                    />
                  ))}
                </div>
              );
            })}
          </div>
        </div>
      </div>
      {opened && range && (
        <RowCard
          row={range.cursor.row}
          columns={data.columns}
          text={(column) => text(range.cursor.row, column)}
          onClose={() => setOpened(false)}
        />
      )}
    </div>
  );
}

interface ValueGiven {
  id: string;
  text: string | null;
  column: GridColumn;
  left: number;
  width: number;
  look: string;
  row: number;
  index: number;
  onPick(spot: Spot, extend: boolean): void;
}

const Value = memo(
  function Value({ id, text, column, left, width, look, row, index, onPick }: ValueGiven) {
    return (
      <div
        className={isNumber(column.kind) ? `gd num${look}` : `gd${look}`}
        role="gridcell"
        id={id}
        aria-colindex={index + 1}
        aria-selected={look !== ''}
        style={{ left, width }}
        onPointerDown={(event) => event.button === 0 && onPick({ row, column: index }, event.shiftKey)}
        onPointerEnter={(event) => event.buttons === 1 && onPick({ row, column: index }, true)}
      >
        {text === null ? (
          <i className="null">null</i>
        ) : text === '' ? (
          <i className="null">""</i>
        ) : (
          setValue(text, column)
        )}
      </div>
    );
  },
  (a, b) =>
    a.text === b.text &&
    a.look === b.look &&
    a.row === b.row &&
    a.left === b.left &&
    a.width === b.width &&
    a.column === b.column,
);

function lookOf(range: Range | null, bounds: Bounds | null, row: number, column: number): string {
  if (!range || !bounds) return '';
  if (range.cursor.row === row && range.cursor.column === column) return ' cur';
  return isInside(bounds, row, column) ? ' sl' : '';
}

function useTotal(given: Given, range: Range | null, text: (row: number, column: number) => string | null): void {
  const { onTotal } = given;
  useEffect(() => {
    const bounds = range && boundsOf(range);
    if (!bounds || sizeOf(bounds) < 2 || sizeOf(bounds) > summed) return onTotal?.(null);
    const values: (string | null)[] = [];
    for (let row = bounds.top; row <= bounds.bottom; row++) {
      for (let column = bounds.left; column <= bounds.right; column++) values.push(text(row, column));
    }
    onTotal?.(totalOf(values));
    // The text of a spot follows from data and order.
  }, [range, given.data, given.order]);
}

function copy(event: KeyboardEvent, tsv: string): void {
  event.preventDefault();
  void navigator.clipboard?.writeText(tsv);
}
