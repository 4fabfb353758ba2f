import { call } from './call.ts';

/** What `/api/health` says, and how long it took to say it. */
export interface Health {
  status: string;
  version: string;
  services: Record<string, string>;
  /** Milliseconds there and back. */
  took: number;
}

export async function readHealth(signal?: AbortSignal): Promise<Health | null> {
  const start = performance.now();
  const answer = await call<Omit<Health, 'took'>>('GET', '/api/health', undefined, signal);
  return answer.ok ? { ...answer.value, took: performance.now() - start } : null;
}
