import type { KernelError, Relation } from '#kernels/kernel.ts';
import { Stop, loadedOf, lost, memory } from './kernel.ts';
import type { WarehouseKernel } from './kernel.ts';
import type { Child } from './process.ts';
import { fromChild } from './protocol.ts';
import type { BuildRequest, ConvertRequest, Reply, Request, Written } from './protocol.ts';

/*
 * The tasks beside running a cell: building a job's window and converting an upload. Each has a child of its own from the
 * same pool, so that they wait by the same turns and obey the same limits as queries.
 */

export interface TaskOptions {
  signal: AbortSignal;
  /** Wall clock, ms. */
  timeout: number;
  /** Whose turn it takes. */
  person: string;
  log?(line: string): void;
}

export type BuildTask = Omit<BuildRequest, 'task' | 'relations'> & { relations: Record<string, Relation> };

export async function buildInChild(
  kernel: WarehouseKernel,
  task: BuildTask,
  options: TaskOptions,
): Promise<Reply<Written>> {
  const { relations, arrow } = await loadedOf(task.relations, options.signal);
  return inChild(kernel, { ...task, task: 'build', relations, limits: kernel.limits }, arrow, options);
}

export function convertInChild(
  kernel: WarehouseKernel,
  task: Omit<ConvertRequest, 'task'>,
  options: TaskOptions,
): Promise<Reply<Written>> {
  return inChild(kernel, { ...task, task: 'convert', limits: kernel.limits }, [], options);
}

async function inChild(
  kernel: WarehouseKernel,
  request: Request,
  arrow: Uint8Array[],
  options: TaskOptions,
): Promise<Reply<Written>> {
  const stop = new Stop(options.signal, options.timeout);
  const child = await kernel.pool.take(options.person, stop.signal).catch(() => null);
  if (!child) return { ok: false, error: stop.error() ?? lost() };
  stop.stopping(child);
  try {
    await child.ask(request, arrow);
    return await replyOf(child, stop, options.log);
  } finally {
    stop.clear();
    kernel.pool.release(child);
    await child.gone();
  }
}

async function replyOf(child: Child, stop: Stop, log?: (line: string) => void): Promise<Reply<Written>> {
  const text = new TextDecoder();
  for (let frame = await child.next(); frame; frame = await child.next()) {
    if (frame.kind === fromChild.log) log?.(text.decode(frame.payload));
    if (frame.kind === fromChild.reply) return settled(JSON.parse(text.decode(frame.payload)) as Reply<Written>, stop);
  }
  return failed(stop.error() ?? (child.killed === 'memory' ? memory() : lost()));
}

/** What the engine says after it was interrupted is that it was interrupted; why is known here. */
function settled(reply: Reply<Written>, stop: Stop): Reply<Written> {
  const stopped = stop.error();
  return reply.ok || !stopped ? reply : failed(stopped);
}

function failed(error: KernelError): Reply<Written> {
  return { ok: false, error };
}
