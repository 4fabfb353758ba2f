import { useCallback, useEffect, useLayoutEffect, useRef, useState, type RefObject } from 'react';
import { boxHeight, offsetFor, rowsAt, scaleOf, type Rows, type Shown } from './window.ts';

export interface RowScroll {
  rows: Shown;
  /** Height of the scrolled box, px. */
  box: number;
  /** Width of the frame's inside, px. */
  width: number;
  /** Brings a row into view. */
  show(row: number): void;
}

/**
 * The offset into the rows is kept apart from the browser's own scroll position: where the box is scaled, one px of
 * the box is many rows, and a wheel must still move by one.
 */
export function useRowScroll(frame: RefObject<HTMLDivElement | null>, given: Rows): RowScroll {
  const { count, rowHeight, viewHeight } = given;
  const rows = { count, rowHeight, viewHeight };
  const latest = useRef(rows);
  latest.current = rows;
  const offset = useRef(0);
  const own = useRef<number | null>(null);
  const [shown, setShown] = useState<Shown>(() => rowsAt(0, rows));
  const [width, setWidth] = useState(0);

  const move = useCallback(
    (to: number) => {
      const element = frame.current;
      const now = latest.current;
      const most = Math.max(0, now.count * now.rowHeight - now.viewHeight);
      offset.current = Math.min(Math.max(0, to), most);
      if (element) {
        element.scrollTop = offset.current / scaleOf(now);
        own.current = element.scrollTop;
      }
      setShown((before) => same(before, rowsAt(offset.current, now)));
    },
    [frame],
  );

  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    const onScroll = () => {
      if (own.current === element.scrollTop) return;
      own.current = element.scrollTop;
      offset.current = element.scrollTop * scaleOf(latest.current);
      setShown((before) => same(before, rowsAt(offset.current, latest.current)));
    };
    const onWheel = (event: WheelEvent) => {
      if (scaleOf(latest.current) === 1 || event.deltaY === 0 || event.ctrlKey) return;
      event.preventDefault();
      move(offset.current + event.deltaY * (event.deltaMode === 1 ? latest.current.rowHeight : 1));
    };
    element.addEventListener('scroll', onScroll, { passive: true });
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => {
      element.removeEventListener('scroll', onScroll);
      element.removeEventListener('wheel', onWheel);
    };
  }, [frame, move]);

  useLayoutEffect(() => {
    const element = frame.current;
    if (!element) return;
    const measure = () => setWidth(element.clientWidth);
    measure();
    const watcher = new ResizeObserver(measure);
    watcher.observe(element);
    return () => watcher.disconnect();
  }, [frame]);

  useLayoutEffect(() => {
    const most = Math.max(0, count * rowHeight - viewHeight);
    offset.current = Math.min(offset.current, most);
    setShown((before) => same(before, rowsAt(offset.current, latest.current)));
  }, [count, rowHeight, viewHeight]);

  const show = useCallback((row: number) => move(offsetFor(row, offset.current, latest.current)), [move]);
  return { rows: clipped(shown, count), box: boxHeight(rows), width, show };
}

function same(before: Shown, next: Shown): Shown {
  return before.first === next.first && before.last === next.last && before.top === next.top ? before : next;
}

/** A result that became shorter must not be asked for rows it has no more. */
function clipped(shown: Shown, count: number): Shown {
  return shown.last <= count ? shown : { ...shown, first: Math.min(shown.first, count), last: count };
}
