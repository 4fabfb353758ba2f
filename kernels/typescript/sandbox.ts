import type { CellMessage, FrameMessage } from './message.ts';

/*
 * The page's end of one sandbox: a hidden iframe of an opaque origin whose own policy lets nothing out (public/sandbox,
 * kernels/headers.mjs). People's code runs in workers inside it, one a run; each answers through a port of its own. The
 * frame itself runs only our code, so an end is obeyed at once; a frame that does not obey is taken away.
 */

export interface SandboxFiles {
  frame: string;
  worker: string;
}

export const ownFiles: SandboxFiles = { frame: '/sandbox/frame.html', worker: '/sandbox/worker.js' };

/** Milliseconds in which a frame must answer: when it is told to stop a run, and otherwise. */
const obeyLimit = 200;
const answerLimit = 5000;
const pingEvery = 1000;
const startLimit = 20_000;
/** Bytes of tables a frame keeps beyond those in use. */
const heldLimit = 512 * 1024 * 1024;

export class Sandbox {
  private readonly iframe: HTMLIFrameElement;
  private readonly port: MessagePort;
  private readonly held = new Map<string, number>();
  private readonly unheard: ReturnType<typeof setTimeout>[] = [];
  private readonly runs = new Map<number, () => void>();
  private readonly pulse: ReturnType<typeof setInterval>;
  private next = 1;
  isOpen = true;

  private constructor(iframe: HTMLIFrameElement, port: MessagePort) {
    this.iframe = iframe;
    this.port = port;
    port.addEventListener('message', () => clearTimeout(this.unheard.shift()));
    this.pulse = setInterval(() => {
      if (this.runs.size > 0) this.send({ type: 'ping' });
    }, pingEvery);
  }

  /** Loads the frame and has a worker warm in it. Rejects when that fails. */
  static async open(files: SandboxFiles): Promise<Sandbox> {
    const code = await workerCode(files.worker);
    const iframe = makeFrame(files.frame);
    try {
      await within(
        startLimit,
        once(iframe, 'load', () => document.body.append(iframe)),
      );
      const { port1, port2 } = new MessageChannel();
      const ready = once(port1, 'message', () => port1.start());
      iframe.contentWindow!.postMessage({ code }, '*', [port2]);
      await within(startLimit, ready);
      return new Sandbox(iframe, port1);
    } catch (error) {
      iframe.remove();
      throw error;
    }
  }

  holds(hash: string): boolean {
    return this.held.has(hash);
  }

  /** Gives a table to the frame, once; `using` are hashes that must stay. */
  hold(hash: string, ipc: Uint8Array, using: Set<string>): void {
    this.send({ type: 'hold', hash, ipc });
    this.held.set(hash, ipc.byteLength);
    for (const old of this.held.keys()) {
      if (this.heldBytes() <= heldLimit) return;
      if (using.has(old)) continue;
      this.held.delete(old);
      this.send({ type: 'drop', hash: old });
    }
  }

  /** Starts a run; its messages come through the port, unchecked. `onLost` is called when the sandbox dies under it. */
  start(
    cell: CellMessage,
    relations: { name: string; hash: string; complete: boolean }[],
    onLost: () => void,
  ): { run: number; port: MessagePort } {
    const run = this.next++;
    const { port1, port2 } = new MessageChannel();
    this.runs.set(run, onLost);
    this.send({ type: 'start', run, cell, relations }, { transfer: [port2] });
    return { run, port: port1 };
  }

  /** Ends a run's worker, whatever it is doing; at once where it `mustStop`. */
  end(run: number, mustStop: boolean): void {
    this.runs.delete(run);
    this.send({ type: 'end', run }, { within: mustStop ? obeyLimit : answerLimit });
  }

  /** Takes the frame away, and every run in it. */
  close(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    clearInterval(this.pulse);
    for (const clock of this.unheard) clearTimeout(clock);
    this.port.close();
    this.iframe.remove();
    for (const lost of this.runs.values()) lost();
  }

  private heldBytes(): number {
    return [...this.held.values()].reduce((sum, bytes) => sum + bytes, 0);
  }

  /** The frame says that it heard each message, in order; one that does not in time is dead. */
  private send(
    message: FrameMessage,
    { transfer = [], within = answerLimit }: { transfer?: Transferable[]; within?: number } = {},
  ) {
    if (!this.isOpen) return;
    this.unheard.push(setTimeout(() => this.close(), within));
    this.port.postMessage(message, transfer);
  }
}

function makeFrame(url: string): HTMLIFrameElement {
  const iframe = document.createElement('iframe');
  iframe.setAttribute('sandbox', 'allow-scripts');
  iframe.setAttribute('aria-hidden', 'true');
  iframe.tabIndex = -1;
  iframe.hidden = true;
  iframe.src = url;
  return iframe;
}

async function workerCode(url: string): Promise<string> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answered ${response.status}.`);
  return response.text();
}

function once(target: EventTarget, type: string, begin: () => void): Promise<void> {
  return new Promise((resolve) => {
    target.addEventListener(type, () => resolve(), { once: true });
    begin();
  });
}

async function within(limit: number, promise: Promise<void>): Promise<void> {
  let clock: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    clock = setTimeout(() => reject(new Error(`The sandbox did not start within ${limit / 1000} s.`)), limit);
  });
  await Promise.race([promise, late]).finally(() => clearTimeout(clock));
}
