import { size, took, whole } from '#components/parts/words.ts';
import type { CellType, Engine } from '#lib/notebook/cell.ts';
import type { IconName } from '#components/parts/icon.tsx';

export const engineWords: Record<Engine, { label: string; icon: IconName }> = {
  browser: { label: 'Browser', icon: 'app-window' },
  warehouse: { label: 'Warehouse', icon: 'database' },
  trino: { label: 'Trino', icon: 'server' },
  typescript: { label: 'TypeScript', icon: 'braces' },
};

export const typeWords: Record<CellType, { label: string; icon: IconName }> = {
  sql: { label: 'SQL', icon: 'database' },
  typescript: { label: 'TypeScript', icon: 'braces' },
  markdown: { label: 'Text', icon: 'text' },
  chart: { label: 'Chart', icon: 'chart-line' },
  input: { label: 'Input', icon: 'sliders-horizontal' },
};

/** How long a run took: `6 ms`, `1.84 s`. */
export function tookWords(milliseconds: number): string {
  const { value, unit } = took(milliseconds);
  return `${value} ${unit}`;
}

/** The time of what is running: `0:23`. */
export function counting(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  const minutes = Math.floor(seconds / 60);
  return `${minutes}:${String(seconds % 60).padStart(2, '0')}`;
}

/** Large counts in a progress line: `93.2 M`, `412`. */
export function aboutRows(rows: number): string {
  if (rows < 1e5) return whole(rows);
  if (rows < 1e6) return `${Math.round(rows / 1e3)} k`;
  return rows < 1e9 ? `${(rows / 1e6).toFixed(1)} M` : `${(rows / 1e9).toFixed(2)} B`;
}

export function bytesWords(bytes: number): string {
  const { value, unit } = size(bytes);
  return `${value} ${unit}`;
}

/** Time left by what is done: nothing in the first ten seconds. */
export function leftWords(elapsed: number, fraction: number | undefined): string | null {
  if (elapsed < 10_000 || !fraction || fraction <= 0.02) return null;
  const left = (elapsed / fraction) * (1 - fraction);
  return left < 90_000 ? `about ${Math.ceil(left / 1000)} s` : `about ${Math.ceil(left / 60_000)} min`;
}

/** A list as it is said: `a`, `a and b`, `a, b and c`. */
export function listed(names: readonly string[]): string {
  if (names.length < 2) return names[0] ?? '';
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
