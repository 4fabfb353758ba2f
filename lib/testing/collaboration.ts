import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { authenticate } from '#lib/server/auth/authenticate.ts';
import { createRooms, type Rooms } from '#lib/server/collaboration/rooms.ts';
import type { Limits } from '#lib/server/collaboration/limits.ts';
import type { Actor, Role } from '#lib/server/access.ts';
import type { Lodestar } from '#lib/server/lodestar.ts';
import { startLodestar, type Parts, type TestLodestar } from './lodestar.ts';
import { openPeer, type Peer } from './peer.ts';
import { until } from './until.ts';
import { makeActor, makeMember, makeNotebookRow, makeProject, pageHeaders } from './people.ts';

/*
 * Rooms on a real HTTP server over a real database, with people of each role in one project, for tests of collaboration.
 */
export interface Studio {
  lodestar: TestLodestar;
  rooms: Rooms;
  /** `ws://127.0.0.1:port/collaboration` */
  url: string;
  origin: string;
  projectId: string;
  owner: Actor;
  editor: Actor;
  reader: Actor;
  notebook(): Promise<string>;
  /** A stock client, signed in as the actor. Closed with the studio. */
  peer(actor: Actor, notebookId: string): Promise<Peer>;
  join(role: Role): Promise<Actor>;
  /** All peers leave; resolves when their sockets are gone. */
  hangUp(): Promise<void>;
  /** Drains the rooms and makes new ones on the same database, as a restart does. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

export async function openStudio(parts: Parts & { limits?: Partial<Limits> } = {}): Promise<Studio> {
  const lodestar = await startLodestar({ ...parts, rooms: (lodestar) => makeRooms(lodestar, parts.limits) });
  const server = await serve(() => lodestar.rooms);
  const [owner, editor, reader] = [await makeActor(), await makeActor(), await makeActor()];
  const { id: projectId } = await makeProject(owner);
  await makeMember(projectId, editor, 'editor');
  await makeMember(projectId, reader, 'reader');
  const peers: Peer[] = [];
  const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/collaboration`;

  async function peer(actor: Actor, notebookId: string): Promise<Peer> {
    const opened = openPeer({ url, notebookId, headers: await pageHeaders(actor) });
    peers.push(opened);
    return opened;
  }

  async function join(role: Role): Promise<Actor> {
    const actor = await makeActor();
    await makeMember(projectId, actor, role);
    return actor;
  }

  async function hangUp(): Promise<void> {
    for (const opened of peers.splice(0)) opened.close();
    await until(() => lodestar.rooms.stats().sockets === 0, 'all sockets are gone');
  }

  return {
    lodestar,
    get rooms() {
      return lodestar.rooms;
    },
    url,
    origin: (await pageHeaders(owner)).origin,
    projectId,
    owner,
    editor,
    reader,
    notebook: async () => (await makeNotebookRow(projectId, owner)).id,
    peer,
    join,
    hangUp,
    restart: async () => {
      await lodestar.rooms.drain();
      lodestar.rooms = makeRooms(lodestar, parts.limits);
    },
    close: async () => {
      for (const opened of peers.splice(0)) opened.close();
      await lodestar.close();
      server.closeAllConnections();
      server.close();
    },
  };
}

export function makeRooms(lodestar: Lodestar, limits: Partial<Limits> = {}): Rooms {
  const allowedOrigins = () => [new URL(lodestar.config.PUBLIC_URL ?? 'http://lodestar.test').origin];
  return createRooms({ ...lodestar, authenticate, allowedOrigins, limits });
}

async function serve(rooms: () => Rooms): Promise<Server> {
  const server = createServer((_request, response) => response.writeHead(404).end());
  server.on('upgrade', (request, socket, head) => rooms().upgrade(request, socket, head));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}
