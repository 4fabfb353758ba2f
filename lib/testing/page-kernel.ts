import type { Page } from 'playwright-core';
import { decodeEvents } from '#kernels/events.ts';
import type { Code, Inputs, Kernel, KernelEvent, RunOptions } from '#kernels/kernel.ts';
import type { RunRequest } from './kernel-page.ts';

/** A kernel that lives in a Chromium page (kernel-page.ts), as a kernel in this process. */
export async function pageKernel(page: Page, name: string): Promise<Kernel> {
  const hub = await hubOf(page);
  const call = <T>(method: string, ...given: unknown[]) =>
    page.evaluate(([name, method, given]) => (globalThis as unknown as PageGlobals).kernels[name]![method]!(...given), [
      name,
      method,
      given,
    ] as const) as Promise<T>;
  return {
    engine: await page.evaluate((name) => (globalThis as unknown as PageGlobals).kernels[name]!.engine, name),
    reads: (source) => call<string[]>('reads', source),
    run: (code, inputs, options) => hub.run(name, code, inputs, options),
    close: () => call<void>('close'),
  };
}

interface PageGlobals {
  kernels: Record<string, Kernel & Record<string, (...given: unknown[]) => unknown>>;
  runKernel(name: string, request: RunRequest): Promise<void>;
  stopRun(id: number): void;
}

const hubs = new WeakMap<Page, Promise<Hub>>();

function hubOf(page: Page): Promise<Hub> {
  const hub = hubs.get(page) ?? Hub.open(page);
  hubs.set(page, hub);
  return hub;
}

/** The runs of one page, by number. */
class Hub {
  private readonly runs = new Map<number, PageRun>();
  private next = 1;
  private readonly page: Page;

  private constructor(page: Page) {
    this.page = page;
  }

  static async open(page: Page): Promise<Hub> {
    const hub = new Hub(page);
    await page.exposeFunction('testEvent', (id: number, bytes: string) => hub.runs.get(id)?.push(bytes) ?? false);
    await page.exposeFunction('testIpc', (id: number, name: string) => hub.runs.get(id)?.ipc(name) ?? '');
    return hub;
  }

  async *run(name: string, code: Code, inputs: Inputs, options: RunOptions): AsyncGenerator<KernelEvent> {
    const id = this.next++;
    const run = new PageRun(inputs);
    this.runs.set(id, run);
    const stop = () => void this.page.evaluate((id) => (globalThis as unknown as PageGlobals).stopRun(id), id);
    options.signal.addEventListener('abort', stop);
    const request = { ...requestOf(id, code, inputs, options), isStopped: options.signal.aborted };
    const ended = this.page
      .evaluate(([name, request]) => (globalThis as unknown as PageGlobals).runKernel(name, request), [
        name,
        request,
      ] as const)
      .finally(() => run.end());
    try {
      yield* decodeEvents(run.chunks());
    } finally {
      options.signal.removeEventListener('abort', stop);
      run.leave();
      await ended;
      this.runs.delete(id);
    }
  }
}

function requestOf(
  id: number,
  code: Code,
  { parameters, relations }: Inputs,
  { limit, timeout }: RunOptions,
): Omit<RunRequest, 'isStopped'> {
  const named = Object.entries(relations).map(([name, { hash, complete }]) => ({ name, hash, complete }));
  return { id, code, parameters, relations: named, limit, timeout };
}

/** Bytes on their way from the page, one piece at a time: the page waits until a piece was taken. */
class PageRun {
  private readonly inputs: Inputs;
  private readonly waiting: { bytes: Uint8Array; taken: (goOn: boolean) => void }[] = [];
  private wake: () => void = () => undefined;
  private isOver = false;

  constructor(inputs: Inputs) {
    this.inputs = inputs;
  }

  push(text: string): Promise<boolean> | false {
    if (this.isOver) return false;
    return new Promise((taken) => {
      this.waiting.push({ bytes: Uint8Array.from(Buffer.from(text, 'base64')), taken });
      this.wake();
    });
  }

  async ipc(name: string): Promise<string> {
    const relation = this.inputs.relations[name];
    if (relation?.kind !== 'arrow') throw new Error(`${name} is no Arrow relation.`);
    return Buffer.from(await relation.ipc()).toString('base64');
  }

  async *chunks(): AsyncGenerator<Uint8Array> {
    while (!this.isOver || this.waiting.length > 0) {
      const piece = this.waiting.shift();
      if (piece) {
        piece.taken(true);
        yield piece.bytes;
      } else await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }

  end(): void {
    this.isOver = true;
    this.wake();
  }

  leave(): void {
    this.end();
    for (const { taken } of this.waiting.splice(0)) taken(false);
  }
}
