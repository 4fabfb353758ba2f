import { call, type Answer } from '#lib/client/call.ts';
import type { DatasetEntry } from '#lib/client/notebook/store.ts';

export interface Slice<T> {
  items: T[];
  /** Cursor of the following part, null at the end. */
  next: string | null;
}

/** All datasets of a project, part after part; the first refusal ends it. */
export async function listDatasets(projectId: string): Promise<Answer<DatasetEntry[]>> {
  const all: DatasetEntry[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const query: string = cursor ? `?limit=200&cursor=${encodeURIComponent(cursor)}` : '?limit=200';
    const answer: Answer<Slice<DatasetEntry>> = await call('GET', `/api/projects/${projectId}/datasets${query}`);
    if (!answer.ok) return answer;
    all.push(...answer.value.items);
    cursor = answer.value.next;
  }
  return { ok: true, value: all };
}
