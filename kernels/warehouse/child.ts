import { openEngine } from './engine.ts';
import { EventEncoder, decodeEvents } from '#kernels/events.ts';
import { decodeFrames, frameParts } from '#kernels/frame.ts';
import type { KernelError, KernelEvent } from '#kernels/kernel.ts';
import { convert } from './convert.ts';
import { explain, prepareExplain } from './explain.ts';
import { ownWords } from './failure.ts';
import { Feed } from './feed.ts';
import { land } from './land.ts';
import { filesOf, load } from './load.ts';
import { confine, lock } from './lock.ts';
import { Output } from './output.ts';
import { reportProgress } from './progress.ts';
import { fromChild, toChild } from './protocol.ts';
import type { BuildRequest, Limits, Reply, Request, RunRequest } from './protocol.ts';
import { runQuery } from './query.ts';
import { readsOf } from './reads.ts';
import { buildWindows } from './windows.ts';

/*
 * The process in which SQL of people runs (SECURITY 1): it is locked before the SQL is seen, serves one request and ends.
 * It may be killed at any time and holds nothing that would be missed: no database of its own, no secret in its
 * environment. Only parsing (`reads`) is served again and again, because nothing is loaded and nothing runs; and builds that
 * follow each other for one job (`stays`), each with an engine of its own.
 */

const output = new Output(process.stdout);
let engine = await openEngine();
let arrow: Uint8Array[] = [];
const feed = new Feed();
let readerLocked = false;
let isStopped = false;

await output.write(frameParts(fromChild.ready, []));
for await (const frame of decodeFrames(process.stdin)) {
  if (frame.kind === toChild.arrow) arrow.push(frame.payload);
  if (frame.kind === toChild.rows) await feed.push(frame.payload);
  if (frame.kind === toChild.cancel) stop();
  if (frame.kind === toChild.request) void serve(JSON.parse(new TextDecoder().decode(frame.payload)) as Request);
}
process.exit(0);

async function serve(request: Request): Promise<void> {
  try {
    await perform(request);
  } catch (error) {
    await (request.task === 'run'
      ? send(new EventEncoder(), { type: 'failed', error: beginError(error) })
      : reply({ ok: false, error: beginError(error) }));
  }
  if (request.task === 'reads') return;
  if (request.task === 'build' && request.stays) return renew(request.limits);
  await output.end();
  process.exit(0);
}

/** Nothing of a build is left for the next one; its engine is there, and confined, before it is asked for. */
async function renew(limits: Limits): Promise<void> {
  engine.close();
  engine = await openEngine();
  await confine(engine.connection, limits);
  arrow = [];
  isStopped = false;
  await output.write(frameParts(fromChild.ready, []));
}

async function perform(request: Request): Promise<void> {
  const { connection } = engine;
  switch (request.task) {
    case 'run':
      return performRun(request);
    case 'reads':
      if (!readerLocked) await lock(connection, [], request.limits);
      readerLocked = true;
      return reply({ ok: true, value: await readsOf(connection, request.source) });
    case 'build':
      await load(connection, request.relations, arrow);
      await lock(connection, [...filesOf(request.relations), ...outputsOf(request)], request.limits);
      return buildWindows(connection, request, { log: (line) => void log(line), reply, isStopped: () => isStopped });
    case 'explain':
      await load(connection, request.relations, arrow);
      await prepareExplain(connection, request);
      await lock(connection, filesOf(request.relations), request.limits);
      return reply(await explain(connection, request));
    case 'land':
      await lock(connection, request.outputs, request.limits);
      return reply(await land(connection, decodeEvents(feed), request));
    case 'convert':
      await lock(connection, [request.input, request.output], request.limits);
      return reply(await convert(connection, request));
  }
}

function outputsOf({ output, sift, others = [] }: BuildRequest): string[] {
  return [output, ...(sift ? [sift.output] : []), ...others.map((other) => other.output)];
}

function stop(): void {
  isStopped = true;
  engine.connection.interrupt();
}

async function performRun(request: Request & RunRequest): Promise<void> {
  const { connection } = engine;
  await load(connection, request.relations, arrow);
  await lock(connection, filesOf(request.relations), request.limits);
  const encoder = new EventEncoder();
  const stop = reportProgress(connection, (event) => void send(encoder, event));
  for await (const event of runQuery(connection, request)) {
    if (event.type !== 'schema') stop();
    await send(encoder, event);
  }
}

async function send(encoder: EventEncoder, event: KernelEvent): Promise<void> {
  await output.write(encoder.encode(event));
}

async function log(line: string): Promise<void> {
  await output.write(frameParts(fromChild.log, [new TextEncoder().encode(line)]));
}

async function reply<T>(value: Reply<T>): Promise<void> {
  await output.write(frameParts(fromChild.reply, [new TextEncoder().encode(JSON.stringify(value))]));
}

function beginError(error: unknown): KernelError {
  return { code: 'runtime', message: 'The warehouse could not load what this query reads.', detail: ownWords(error) };
}
