import { EventEncoder } from '#kernels/events.ts';
import type { Done, KernelError, KernelEvent, Relation } from '#kernels/kernel.ts';
import type { StepPlan } from '#lib/job/plan.ts';
import { Stop, loadedOf, lost, memory } from './kernel.ts';
import type { WarehouseKernel } from './kernel.ts';
import type { Child } from './process.ts';
import { fromChild } from './protocol.ts';
import type {
  BuildRequest,
  ConvertRequest,
  ExplainRequest,
  Landed,
  LandRequest,
  Reply,
  Request,
  Written,
} from './protocol.ts';

/*
 * The tasks beside running a cell: building a job's window, converting an upload, and landing another engine's rows. Each has
 * a child of its own from the same pool, so that they wait by the same turns and obey the same limits as queries.
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

export type ExplainTask = Omit<ExplainRequest, 'task' | 'relations'> & { relations: Record<string, Relation> };

/** The plan of each step, before the engine optimises it. */
export async function explainInChild(
  kernel: WarehouseKernel,
  task: ExplainTask,
  options: TaskOptions,
): Promise<Reply<StepPlan[]>> {
  const { relations, arrow } = await loadedOf(task.relations, options.signal);
  return inChild(kernel, { ...task, task: 'explain', relations, limits: kernel.limits }, arrow, options);
}

export function convertInChild(
  kernel: WarehouseKernel,
  task: Omit<ConvertRequest, 'task'>,
  options: TaskOptions,
): Promise<Reply<Written>> {
  return inChild(kernel, { ...task, task: 'convert', limits: kernel.limits }, [], options);
}

/** Files of rows that another engine gives, as they come; `events` begins when a child is there and is left when it is gone. */
export async function landInChild(
  kernel: WarehouseKernel,
  task: Omit<LandRequest, 'task'>,
  events: (signal: AbortSignal) => AsyncIterable<KernelEvent>,
  options: TaskOptions,
): Promise<Reply<Landed & { done: Done }>> {
  let fed: Done | KernelError | null = null;
  const feeding = async (child: Child, stop: Stop) => {
    fed = await feed(child, events(stop.signal));
    if (!fed || 'code' in fed) child.kill('stopped');
  };
  const reply = await inChild<Landed>(kernel, { ...task, task: 'land', limits: kernel.limits }, [], options, feeding);
  const end = fed as Done | KernelError | null;
  if (end && 'code' in end) return failed(end);
  return reply.ok && end ? { ok: true, value: { ...reply.value, done: end } } : reply.ok ? failed(lost()) : reply;
}

/** Hands rows on until they end; gives how they ended, null when the child did not want them all. */
async function feed(child: Child, events: AsyncIterable<KernelEvent>): Promise<Done | KernelError | null> {
  const encoder = new EventEncoder();
  for await (const event of events) {
    if (!child.isAlive) return null;
    if (event.type === 'failed') return event.error;
    if (event.type === 'schema' || event.type === 'batch' || event.type === 'done')
      await child.feed(encoder.encode(event));
    if (event.type === 'done') return event;
  }
  return null;
}

async function inChild<T = Written>(
  kernel: WarehouseKernel,
  request: Request,
  arrow: Uint8Array[],
  options: TaskOptions,
  during: (child: Child, stop: Stop) => Promise<void> = async () => undefined,
): Promise<Reply<T>> {
  const stop = new Stop(options.signal, options.timeout);
  const child = await kernel.pool.take(options.person, stop.signal).catch(() => null);
  if (!child) return { ok: false, error: stop.error() ?? lost() };
  stop.stopping(child);
  try {
    await child.ask(request, arrow);
    const [reply] = await Promise.all([replyOf<T>(child, stop, options.log), during(child, stop)]);
    return reply;
  } finally {
    stop.clear();
    kernel.pool.release(child);
    await child.gone();
  }
}

export async function replyOf<T>(child: Child, stop: Stop, log?: (line: string) => void): Promise<Reply<T>> {
  const text = new TextDecoder();
  for (let frame = await child.next(); frame; frame = await child.next()) {
    if (frame.kind === fromChild.log) log?.(text.decode(frame.payload));
    if (frame.kind === fromChild.reply) return settled(JSON.parse(text.decode(frame.payload)) as Reply<T>, stop);
  }
  return failed(stop.error() ?? (child.killed === 'memory' ? memory() : lost()));
}

/** What the engine says after it was interrupted is that it was interrupted; why is known here. */
function settled<T>(reply: Reply<T>, stop: Stop): Reply<T> {
  const stopped = stop.error();
  return reply.ok || !stopped ? reply : failed(stopped);
}

function failed(error: KernelError): { ok: false; error: KernelError } {
  return { ok: false, error };
}
