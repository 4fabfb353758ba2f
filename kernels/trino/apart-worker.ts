import { parentPort } from 'node:worker_threads';
import { namesRead } from './parse.ts';
import type { Asked, Told } from './apart.ts';

/** The thread of apart.ts: one text in, its names out. What the parser cannot bear (a stack that ends) reads nothing. */
const port = parentPort!;

port.on('message', ({ source }: Asked) => void answer(source));

async function answer(source: string): Promise<void> {
  const names = await namesRead(source).catch(() => null);
  port.postMessage({ names } satisfies Told);
}
