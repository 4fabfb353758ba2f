import { promisify } from 'node:util';
import { zstdDecompress } from 'node:zlib';
import { z } from 'zod';
import { KernelFailure } from '#kernels/failure.ts';
import { identityOf } from './headers.ts';
import { isBrokenOff, isPassing, retry, retryAfterOf, type Attempt } from './retry.ts';
import { fromNetwork, fromRedirect } from './unreachable.ts';
import { exchange, type Reply, type Wire } from './wire.ts';

/*
 * The spooling protocol: a page names segments, each a stretch of rows that lies inline or in a store of the cluster's.
 * Segments are fetched side by side and given in order. The headers a segment brings go to its own address alone; ours
 * only where that is the coordinator's origin. What has been read is acknowledged, so that the cluster may delete it.
 */

const Metadata = z
  .object({ segmentSize: z.number().int().min(0), uncompressedSize: z.number().int().min(0).nullish() })
  .loose();

const Segment = z.discriminatedUnion('type', [
  z.object({ type: z.literal('inline'), data: z.base64(), metadata: Metadata }),
  z.object({
    type: z.literal('spooled'),
    uri: z.url({ protocol: /^https?$/ }),
    ackUri: z.url({ protocol: /^https?$/ }),
    headers: z.record(z.string(), z.array(z.string())).nullish(),
    metadata: Metadata,
  }),
]);
type KnownSegment = z.infer<typeof Segment>;
export type Segment = KnownSegment & { encoding: Encoding };

const Encoding = z.enum(['json', 'json+zstd']);
type Encoding = z.infer<typeof Encoding>;

const Spooled = z.object({ encoding: Encoding, segments: z.array(Segment) });

/** Whether a page's `data` names segments; rows are a list. */
export function isSpooled(data: unknown): boolean {
  return typeof data === 'object' && data !== null && !Array.isArray(data);
}

/** Throws KernelFailure for what is none of the protocol. */
export function segmentsOf(data: unknown): Segment[] {
  const read = Spooled.safeParse(data);
  if (read.success) return read.data.segments.map((segment) => ({ ...segment, encoding: read.data.encoding }));
  throw new KernelFailure({
    code: 'unsupported',
    message: 'The cluster sent segments in a form this server does not know.',
    detail: read.error.issues
      .map((issue) => `${issue.path.join('.')}: ${issue.message}`)
      .join('; ')
      .slice(0, 500),
  });
}

/** Segments fetched at a time, and their bytes as far as they are known; one is always allowed. */
const together = 4;
const bytesAhead = 64 * 2 ** 20;

export interface Fetched {
  /** `[[…], […]]` */
  rows: Uint8Array<ArrayBuffer>;
  /** As they came over the wire. */
  bytes: number;
  /** Call it when the rows have been read: the cluster need not keep them. */
  settle(): void;
}

/** Segments in their order. Throws KernelFailure. */
export async function* fetchSegments(wire: Wire, segments: Segment[], signal?: AbortSignal): AsyncGenerator<Fetched> {
  const left = new AbortController();
  const stop = signal ? AbortSignal.any([signal, left.signal]) : left.signal;
  const coming: { fetched: Promise<Fetched>; size: number }[] = [];
  let next = 0;
  const ahead = () => coming.reduce((sum, { size }) => sum + size, 0);
  const more = () => {
    while (next < segments.length && (coming.length === 0 || (coming.length < together && ahead() < bytesAhead))) {
      const segment = segments[next++]!;
      const fetched = fetchSegment(wire, segment, stop);
      fetched.catch(() => undefined); // told when it is its turn
      coming.push({ fetched, size: sizeOf(segment) });
    }
  };
  try {
    for (more(); coming.length > 0; more()) {
      const fetched = await coming[0]!.fetched;
      coming.shift();
      more();
      yield fetched;
    }
  } finally {
    left.abort();
  }
}

function sizeOf({ metadata }: Segment): number {
  return metadata.uncompressedSize ?? metadata.segmentSize;
}

async function fetchSegment(wire: Wire, segment: Segment, signal: AbortSignal): Promise<Fetched> {
  const packed =
    segment.type === 'inline' ? Buffer.from(segment.data, 'base64') : await download(wire, segment, signal);
  const rows = await unpack(packed, segment, wire.patience.pageBytes);
  return { rows, bytes: packed.length, settle: () => void acknowledge(wire, segment) };
}

const decompress = promisify(zstdDecompress);

async function unpack(packed: Uint8Array, segment: Segment, most: number): Promise<Uint8Array<ArrayBuffer>> {
  // A segment too small to gain by it is not compressed, and then names no uncompressed size.
  const isPacked = segment.encoding === 'json+zstd' && (segment.metadata.uncompressedSize ?? 0) > 0;
  if (!isPacked) return packed as Uint8Array<ArrayBuffer>;
  try {
    return (await decompress(packed, { maxOutputLength: most })) as Uint8Array<ArrayBuffer>;
  } catch (error) {
    throw new KernelFailure({
      code: 'lost',
      message: 'A segment of the answer cannot be unpacked.',
      hint: 'Run it again.',
      detail: error instanceof Error ? error.message : String(error),
    });
  }
}

type SpooledSegment = Extract<Segment, { type: 'spooled' }>;

function download(wire: Wire, segment: SpooledSegment, signal: AbortSignal): Promise<Uint8Array> {
  const url = new URL(segment.uri);
  return retry(() => attempt(wire, segment, url, signal), wire.patience, signal);
}

async function attempt(
  wire: Wire,
  segment: SpooledSegment,
  url: URL,
  signal: AbortSignal,
): Promise<Attempt<Uint8Array>> {
  try {
    const reply = await send(wire, segment, url, signal);
    if (reply.status === 200) return { done: true, value: reply.body };
    const after = retryAfterOf(reply.headers['retry-after']);
    return { done: false, again: isPassing(reply.status), after, error: new KernelFailure(notGiven(reply, url)) };
  } catch (error) {
    if (error instanceof KernelFailure || signal.aborted) throw error;
    return { done: false, again: isBrokenOff(error), after: null, error: new KernelFailure(fromNetwork(error, url)) };
  }
}

function send(wire: Wire, segment: SpooledSegment, url: URL, signal?: AbortSignal): Promise<Reply> {
  const isOurs = url.origin === wire.base.origin;
  // The coordinator made the segment's headers, so it may see them again when it is told that the segment was read.
  const isItsOwn = isOurs || url.origin === new URL(segment.uri).origin;
  const headers = { ...(isItsOwn ? segment.headers : {}), ...(isOurs ? identityOf(wire.target) : {}) };
  return exchange(
    wire.target.dispatcher,
    { method: 'GET', url, headers, ...(signal ? { signal } : {}) },
    wire.patience,
  );
}

function notGiven({ status, headers }: Reply, url: URL) {
  const location = headers['location'];
  if (status >= 300 && status < 400) return fromRedirect(typeof location === 'string' ? location : undefined, url);
  const isGone = status === 403 || status === 404 || status === 410;
  return {
    code: 'lost' as const,
    message: isGone
      ? 'A segment of the answer is no longer there: it has expired, or the store forbids reading it.'
      : `The store of the cluster's answers failed (${status}).`,
    hint: isGone
      ? 'Run it again and read faster, or let the cluster keep segments longer (fs.segment.ttl).'
      : 'Run it again.',
    detail: `HTTP ${status} from ${url.origin}`,
  };
}

/** Tells the cluster that it may delete the segment. Fire and forget: what is not told expires by itself. */
async function acknowledge(wire: Wire, segment: Segment): Promise<void> {
  if (segment.type === 'inline') return;
  const url = new URL(segment.ackUri);
  for (let tries = 0; tries < 2; tries++) {
    const status = await send(wire, segment, url).then(
      (reply) => reply.status,
      () => 0,
    );
    if (status >= 200 && status < 500) return;
  }
}
