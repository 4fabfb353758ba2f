import { KernelFailure } from '#kernels/failure.ts';
import type { TrinoTarget } from './target.ts';
import { Wire } from './wire.ts';

/** Stops what an address from onStopAt names, also one that an earlier process noted. Rejects with KernelFailure. */
export function stopQuery(target: TrinoTarget, stopAt: string): Promise<void> {
  return stopAddress(new Wire(target), stopAt);
}

/**
 * Ends a query by the address of its next page. Where the cluster has forgotten the address, or it leads elsewhere, the query
 * is ended by its id, which the cluster may forbid; that it is over already is what was wanted.
 */
export async function stopAddress(wire: Wire, address: string): Promise<void> {
  const id = queryOf(address);
  try {
    const status = await wire.delete(address);
    if (status < 300) return;
  } catch (error) {
    if (id === null || !(error instanceof KernelFailure) || error.error.code !== 'refused') throw error;
  }
  if (id === null) return;
  await wire.delete(new URL(`v1/query/${id}`, wire.base).href);
}

/** Which query an address belongs to; null for an address of another form. */
export function queryOf(address: string): string | null {
  return /\/v1\/statement\/(?:queued|executing)\/([A-Za-z0-9_-]+)\//.exec(address)?.[1] ?? null;
}
