import type { RunView } from '#lib/client/notebook/store.ts';

/** The run of a cell that has not been run. */
export const idle: RunView = {
  state: 'idle',
  why: '',
  startedAt: null,
  progress: null,
  done: null,
  error: null,
  revision: 0,
};
