import { encodeEvents } from '#kernels/events.ts';
import type { Code, Inputs, Kernel, Relation } from '#kernels/kernel.ts';

/*
 * The page's half of page-kernel.ts: kernels by name, run for a test that lives in Node. Events and relations cross as
 * bytes, so the contract suite sees exactly what a page sees.
 */

export interface RunRequest {
  id: number;
  code: Code;
  parameters: Inputs['parameters'];
  relations: { name: string; hash: string; complete: boolean }[];
  limit: number | undefined;
  timeout: number | undefined;
  /** Stopped before it began. */
  isStopped: boolean;
}

/** What the test offers to the page. */
interface Test {
  testIpc(id: number, name: string): Promise<string>;
  /** False when the test wants no more. */
  testEvent(id: number, bytes: string): Promise<boolean>;
}

interface Bytes {
  toBase64(): string;
}

const stops = new Map<number, AbortController>();

export function offerKernels(kernels: Record<string, Kernel>): void {
  Object.assign(globalThis, {
    kernels,
    runKernel: (name: string, request: RunRequest) => runKernel(kernels[name]!, request),
    stopRun: (id: number) => stops.get(id)?.abort(),
  });
}

async function runKernel(kernel: Kernel, request: RunRequest): Promise<void> {
  const stop = new AbortController();
  stops.set(request.id, stop);
  if (request.isStopped) stop.abort();
  const inputs = { parameters: request.parameters, relations: relationsOf(request) };
  const { limit, timeout } = request;
  const events = kernel.run(request.code, inputs, {
    signal: stop.signal,
    ...(limit !== undefined && { limit }),
    ...(timeout !== undefined && { timeout }),
  });
  for await (const bytes of encodeEvents(events)) {
    if (!(await test().testEvent(request.id, toBase64(bytes)))) break;
  }
  stops.delete(request.id);
}

function relationsOf({ id, relations }: RunRequest): Record<string, Relation> {
  return Object.fromEntries(relations.map(({ name, hash, complete }) => [name, relation(id, name, hash, complete)]));
}

function relation(id: number, name: string, hash: string, complete: boolean): Relation {
  const ipc = async () => fromBase64(await test().testIpc(id, name));
  return { kind: 'arrow', hash, complete, ipc };
}

function test(): Test {
  return globalThis as unknown as Test;
}

function toBase64(bytes: Uint8Array): string {
  return (bytes as unknown as Bytes).toBase64();
}

function fromBase64(text: string): Uint8Array {
  return (Uint8Array as unknown as { fromBase64(text: string): Uint8Array }).fromBase64(text);
}
