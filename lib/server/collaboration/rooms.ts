import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Doc } from 'yjs';

/**
 * The open notebooks of this process. A room is one Y.Doc with its sockets; updates are appended to Postgres in group
 * commits, then broadcast and acknowledged. Speaks the y-websocket wire protocol: any stock client connects to
 * `/collaboration/{notebookId}`.
 */
export interface Rooms {
  /** Takes a websocket upgrade on `/collaboration/…`; checks Origin, session and right before the handshake. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Reads a notebook's document, live or from the store. The doc must not be changed or kept. */
  read<T>(notebookId: string, reader: (doc: Doc) => T): Promise<T>;
  /** Edits on the server (HTTP, seeds). Resolves once stored; open sockets see it. */
  edit(notebookId: string, userId: string | null, change: (doc: Doc) => void): Promise<void>;
  /** Rights of a person, or a session, changed: their sockets are checked again at once. */
  recheck(who: { userId?: string; projectId?: string; sessionId?: string }): Promise<void>;
  stats(): { rooms: number; sockets: number };
  /** Stops taking frames, stores what is queued, closes sockets. */
  drain(): Promise<void>;
}
