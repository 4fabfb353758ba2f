import type { Done, Kernel, KernelError, KernelEvent, RunOptions } from '#kernels/kernel.ts';
import type { Code, Inputs } from '#kernels/kernel.ts';
import type { IoPlan, Trino, TrinoRunOptions } from '#kernels/server.ts';
import type { ConnectionLimits } from '#lib/connection/settings.ts';
import { formatBytes, formatDuration, groupDigits } from '#lib/table/format.ts';

/*
 * The limits of a connection on one run, each with words that name the limit, its value and who can change it. How many run
 * at a time is in-turn.ts's.
 */

export interface Limited {
  /** The connection's name. */
  name: string;
  limits: ConnectionLimits;
}

/** What a run is given: what was asked for, as far as the limits let it. */
export function withinLimits({ limits }: Limited, options: RunOptions): TrinoRunOptions {
  const time = limits.time * 1000;
  return {
    ...options,
    limit: Math.min(options.limit ?? limits.rows, limits.rows),
    timeout: Math.min(options.timeout ?? time, time),
    resultBytes: limits.resultBytes,
    scanBytes: limits.scanBytes,
  };
}

/** A kernel whose runs keep to the limits, and that says so when one was met. */
export function limitedKernel(kernel: Kernel, limited: Limited): Kernel {
  return {
    engine: kernel.engine,
    reads: (source) => kernel.reads(source),
    run: async function* (code, inputs, options) {
      const given = withinLimits(limited, options);
      for await (const event of kernel.run(code, inputs, given)) yield inWords(limited, given, options, event);
    },
    close: () => kernel.close(),
  };
}

/** Refuses before it runs what would read more than may be read, where the cluster's own estimate says so. */
export function scanChecked(
  kernel: Trino,
  limited: Limited,
  plan: (code: Code, inputs: Inputs, signal: AbortSignal) => Promise<IoPlan>,
): Trino {
  const most = limited.limits.scanBytes;
  if (most === null) return kernel;
  return {
    engine: kernel.engine,
    reads: (source) => kernel.reads(source),
    run: async function* (code, inputs, options) {
      const bytes = await estimated(plan(code, inputs, options.signal));
      if (bytes > most) yield { type: 'failed', error: wouldRead(limited, bytes) };
      else yield* kernel.run(code, inputs, options);
    },
    close: () => kernel.close(),
  };
}

/** Bytes of the tables whose size is known; 0 for what cannot be planned, which the run says better. */
async function estimated(plan: Promise<IoPlan>): Promise<number> {
  const found = await plan.catch(() => null);
  return found?.tables.reduce((sum, table) => sum + (table.bytes ?? 0), 0) ?? 0;
}

function inWords(limited: Limited, given: TrinoRunOptions, asked: RunOptions, event: KernelEvent): KernelEvent {
  if (event.type === 'done' && !event.complete) return withReason(limited, asked, event);
  if (event.type !== 'failed') return event;
  if (event.error.code === 'timeout' && given.timeout === limited.limits.time * 1000)
    return { type: 'failed', error: tookLonger(limited, event.error) };
  return event;
}

/** Why the rows end where they do, unless the asker wanted no more. */
function withReason({ name, limits }: Limited, asked: RunOptions, done: Done): Done {
  if (asked.limit !== undefined && asked.limit <= limits.rows && done.rows >= asked.limit) return done;
  const rows = `${groupDigits(String(limits.rows))} rows`;
  const most = done.rows >= limits.rows ? rows : formatBytes(limits.resultBytes);
  const reason = `Cut at ${most}, the most that ${name} gives of one answer. ${changers}`;
  return { ...done, warnings: [...(done.warnings ?? []), reason] };
}

function tookLonger({ name, limits }: Limited, error: KernelError): KernelError {
  const time = formatDuration(limits.time * 1000);
  const hint = `Read less: filter by the partition column, or take fewer columns. ${changers}`;
  return { ...error, message: `Stopped after ${time}, the longest that a query may take on ${name}.`, hint };
}

function wouldRead({ name, limits }: Limited, bytes: number): KernelError {
  const most = formatBytes(limits.scanBytes ?? 0);
  return {
    code: 'refused',
    message: `It would read about ${formatBytes(bytes)}, and a query on ${name} may read ${most}. It was not run.`,
    hint: `Filter by the partition column, or take fewer columns. ${changers}`,
  };
}

const changers = 'An owner of the project can change this on the connection’s page.';
