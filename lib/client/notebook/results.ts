import type { LiveResult } from './result.ts';

/**
 * The rows of each cell. A new result is shown as it comes in; when its run fails, what was there before is back, but
 * for a cell that said something on the way: its last words explain the failure. Others read settled results only.
 */
export class Results {
  private readonly entries = new Map<string, { settled: LiveResult | null; shown: LiveResult | null; key: string }>();

  /** What people see. */
  shown(id: string): LiveResult | null {
    return this.entries.get(id)?.shown ?? null;
  }

  /** What other cells read, with a key that names this very result. */
  settled(id: string): { result: LiveResult; key: string } | null {
    const entry = this.entries.get(id);
    return entry?.settled ? { result: entry.settled, key: entry.key } : null;
  }

  show(id: string, live: LiveResult): void {
    this.entries.set(id, { ...(this.entries.get(id) ?? { settled: null, key: '' }), shown: live });
  }

  settle(id: string, live: LiveResult, key: string): void {
    this.entries.set(id, { settled: live, shown: live, key });
  }

  drop(id: string, live: LiveResult): void {
    const entry = this.entries.get(id);
    if (entry && live.logs.length === 0) entry.shown = entry.settled;
  }

  retain(ids: ReadonlySet<string>): void {
    for (const id of this.entries.keys()) if (!ids.has(id)) this.entries.delete(id);
  }
}
