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

/**
 * Files of rows that another engine gives, as they come. That engine's turn comes first: no child is held for rows that wait
 * for theirs. `events` is left when the child is gone.
 */
export async function landInChild(
  kernel: WarehouseKernel,
  task: Omit<LandRequest, 'task'>,
  events: (signal: AbortSignal) => AsyncIterable<KernelEvent>,
  options: TaskOptions,
): Promise<Reply<Landed & { done: Done }>> {
  const leaving = new AbortController();
  const rows = events(AbortSignal.any([options.signal, leaving.signal]))[Symbol.asyncIterator]();
  let fed: Done | KernelError | null = null;
  const feeding = async (child: Child, stop: Stop, first: IteratorResult<KernelEvent>) => {
    stop.signal.addEventListener('abort', () => leaving.abort(), { once: true });
    fed = await feed(child, first, rows);
    if (!fed || 'code' in fed) child.kill('stopped');
  };
  try {
    const first = await afterTurn(rows);
    if (!first.done && first.value.type === 'failed') return failed(first.value.error);
    const request: Request = { ...task, task: 'land', limits: kernel.limits };
    const reply = await inChild<Landed>(kernel, request, [], options, (child, stop) => feeding(child, stop, first));
    const end = fed as Done | KernelError | null;
    if (end && 'code' in end) return failed(end);
    return reply.ok && end ? { ok: true, value: { ...reply.value, done: end } } : reply.ok ? failed(lost()) : reply;
  } finally {
    leaving.abort();
    await rows.return?.();
  }
}

/** The first event of a query that has its turn. */
async function afterTurn(rows: AsyncIterator<KernelEvent>): Promise<IteratorResult<KernelEvent>> {
  for (;;) {
    const next = await rows.next();
    if (next.done || next.value.type !== 'progress' || (next.value.cluster?.before ?? null) === null) return next;
  }
}

/** Hands rows on until they end; gives how they ended, null when the child did not want them all. */
async function feed(
  child: Child,
  first: IteratorResult<KernelEvent>,
  rows: AsyncIterator<KernelEvent>,
): Promise<Done | KernelError | null> {
  const encoder = new EventEncoder();
  for (let next = first; !next.done; next = await rows.next()) {
    const event = next.value;
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

async function replyOf<T>(child: Child, stop: Stop, log?: (line: string) => void): Promise<Reply<T>> {
  const first = await repliesOf<T>(child, stop, log).next();
  return first.done ? failed(lost()) : first.value;
}

/** Until the child is ready for another request: then true. That it is gone is its last reply. */
export async function* repliesOf<T>(
  child: Child,
  stop: Stop,
  log?: (line: string) => void,
): AsyncGenerator<Reply<T>, boolean> {
  const text = new TextDecoder();
  for (let frame = await child.next(); frame; frame = await child.next()) {
    if (frame.kind === fromChild.ready) return true;
    if (frame.kind === fromChild.log) log?.(text.decode(frame.payload));
    if (frame.kind === fromChild.reply) yield settled(JSON.parse(text.decode(frame.payload)) as Reply<T>, stop);
  }
  yield failed(stop.error() ?? (child.killed === 'memory' ? memory() : lost()));
  return false;
}

/** What the engine says after it was interrupted is that it was interrupted; why is known here. */
function settled<T>(reply: Reply<T>, stop: Stop): Reply<T> {
  const stopped = stop.error();
  return reply.ok || !stopped ? reply : failed(stopped);
}

function failed(error: KernelError): { ok: false; error: KernelError } {
  return { ok: false, error };
}
