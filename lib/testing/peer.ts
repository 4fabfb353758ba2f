import WebSocket from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { barrierType, encodeBarrier, readBarrier } from '#lib/notebook/barrier.ts';
import { until } from './until.ts';

/*
 * A colleague in a test: the stock y-websocket client, unchanged, over `ws`. `stored()` is the one thing that is ours.
 */
export interface Peer {
  doc: Y.Doc;
  provider: WebsocketProvider;
  /** The shared text most tests write in. */
  text: Y.Text;
  read(): string;
  /** Adds at the end. */
  type(letters: string): void;
  synced(): Promise<void>;
  /** Resolves when the server said that all of this peer's edits are stored. */
  stored(): Promise<void>;
  closed(): Promise<{ code: number }>;
  close(): void;
}

export interface PeerParts {
  /** `ws://host:port/collaboration` */
  url: string;
  notebookId: string;
  headers?: Record<string, string>;
  doc?: Y.Doc;
  maxBackoffTime?: number;
}

let barriers = 0;
// Each stock provider listens for the end of the process.
process.setMaxListeners(0);

export function openPeer({ url, notebookId, headers = {}, doc = new Y.Doc(), maxBackoffTime = 100 }: PeerParts): Peer {
  const provider = new WebsocketProvider(url, notebookId, doc, {
    WebSocketPolyfill: withHeaders(headers),
    disableBc: true,
    maxBackoffTime,
  });
  const answered = new Map<number, () => void>();
  provider.messageHandlers[barrierType] = (_encoder, decoder) => answered.get(readBarrier(decoder))?.();
  const closed = new Promise<{ code: number }>((resolve) => provider.on('closed', resolve));
  const text = doc.getText('t');

  /** A barrier is lost with its line, so it is sent again on the next. */
  async function stored(): Promise<void> {
    let isStored = false;
    let sentOn: unknown = null;
    const n = (barriers += 1);
    answered.set(n, () => (isStored = true));
    await until(() => {
      if (provider.synced && provider.ws !== sentOn) {
        sentOn = provider.ws;
        provider.ws?.send(encodeBarrier(n));
      }
      return isStored;
    }, 'the server says it is stored');
    answered.delete(n);
  }

  return {
    doc,
    provider,
    text,
    read: () => text.toString(),
    type: (letters) => text.insert(text.length, letters),
    synced: () => until(() => provider.synced, 'the peer is synced'),
    stored,
    closed: () => closed,
    close: () => {
      provider.destroy();
      provider.awareness.destroy();
      doc.destroy();
    },
  };
}

/** `ws` with request headers, in the shape the provider makes sockets. */
export function withHeaders(headers: Record<string, string>): typeof globalThis.WebSocket {
  return class extends WebSocket {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols, { headers });
    }
  } as unknown as typeof globalThis.WebSocket;
}
