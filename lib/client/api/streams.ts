import { call, toRefusal, type Answer } from '#lib/client/call.ts';
import type { SourceView, StreamSource } from '#lib/stream/source.ts';
import type { StreamRates, StreamReader } from '#lib/stream/view.ts';
import type { Slice } from './datasets.ts';

export interface StreamColumn {
  name: string;
  type: string;
}

export interface Retention {
  days: number | null;
  bytes: number | null;
}

export interface StreamSettings {
  description: string;
  retention: Retention;
  /** Seconds. */
  deduplication: number;
  idle: number;
  ahead: number;
}

/** A stream as the server tells it. */
export interface StreamView extends StreamSettings {
  id: string;
  projectId: string;
  name: string;
  eventTime: string;
  key: string[];
  columns: StreamColumn[];
  events: number;
  bytes: number;
  firstOffset: number;
  /** The number of the next event. */
  offset: number;
  deadLetters: number;
  duplicates: number;
  /** Events a second over the last minute. */
  rate: number;
  firstEventAt: string | null;
  lastEventAt: string | null;
  lastReceivedAt: string | null;
  /** Seconds from the time of the latest event until now. */
  lag: number | null;
  isIdle: boolean;
  trouble: string | null;
  createdBy: { id: string; name: string };
  createdAt: string;
  /** Where events are fetched instead of pushed: a topic of Kafka. */
  source?: SourceView | null;
  /** telemetry: what people do in the project, noted by Lodestar itself. */
  origin?: 'push' | 'kafka' | 'telemetry';
}

export interface StreamSpec extends Pick<StreamSettings, 'description' | 'retention'> {
  name: string;
  eventTime: string;
  key: string[];
  /** Where events are fetched from; without one they are pushed. */
  source?: StreamSource;
  /** The password it signs in with: it is kept sealed, and given back to nobody. */
  secret?: string;
}

export interface DeadLetter {
  number: number;
  receivedAt: string;
  reason: string;
  raw: string;
  isCut: boolean;
}

/** An event as it is kept: BIGINT as digits, times as text in UTC. */
export type StreamEvent = Record<string, unknown>;

export interface Events {
  items: StreamEvent[];
  /** Where to go on. */
  next: number;
  end: number;
}

/** All streams of a project, part after part; the first refusal ends it. */
export async function listStreams(projectId: string): Promise<Answer<StreamView[]>> {
  const all: StreamView[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const query: string = cursor ? `?limit=200&cursor=${encodeURIComponent(cursor)}` : '?limit=200';
    const answer: Answer<Slice<StreamView>> = await call('GET', `/api/projects/${projectId}/streams${query}`);
    if (!answer.ok) return answer;
    all.push(...answer.value.items);
    cursor = answer.value.next;
  }
  return { ok: true, value: all };
}

/** A topic is tried first, which takes seconds; what it is refused for names the field of `source` it is about. */
export function createStream(projectId: string, spec: StreamSpec): Promise<Answer<StreamView>> {
  return call('POST', `/api/projects/${projectId}/streams`, spec);
}

/** One stream and what is looked at of it. Calls with a signal throw when it is aborted. */
export function streamApi(id: string) {
  const path = `/api/streams/${id}`;
  return {
    read: (signal?: AbortSignal) => call<StreamView>('GET', path, undefined, signal),
    rates: (signal?: AbortSignal) => call<StreamRates>('GET', `${path}/rates`, undefined, signal),
    readers: (signal?: AbortSignal) => call<{ items: StreamReader[] }>('GET', `${path}/readers`, undefined, signal),
    events: (from: number, limit: number, signal?: AbortSignal) =>
      call<Events>('GET', `${path}/events?from=${from}&limit=${limit}`, undefined, signal),
    /** The latest first. */
    deadLetters: (limit: number, signal?: AbortSignal, cursor?: string) =>
      call<Slice<DeadLetter>>(
        'GET',
        `${path}/dead-letters?limit=${limit}${cursor ? `&cursor=${cursor}` : ''}`,
        undefined,
        signal,
      ),
    change: (change: Partial<StreamSettings>) => call<StreamView>('PATCH', path, change),
    remove: () => call<void>('DELETE', path),
  };
}

export type StreamApi = ReturnType<typeof streamApi>;

export interface LastRows {
  /** One Arrow IPC stream, the newest event first. */
  bytes: Uint8Array;
  /** When the server answered, ms. */
  at: number;
}

/**
 * The events that came in the last minutes, from a number on, at most `limit` of the newest. Throws only when the signal is
 * aborted.
 */
export async function fetchLast(
  id: string,
  { minutes, from, limit }: { minutes: number; from: number; limit: number },
  signal?: AbortSignal,
): Promise<Answer<LastRows>> {
  try {
    const response = await fetch(`/api/streams/${id}/rows?minutes=${minutes}&from=${from}&limit=${limit}`, {
      credentials: 'same-origin',
      headers: { accept: 'application/vnd.apache.arrow.stream' },
      ...(signal && { signal }),
    });
    if (!response.ok) return { ok: false, problem: await toRefusal(response) };
    const at = Date.parse(response.headers.get('date') ?? '') || Date.now();
    return { ok: true, value: { bytes: new Uint8Array(await response.arrayBuffer()), at } };
  } catch (error) {
    if (signal?.aborted) throw error;
    const detail = 'The server does not answer, so the events could not be read. Try again in a moment.';
    return { ok: false, problem: { status: 0, code: 'offline', detail } };
  }
}
