'use client';
import {
  memo,
  useId,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
  type KeyboardEvent,
  type ReactNode,
} from 'react';
import { whole } from '#components/parts/words.ts';
import { columnsAt, edgesOf } from './across.ts';
import type { ColumnShape } from './profile.tsx';
import { isNumber, setValue, type GridColumn, type GridData } from './data.ts';
import { Head } from './head.tsx';
import { nextSort, type Sort } from './order.ts';
import { press } from './press.ts';
import { boundsOf, isInside, sizeOf, type Bounds, type Range, type Spot } from './range.ts';
import { RowCard } from './row-card.tsx';
import { totalOf, type Total } from './total.ts';
import { RowScroller } from './row-scroller.ts';
import { numbersWidth, stretched, widthsOf } from './widths.ts';
import type { Rows } from './window.ts';

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
  /** What stands under the rows; given what is selected adds up to. */
  renderFoot?(total: Total | null): ReactNode;
}

export function Grid(given: Given) {
  const { data, label, order, sort, profiles, profiled, most = 8 } = given;
  const id = useId();
  const [range, setRange] = useState<Range | null>(null);
  const [opened, setOpened] = useState(false);
  const headHeight = profiled ? 65 : 28;
  const bodyHeight = Math.min(data.rows, most) * rowHeight;
  const { frame, scroller, sight } = useScroller({ count: data.rows, rowHeight, viewHeight: bodyHeight });
  const numbers = numbersWidth(data.rows);
  const natural = useMemo(() => widthsOf(data), [data]);
  const edges = useMemo(() => edgesOf(stretched(natural, sight.width - numbers)), [natural, sight.width, numbers]);
  const across = columnsAt(edges, sight.left, sight.width || 1200);
  const columns = data.columns.length;
  const bounds = range && boundsOf(range);
  const read = useMemo(() => reading(data, order), [data, order]);
  const total = useMemo(() => totalIn(range, read), [range, read]);
  const place = (column: number) => ({ left: numbers + edges[column]!, width: edges[column + 1]! - edges[column]! });

  const go = (spot: Spot, extend: boolean) => {
    setRange((now) => ({ anchor: extend && now ? now.anchor : spot, cursor: spot }));
    scroller.showRow(spot.row);
    const { left, width } = place(spot.column);
    scroller.showStretch(left, left + width, numbers);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const done = press(event, {
      range,
      extent: { rows: data.rows, columns, page: Math.max(1, most - 1) },
      opened,
      first: sight.first,
      read,
    });
    if (!done) return;
    event.preventDefault();
    event.stopPropagation();
    if (done.open !== undefined) setOpened(done.open);
    if (done.range !== undefined) setRange(done.range);
    if (done.go) go(done.go, event.shiftKey);
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
        aria-colcount={columns}
        aria-multiselectable="true"
        aria-activedescendant={range ? `${id}-${range.cursor.row}-${range.cursor.column}` : undefined}
        style={{ height: headHeight + bodyHeight + 2 }}
        onKeyDown={onKeyDown}
      >
        <div className="ghead" role="row" style={{ height: headHeight, width: numbers + edges.at(-1)! }}>
          <div className="gh rn" role="columnheader" style={{ width: numbers }}>
            <span className="vh">row</span>
          </div>
          {numbersFrom(across).map((column) => (
            <Head
              key={column}
              column={data.columns[column]!}
              profile={profiles[column] ?? null}
              profiled={profiled}
              {...place(column)}
              sorted={sort?.column === column ? (sort.descending ? 'descending' : 'ascending') : 'none'}
              onSort={() => given.onSort(nextSort(sort, column))}
            />
          ))}
        </div>
        <div className="gbody" style={{ height: scroller.boxHeight(), width: numbers + edges.at(-1)! }}>
          <div style={{ transform: `translateY(${sight.top}px)` }}>
            {numbersFrom({ first: sight.first, last: Math.min(sight.last, data.rows) }).map((row, index) => (
              <div className="gr" role="row" aria-rowindex={row + 1} key={index}>
                <div className="gd rn" style={{ width: numbers }}>
                  {whole((order ? order[row]! : row) + 1)}
                </div>
                {numbersFrom(across).map((column) => (
                  <Value
                    key={column}
                    id={`${id}-${row}-${column}`}
                    text={read(row, column)}
                    column={data.columns[column]!}
                    {...place(column)}
                    look={lookOf(range, bounds, row, column)}
                    row={row}
                    index={column}
                    onPick={go}
                  />
                ))}
              </div>
            ))}
          </div>
        </div>
      </div>
      {opened && range && (
        <RowCard
          row={range.cursor.row}
          columns={data.columns}
          text={(column) => read(range.cursor.row, column)}
          onClose={() => setOpened(false)}
        />
      )}
      {given.renderFoot?.(total)}
    </div>
  );
}

type Reading = (row: number, column: number) => string | null;

/** Texts by the row as it is shown. */
function reading(data: GridData, order: Uint32Array | null): Reading {
  return order ? (row, column) => data.text(order[row]!, column) : data.text;
}

function useScroller(rows: Rows) {
  const frame = useRef<HTMLDivElement>(null);
  const [scroller] = useState(() => new RowScroller(rows));
  const { count, rowHeight, viewHeight } = rows;
  useLayoutEffect(() => (frame.current ? scroller.attach(frame.current) : undefined), [scroller]);
  useLayoutEffect(() => scroller.setRows({ count, rowHeight, viewHeight }), [scroller, count, rowHeight, viewHeight]);
  const sight = useSyncExternalStore(scroller.watch, scroller.read, scroller.read);
  return { frame, scroller, sight };
}

function numbersFrom({ first, last }: { first: number; last: number }): number[] {
  return Array.from({ length: Math.max(0, last - first) }, (_, index) => first + index);
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

/** What is selected adds up to; null for less than two values, or too many to add while one waits. */
function totalIn(range: Range | null, read: Reading): Total | null {
  const bounds = range && boundsOf(range);
  if (!bounds || sizeOf(bounds) < 2 || sizeOf(bounds) > summed) return null;
  const values: (string | null)[] = [];
  for (let row = bounds.top; row <= bounds.bottom; row++) {
    for (let column = bounds.left; column <= bounds.right; column++) values.push(read(row, column));
  }
  return totalOf(values);
}
