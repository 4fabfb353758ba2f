import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import { WebSocketServer } from 'ws';
import { CloseCode } from '#lib/notebook/close-codes.ts';
import type { Actor } from '#lib/server/access.ts';
import type { ExecuteSql } from '#lib/server/database/open.ts';
import { Problem } from '#lib/server/problem.ts';
import type { Keeper } from './keeper.ts';
import type { Limits } from './limits.ts';
import { mayComeFrom } from './origin.ts';
import type { Room } from './room.ts';
import { Seat } from './seat.ts';
import { createTrial } from './trial.ts';
import { readStandings, type Standing } from './standing.ts';

/*
 * The door of the rooms. Everything is asked before the handshake (path, origin, session, right), so a stranger costs
 * one HTTP answer: no websocket, no room, no queue. Only so many may be asked at one time.
 */
export interface DoorParts {
  keeper: Keeper;
  executeSql: ExecuteSql;
  log: Logger;
  limits: Limits;
  now(): Date;
  authenticate(headers: IncomingHttpHeaders): Promise<Actor | null>;
  /** Origins whose pages may come, asked at each upgrade. */
  allowedOrigins(): readonly string[];
  seatsOf(userId: string): number;
}

export interface Door {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Nobody else comes in. */
  close(): void;
}

export function createDoor(parts: DoorParts): Door {
  const { limits } = parts;
  const handshake = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    clientTracking: false,
    maxPayload: limits.frameBytes,
  });
  const trial = createTrial(limits);
  let pending = 0;
  let isClosed = false;

  function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', ignore);
    pending += 1;
    enter(request, socket, head)
      .catch((error: unknown) => refuse(socket, toProblem(error)))
      .finally(() => (pending -= 1));
  }

  /** A line that breaks before the handshake concerns nobody. */
  function ignore(error: Error): void {
    parts.log.debug({ err: error }, 'a line broke before the handshake');
  }

  async function enter(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    if (isClosed || pending > limits.pendingUpgrades)
      throw new Problem(503, 'try-again', 'The server is busy or restarting. Try again in a moment.');
    const notebookId = notebookIn(request.url);
    if (!mayComeFrom(request.headers, parts.allowedOrigins()))
      throw new Problem(403, 'foreign-origin', 'A page of another site may not open a notebook here.');
    const actor = await parts.authenticate(request.headers);
    if (!actor) throw new Problem(401, 'sign-in-needed', 'Sign in, or send a valid token as Authorization: Bearer.');
    const standing = await standingOf(actor, notebookId);
    await parts.keeper.use(notebookId, (room) => seat(room, actor, standing));

    function seat(room: Room, actor: Actor, { role, projectId }: Extract<Standing, { role: unknown }>): void {
      if (isClosed || socket.destroyed) return void socket.destroy();
      socket.off('error', ignore);
      handshake.handleUpgrade(request, socket, head, (ws) =>
        new Seat({ ws, actor, role, projectId, room, limits, trial }).open(),
      );
    }
  }

  async function standingOf(actor: Actor, notebookId: string): Promise<Extract<Standing, { role: unknown }>> {
    if (parts.seatsOf(actor.userId) >= limits.socketsPerPerson)
      throw new Problem(429, 'too-many-sockets', 'You have too many notebooks open. Close some pages.');
    const [standing] = await readStandings(parts.executeSql, [{ actor, notebookId }], parts.now());
    if (standing && 'role' in standing) return standing;
    if (standing?.refused === CloseCode.sessionEnded)
      throw new Problem(401, 'sign-in-needed', 'Your session has ended. Sign in again.');
    throw new Problem(404, 'not-found', 'There is no such notebook, or it is not shared with you.');
  }

  function toProblem(error: unknown): Problem {
    if (error instanceof Problem) return error;
    parts.log.error({ err: error }, 'an upgrade failed');
    return new Problem(503, 'try-again', 'The notebook could not be opened. Try again in a moment.');
  }

  return { upgrade, close: () => (isClosed = true) };
}

function notebookIn(url: string | undefined): string {
  const match = /^\/collaboration\/([0-9A-Za-z_-]{1,64})(?:\?.*)?$/.exec(url ?? '');
  if (!match?.[1]) throw new Problem(404, 'not-found', 'Notebooks are at /collaboration/{notebookId}.');
  return match[1];
}

const reasons: Record<number, string> = {
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  429: 'Too Many Requests',
  503: 'Service Unavailable',
};

/** A plain HTTP answer in place of the handshake. */
function refuse(socket: Duplex, { status, code, message }: Problem): void {
  if (socket.destroyed || !socket.writable) return void socket.destroy();
  const body = JSON.stringify({ type: 'about:blank', title: reasons[status], status, code, detail: message });
  socket.once('finish', () => socket.destroy());
  socket.end(
    `HTTP/1.1 ${status} ${reasons[status]}\r\nConnection: close\r\nContent-Type: application/problem+json\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
