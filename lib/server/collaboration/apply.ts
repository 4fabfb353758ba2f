import * as Y from 'yjs';

export interface Applied<E> {
  /** False when an update threw half-way: the document is then not to be trusted. */
  sound: boolean;
  entries: E[];
  data: Uint8Array[];
}

export interface Report<E> {
  /** It threw. */
  blame(entry: E, error: unknown): void;
  /** What it cost, in ms. */
  took(entry: E, ms: number): void;
}

/**
 * Yjs itself says what is new in a transaction, without what the document knew. While it waits for updates that are
 * missing it does not say, so then all are merged as they came.
 */
export function applyAll<E extends { update: Uint8Array }>(
  doc: Y.Doc,
  entries: readonly E[],
  report: Report<E>,
): Applied<E> {
  const good: E[] = [];
  const news: Uint8Array[] = [];
  const waited = isWaiting(doc);
  const listen = (update: Uint8Array) => news.push(update);
  doc.on('update', listen);
  doc.transact(() => {
    for (const entry of entries) applyOne(doc, entry, good, report);
  });
  doc.off('update', listen);
  const sound = good.length === entries.length;
  const data = waited || isWaiting(doc) || !sound ? merge(good.map((entry) => entry.update)) : news;
  return { sound, entries: good, data };
}

function applyOne<E extends { update: Uint8Array }>(doc: Y.Doc, entry: E, good: E[], report: Report<E>): void {
  const started = performance.now();
  try {
    Y.applyUpdate(doc, entry.update);
    good.push(entry);
  } catch (error) {
    report.blame(entry, error);
  }
  report.took(entry, performance.now() - started);
}

function isWaiting(doc: Y.Doc): boolean {
  return doc.store.pendingStructs !== null || doc.store.pendingDs !== null;
}

function merge(updates: Uint8Array[]): Uint8Array[] {
  return updates.length > 1 ? [Y.mergeUpdates(updates)] : updates;
}
