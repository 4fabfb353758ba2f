import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { EventEmitter } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import os from 'node:os';
import { fileURLToPath } from 'node:url';
import { decodeFrames, frameParts } from '#kernels/frame.ts';
import type { Frame } from '#kernels/frame.ts';
import { fromChild, toChild } from './protocol.ts';
import type { Request } from './protocol.ts';

/*
 * One DuckDB child as the server sees it. It gets no environment of ours, a low priority, and is the first the kernel
 * kills when the machine runs out of memory. Its resident memory is watched, because DuckDB's own limit does not count all.
 */

const entry = fileURLToPath(new URL('child.ts', import.meta.url));
const watchEveryMs = 100;
/** Node, DuckDB's code and buffers it does not count. */
const overhead = 400 << 20;

export class Child {
  private process: ChildProcess;
  private frames: AsyncIterator<Frame>;
  private watch: ReturnType<typeof setInterval> | null = null;
  /** Why it was killed by us; null while it was not. */
  killed: 'memory' | 'stopped' | null = null;

  constructor() {
    this.process = spawn(process.execPath, [entry], {
      env: {} as NodeJS.ProcessEnv,
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    this.process.stdin!.on('error', () => this.kill('stopped'));
    this.process.on('error', () => this.kill('stopped'));
    this.frames = decodeFrames(this.process.stdout!)[Symbol.asyncIterator]();
    this.humble();
  }

  get pid(): number | undefined {
    return this.process.pid;
  }

  get isAlive(): boolean {
    return this.process.exitCode === null && this.process.signalCode === null && this.killed === null;
  }

  /** Waits until the engine is up; rejects when it could not come up. */
  async ready(): Promise<void> {
    const first = await this.frames.next();
    if (first.done || first.value.kind !== fromChild.ready) throw new Error('The DuckDB process did not start.');
  }

  async ask(request: Request, arrow: Uint8Array[] = []): Promise<void> {
    for (const ipc of arrow) await this.send(toChild.arrow, [ipc]);
    await this.send(toChild.request, [new TextEncoder().encode(JSON.stringify(request))]);
    this.guardMemory(request.limits.memory + overhead);
  }

  /** Brings more of what a request reads as it comes; waits while the process is behind. */
  async feed(parts: Uint8Array[]): Promise<void> {
    if (this.isAlive) await this.send(toChild.rows, parts);
  }

  /** The next frame; null when the process has ended or talks nonsense. */
  async next(): Promise<Frame | null> {
    try {
      const next = await this.frames.next();
      return next.done ? null : next.value;
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      return null;
    }
  }

  /** Asks the engine to stop; whether it does is not certain. */
  interrupt(): void {
    if (this.isAlive) void this.send(toChild.cancel, []);
  }

  kill(why: 'memory' | 'stopped'): void {
    this.killed ??= why;
    if (this.watch) clearInterval(this.watch);
    this.process.kill('SIGKILL');
  }

  /** Resolves when the process is gone. */
  async gone(): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null || !this.process.pid) return;
    await once(this.process, 'exit');
  }

  private async send(kind: number, payload: Uint8Array[]): Promise<void> {
    const stdin = this.process.stdin!;
    let free = true;
    stdin.cork();
    for (const part of frameParts(kind, payload)) free = stdin.write(part);
    stdin.uncork();
    if (!free && this.isAlive) await this.drained();
  }

  /** Resolves when it has read on, or is gone; who waits does not care which. */
  private async drained(): Promise<void> {
    const over = new AbortController();
    const first = (emitter: EventEmitter, event: string) =>
      once(emitter, event, { signal: over.signal }).catch(() => undefined);
    await Promise.race([first(this.process.stdin!, 'drain'), first(this.process, 'exit')]);
    over.abort();
  }

  private humble(): void {
    const pid = this.process.pid;
    if (!pid) return;
    os.setPriority(pid, 10);
    if (process.platform === 'linux') void writeFile(`/proc/${pid}/oom_score_adj`, '1000').catch(() => undefined);
  }

  private guardMemory(limit: number): void {
    if (process.platform !== 'linux' || this.watch) return;
    this.watch = setInterval(() => void this.checkMemory(limit), watchEveryMs);
    this.process.once('exit', () => clearInterval(this.watch!));
  }

  private async checkMemory(limit: number): Promise<void> {
    const statm = await readFile(`/proc/${this.process.pid}/statm`, 'utf8').catch(() => '0 0');
    if (Number(statm.split(' ')[1]) * 4096 > limit) this.kill('memory');
  }
}
