import { roundTop } from '#components/parts/axis.ts';

/** One window to draw; `value` null where nothing stands. */
export interface BarGiven {
  windowStart: string;
  windowEnd: string;
  value: number | null;
  isOpen: boolean;
  isAgain: boolean;
}

export interface BarDrawn extends BarGiven {
  x: number;
  width: number;
  /** Of the bar's free end, and its length; 0 where nothing stands. */
  y: number;
  height: number;
  /** Of an open one: how far the last closed one reached, where it may end. */
  outline: { y: number; height: number } | null;
}

export interface BarsDrawn {
  bars: BarDrawn[];
  /** Values at which lines are drawn, zero among them. */
  lines: { value: number; y: number }[];
  /** Where the watermark stands, when it stands in an open window. */
  watermark: number | null;
  zero: number;
}

export interface BarsBox {
  left: number;
  right: number;
  top: number;
  foot: number;
}

const share = 0.6;

/** Bars from zero, one a window, at even steps; negative values hang below. The watermark runs through the open window. */
export function drawBars(given: readonly BarGiven[], watermark: string | null, box: BarsBox): BarsDrawn {
  const values = given.map((bar) => bar.value ?? 0);
  const [most, least] = [Math.max(0, ...values), Math.min(0, ...values)];
  const top = most > 0 || least === 0 ? roundTop(most) : 0;
  const low = least < 0 ? -roundTop(-least) : 0;
  const y = (value: number) => box.foot - ((value - low) / (top - low)) * (box.foot - box.top);
  const step = (box.right - box.left) / Math.max(1, given.length);
  const width = step * share;
  const last = given.findLast((bar) => !bar.isOpen && bar.value !== null)?.value ?? null;
  const bars = given.map((bar, index) => {
    const reach = Math.max(bar.value ?? 0, last ?? 0, 0);
    return {
      ...bar,
      x: box.left + step * index + (step - width) / 2,
      width,
      y: Math.min(y(bar.value ?? 0), y(0)),
      height: Math.abs(y(bar.value ?? 0) - y(0)),
      outline: bar.isOpen ? { y: y(reach), height: y(0) - y(reach) } : null,
    };
  });
  // Before any number is known there is no scale.
  const marks = given.some((bar) => bar.value !== null) ? [low, (top + low) / 2, top, 0] : [0];
  const lines = [...new Set(marks)].map((value) => ({ value, y: y(value) }));
  return { bars, lines, watermark: watermarkAt(bars, watermark), zero: y(0) };
}

function watermarkAt(bars: readonly BarDrawn[], watermark: string | null): number | null {
  const at = watermark === null ? Number.NaN : Date.parse(watermark);
  const bar = bars.find((each) => each.isOpen && Date.parse(each.windowStart) <= at && at < Date.parse(each.windowEnd));
  if (!bar) return null;
  const [start, end] = [Date.parse(bar.windowStart), Date.parse(bar.windowEnd)];
  return bar.x + (bar.width * (at - start)) / (end - start);
}
