import { once } from 'node:events';
import { createServer } from 'node:net';
import { Failure } from '#lib/server/boot/tool.mjs';

/*
 * Loopback ports for what listens only seconds after it was told where. Below the range that systems hand out to
 * outgoing connections, so that none of those takes the port meanwhile.
 */

const lowest = 20_000;
const count = 10_000;

export async function freePort(tries = 100) {
  const port = lowest + Math.floor(Math.random() * count);
  if (await isFree(port)) return port;
  if (tries === 1) throw new Failure(`No free port was found between ${lowest} and ${lowest + count}.`);
  return freePort(tries - 1);
}

/** The port asked for, or any free one for 0. Refuses a port that is taken. */
export async function claimPort(port) {
  if (port === 0) return freePort();
  if (await isFree(port)) return port;
  throw new Failure(`Port ${port} of 127.0.0.1 is taken: choose another with --port N (0 for a free one).`);
}

async function isFree(port) {
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}
