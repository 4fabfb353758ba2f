// A thread has no origin: oxlint takes its port for a window.
/* oxlint-disable unicorn/require-post-message-target-origin */
import { parentPort, workerData } from 'node:worker_threads';
import * as Y from 'yjs';

/** The thread of trial.ts: applies an update to a copy, and may be stopped at any moment. */
const { state, update } = workerData as { state: Uint8Array; update: Uint8Array };
const doc = new Y.Doc();
Y.applyUpdate(doc, state);
parentPort?.postMessage('started');
Y.applyUpdate(doc, update);
parentPort?.postMessage('done');
