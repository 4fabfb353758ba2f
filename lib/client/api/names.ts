import { call, type Answer } from '#lib/client/call.ts';

/** Something of a project that has a page, by what people call it. */
export interface Named {
  kind: 'notebook' | 'dataset' | 'stream' | 'job';
  id: string;
  name: string;
}

export function listNames(projectId: string, signal?: AbortSignal): Promise<Answer<{ items: Named[] }>> {
  return call('GET', `/api/projects/${projectId}/names`, undefined, signal);
}
