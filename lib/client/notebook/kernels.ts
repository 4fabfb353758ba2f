import type { TrinoAbout } from '#kernels/browser.ts';
import type { Kernel, KernelError } from '#kernels/kernel.ts';
import type { LocalFile } from './store.ts';

export type EngineState = 'off' | 'starting' | 'idle' | 'running' | 'failed';

/** The browser's engine as the store uses it; kernels/browser.ts makes the real one. */
export interface BrowserEngine extends Kernel {
  start(): Promise<void>;
  addFile(name: string, file: File, progress?: (fraction: number) => void): Promise<LocalFile>;
  removeFile(name: string): Promise<void>;
  tables(): LocalFile[];
  retain(names: Iterable<string>): Promise<void>;
  memory(): Promise<number | null>;
  onState(listener: (state: EngineState) => void): () => void;
}

/** What a notebook runs on. They are given, so that tests bring small ones. */
export interface Kernels {
  browser: BrowserEngine;
  typescript: Kernel;
  warehouse: Kernel;
  /** A cluster, for one run of one cell. */
  trino(about: TrinoAbout): Kernel;
  /** The names a text in Trino's dialect reads. */
  trinoReads(source: string): Promise<string[]>;
}

export const noConnection: KernelError = {
  code: 'refused',
  message: 'No connection is chosen for this cell, so there is no cluster to ask.',
  hint: 'Choose a connection where the engine of the cell stands.',
};
