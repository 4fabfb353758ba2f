import { boxHeight, offsetFor, rowsAt, scaleOf, type Rows, type Shown } from './window.ts';

/** What of the rows and of the width is in sight. */
export interface InSight extends Shown {
  /** px scrolled to the right. */
  left: number;
  /** Width of the frame's inside, px. */
  width: number;
}

/*
 * Where a grid is scrolled to. The offset into the rows is kept apart from the browser's own scroll position: where the
 * box is scaled, one px of the box is many rows, and a wheel must still move by one.
 */
export class RowScroller {
  private element: HTMLElement | null = null;
  private rows: Rows;
  private offset = 0;
  private top = 0;
  private seen: InSight;
  private listeners = new Set<() => void>();

  constructor(rows: Rows) {
    this.rows = rows;
    this.seen = { ...rowsAt(0, rows), left: 0, width: 0 };
  }

  /** Follows a frame until the returned function is called. */
  attach(element: HTMLElement): () => void {
    this.element = element;
    const watcher = new ResizeObserver(this.update);
    watcher.observe(element);
    element.addEventListener('scroll', this.onScroll, { passive: true });
    element.addEventListener('wheel', this.onWheel, { passive: false });
    this.update();
    return () => {
      this.element = null;
      watcher.disconnect();
      element.removeEventListener('scroll', this.onScroll);
      element.removeEventListener('wheel', this.onWheel);
    };
  }

  setRows(rows: Rows): void {
    this.rows = rows;
    this.offset = Math.min(this.offset, this.most());
    this.update();
  }

  boxHeight(): number {
    return boxHeight(this.rows);
  }

  /** Brings a row into view. */
  showRow(row: number): void {
    this.moveTo(offsetFor(row, this.offset, this.rows));
  }

  /** Brings a stretch of the width into view, right of `fixed` px. */
  showStretch(start: number, end: number, fixed: number): void {
    if (!this.element) return;
    const { scrollLeft, clientWidth } = this.element;
    if (start - fixed < scrollLeft) this.element.scrollLeft = start - fixed;
    else if (end > scrollLeft + clientWidth) this.element.scrollLeft = end - clientWidth;
  }

  read = (): InSight => this.seen;

  watch = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  private moveTo(offset: number): void {
    this.offset = Math.min(Math.max(0, offset), this.most());
    if (this.element) {
      this.element.scrollTop = this.offset / scaleOf(this.rows);
      this.top = this.element.scrollTop;
    }
    this.update();
  }

  private most(): number {
    return Math.max(0, this.rows.count * this.rows.rowHeight - this.rows.viewHeight);
  }

  private onScroll = (): void => {
    if (this.element && this.element.scrollTop !== this.top) {
      this.top = this.element.scrollTop;
      this.offset = this.top * scaleOf(this.rows);
    }
    this.update();
  };

  private onWheel = (event: WheelEvent): void => {
    if (scaleOf(this.rows) === 1 || event.deltaY === 0 || event.ctrlKey) return;
    event.preventDefault();
    this.moveTo(this.offset + event.deltaY * (event.deltaMode === 1 ? this.rows.rowHeight : 1));
  };

  private update = (): void => {
    const left = this.element?.scrollLeft ?? 0;
    const width = this.element?.clientWidth ?? 0;
    const next = { ...rowsAt(this.offset, this.rows), left, width };
    if (isSame(this.seen, next)) return;
    this.seen = next;
    for (const listener of this.listeners) listener();
  };
}

function isSame(a: InSight, b: InSight): boolean {
  return a.first === b.first && a.last === b.last && a.top === b.top && a.left === b.left && a.width === b.width;
}
