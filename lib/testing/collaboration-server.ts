import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { makeRooms } from './collaboration.ts';
import { startLodestar } from './lodestar.ts';
import { makeActor, makeNotebookRow, makeProject, pageHeaders } from './people.ts';

/*
 * Rooms in a process of their own, to be killed by tests and measured by benches (collaboration-process.ts starts it).
 * argv: the folder of its PGlite, and the limits as JSON. Over IPC it tells where it listens and what it costs.
 */
const [dataDir, limits = '{}'] = process.argv.slice(2);
if (!dataDir) throw new Error('usage: collaboration-server.ts FOLDER [LIMITS]');

const lodestar = await startLodestar({ dataDir, rooms: (lodestar) => makeRooms(lodestar, JSON.parse(limits)) });
const server = createServer((_request, response) => response.writeHead(404).end());
server.on('upgrade', (request, socket, head) => lodestar.rooms.upgrade(request, socket, head));
server.listen(0, '127.0.0.1');
await once(server, 'listening');

// An admin, so that the one made by the next process may open the notebooks of this one.
const owner = await makeActor({ isAdmin: true });
const project = await makeProject(owner);
process.on('message', (message) => void answer(message as 'cpu' | 'notebook' | 'drain'));
process.on('disconnect', () => process.exit());
process.send?.({ port: (server.address() as AddressInfo).port, headers: await pageHeaders(owner) });

async function answer(asked: 'cpu' | 'notebook' | 'drain'): Promise<void> {
  if (asked === 'cpu') process.send?.({ cpu: process.cpuUsage() });
  if (asked === 'notebook') process.send?.({ notebookId: (await makeNotebookRow(project.id, owner)).id });
  if (asked === 'drain') process.send?.({ drained: (await lodestar.rooms.drain(), true) });
}
