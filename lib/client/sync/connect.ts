import * as decoding from 'lib0/decoding';
import { Awareness } from 'y-protocols/awareness';
import { WebsocketProvider } from 'y-websocket';
import type { Doc } from 'yjs';
import type { SyncState } from '#lib/client/notebook/store.ts';
import { barrierType, encodeBarrier, readBarrier } from '#lib/notebook/barrier.ts';
import { finalWords } from '#lib/notebook/close-codes.ts';
import { watchNetwork } from './network.ts';
import { applySync, startSync, toSyncState, type SyncEvent } from './pending.ts';
import { askWhyRefused } from './refusal.ts';

/*
 * One notebook's line to the server: the stock y-websocket provider, and beside it the honest answer to "is what I typed
 * safe?". It adds one message to the provider, the barrier (lib/notebook/barrier.ts), and changes nothing else. Tabs
 * do not talk to each other past the server (disableBc), so what is shown is what the server has.
 */

export interface Connection {
  provider: WebsocketProvider;
  awareness: Awareness;
  state(): SyncState;
  /** Called after every change of state(). Returns how to stop. */
  subscribe(listener: () => void): () => void;
  /** Leaves; the document stays as it is. */
  close(): void;
}

export interface ConnectParts {
  /** `wss://host/collaboration` */
  url: string;
  notebookId: string;
  doc: Doc;
  awareness?: Awareness;
  /** For other places than browsers. */
  WebSocket?: typeof globalThis.WebSocket;
  /** Why the server does not let us in, in words, or null when it may yet. Asked when a line breaks before it opens. */
  whyRefused?: () => Promise<string | null>;
  now?: () => number;
  /** A barrier not answered for so long means the line is dead without knowing it. */
  patienceMs?: number;
}

const permissionDenied = 2;

export function connectNotebook(parts: ConnectParts): Connection {
  const { doc, notebookId, now = Date.now, patienceMs = 10_000 } = parts;
  const whyRefused = parts.whyRefused ?? (() => askWhyRefused(notebookId));
  const awareness = parts.awareness ?? new Awareness(doc);
  const provider = new WebsocketProvider(parts.url, notebookId, doc, {
    awareness,
    connect: false,
    disableBc: true,
    ...(parts.WebSocket ? { WebSocketPolyfill: parts.WebSocket } : {}),
    shouldReconnect: (event) => finalWords(event.code) === null,
  });
  const listeners = new Set<() => void>();
  let sync = startSync;
  let shown = toSyncState(sync);
  let impatience: ReturnType<typeof setTimeout> | undefined;
  let wasOpen = false;
  let isClosed = false;

  function feed(event: SyncEvent): void {
    const next = applySync(sync, event);
    sync = next.sync;
    if (next.barrier !== null) ask(next.barrier);
    if (sync.asked === null) clearTimeout(impatience);
    shown = toSyncState(sync);
    for (const listener of listeners) listener();
  }

  function ask(n: number): void {
    provider.ws?.send(encodeBarrier(n));
    clearTimeout(impatience);
    impatience = setTimeout(() => provider.ws?.close(), patienceMs);
  }

  function refuse(reason: string): void {
    feed({ type: 'refused', reason });
    provider.disconnect();
  }

  async function lineClosed(): Promise<void> {
    const neverOpened = !wasOpen;
    wasOpen = false;
    if (isClosed) return;
    feed({ type: 'down' });
    const reason = neverOpened ? await whyRefused() : null;
    if (reason !== null && !isClosed) refuse(reason);
  }

  const onUpdate = (_update: Uint8Array, origin: unknown) => {
    if (origin !== provider) feed({ type: 'edited' });
  };

  provider.messageHandlers[barrierType] = (_encoder, decoder) =>
    feed({ type: 'answered', n: readBarrier(decoder), at: now() });
  provider.messageHandlers[permissionDenied] = (_encoder, decoder) => {
    decoding.readVarUint(decoder);
    refuse(decoding.readVarString(decoder));
  };
  provider.on('status', ({ status }) => {
    if (status === 'connected') wasOpen = true;
  });
  provider.on('sync', (isSynced) => {
    if (isSynced) feed({ type: 'synced' });
  });
  provider.on('connection-close', () => void lineClosed());
  provider.on('closed', ({ code }) => refuse(finalWords(code) ?? 'The server closed this notebook. Reload the page.'));
  // After the provider's own listener, so that an edit is sent before the barrier that asks for it.
  doc.on('update', onUpdate);
  provider.connect();
  const unwatch = watchNetwork({
    offline: () => provider.disconnect(),
    online: () => sync.line !== 'refused' && provider.connect(),
  });

  return {
    provider,
    awareness,
    state: () => shown,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close: () => {
      isClosed = true;
      clearTimeout(impatience);
      unwatch();
      doc.off('update', onUpdate);
      provider.destroy();
      if (!parts.awareness) awareness.destroy();
    },
  };
}
