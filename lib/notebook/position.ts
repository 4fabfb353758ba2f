import { generateKeyBetween, generateNKeysBetween } from 'fractional-indexing';
import type { Cell } from './cell.ts';

/** Where a cell goes: beside another; at the end when neither is told, or the other is gone. */
export interface Place {
  after?: string;
  before?: string;
}

/**
 * The positions to write so that `id` stands at the place: most often its own alone. Two people who insert at one
 * spot get equal positions, and nothing fits between those: then every cell is spaced anew.
 */
export function positionsFor(id: string, cells: readonly Cell[], place: Place): Map<string, string> {
  const others = cells.filter((cell) => cell.id !== id);
  const at = indexOf(others, place);
  const key = keyBetween(others[at - 1]?.position ?? null, others[at]?.position ?? null);
  if (key) return new Map([[id, key]]);
  const ids = others.map((cell) => cell.id).toSpliced(at, 0, id);
  const keys = generateNKeysBetween(null, null, ids.length);
  return new Map(ids.map((each, index) => [each, keys[index]!]));
}

function indexOf(cells: readonly Cell[], place: Place): number {
  const after = cells.findIndex((cell) => cell.id === place.after);
  if (after >= 0) return after + 1;
  const before = cells.findIndex((cell) => cell.id === place.before);
  return before >= 0 ? before : cells.length;
}

function keyBetween(low: string | null, high: string | null): string | null {
  try {
    return generateKeyBetween(low, high);
  } catch {
    return null; // equal, reversed or malformed neighbours
  }
}
