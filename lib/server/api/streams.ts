import { z } from 'zod';
import { StreamSpec } from '#lib/stream/spec.ts';
import { StreamRates, StreamReader } from '#lib/stream/view.ts';
import {
  StreamChange,
  changeStream,
  createStream,
  deleteStream,
  listStreams,
  readStream,
} from '#lib/server/data/stream.ts';
import { StreamView } from '#lib/server/data/stream-view.ts';
import { DeadLetterView, listDeadLetters } from '#lib/server/data/stream-dead.ts';
import { Pushed, pushEvents, readEvents } from '#lib/server/data/stream-events.ts';
import { listReaders, readRates } from '#lib/server/data/stream-rates.ts';
import { readLast } from '#lib/server/data/stream-rows.ts';
import { chosenType, rowTypes, toAnswer } from './answer.ts';
import { mediaType } from './body.ts';
import { heldBy, holding } from './held.ts';
import { IdParams, ListQuery, Nothing, listOf } from './list.ts';
import { operation } from './operation.ts';
import { RowsAnswer } from './rows.ts';

const lines = ['application/x-ndjson', 'application/ndjson', 'application/jsonl'];

const EventsQuery = z.object({
  from: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).default(0),
  limit: z.coerce.number().int().min(1).max(10_000).default(100),
});

const RowsQuery = z.object({
  minutes: z.coerce.number().int().min(1).max(10_080).default(15),
  from: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).default(0),
  limit: z.coerce.number().int().min(1).max(10_000_000).optional(),
});
const jsonRowsUnlessTold = 10_000;

const EventsAnswer = z.object({
  items: z.array(z.record(z.string(), z.unknown())),
  /** `from` of the following part; the same as `end` when there is nothing after it yet. */
  next: z.number().int(),
  /** The end of the log. */
  end: z.number().int(),
});

export const streams = [
  operation({
    method: 'POST',
    path: '/api/projects/{id}/streams',
    summary:
      'Make a stream: its name, the column of the event time, the key by which duplicates are known, what is kept.',
    params: IdParams,
    body: StreamSpec,
    answer: StreamView,
    status: 201,
    run: ({ actor, params, body }) => createStream(actor, params.id, body),
  }),
  operation({
    method: 'GET',
    path: '/api/projects/{id}/streams',
    summary: 'The streams of a project by name, with how much is in them and how fast events come.',
    params: IdParams,
    query: ListQuery,
    answer: listOf(StreamView),
    run: ({ actor, params, query }) => listStreams(actor, params.id, query),
  }),
  operation({
    method: 'GET',
    path: '/api/streams/{id}',
    summary: 'A stream: its columns, size, rate and lag, and how many events were refused.',
    params: IdParams,
    answer: StreamView,
    run: ({ actor, params }) => readStream(actor, params.id),
  }),
  operation({
    method: 'PATCH',
    path: '/api/streams/{id}',
    summary: 'Change what is kept of a stream and how its events are weighed, for the events to come.',
    params: IdParams,
    body: StreamChange,
    answer: StreamView,
    run: ({ actor, params, body }) => changeStream(actor, params.id, body),
  }),
  operation({
    method: 'DELETE',
    path: '/api/streams/{id}',
    summary: 'Delete a stream with all its events.',
    params: IdParams,
    answer: Nothing,
    status: 204,
    run: async ({ actor, params }) => {
      await deleteStream(actor, params.id);
      return null;
    },
  }),
  operation({
    method: 'POST',
    path: '/api/streams/{id}/events',
    summary:
      'Push a batch of events, answered when they are on disk. With an Idempotency-Key the same batch is stored once. 429: come again after Retry-After.',
    params: IdParams,
    raw: [...lines, 'application/json'],
    answer: Pushed,
    run: ({ actor, params, request }) =>
      holding(request, () => {
        const length = request.headers.get('content-length');
        return pushEvents(actor, params.id, {
          format: lines.includes(mediaType(request)) ? 'ndjson' : 'json',
          body: request.body,
          length: length === null ? null : Number(length),
          key: request.headers.get('idempotency-key'),
        });
      }),
  }),
  operation({
    method: 'GET',
    path: '/api/streams/{id}/events',
    summary: 'Events by their numbers, from an offset on.',
    params: IdParams,
    query: EventsQuery,
    answer: EventsAnswer,
    run: ({ actor, params, query, request }) =>
      holding(request, (signal) => readEvents(actor, params.id, query, signal)),
  }),
  operation({
    method: 'GET',
    path: '/api/streams/{id}/rows',
    summary:
      'The events that came in the last minutes, the newest first: JSON (10,000 unless told), CSV or Arrow by Accept. `from` asks for those from a number on.',
    params: IdParams,
    query: RowsQuery,
    answer: RowsAnswer,
    produces: rowTypes,
    run: async ({ actor, params, query, request }) => {
      const type = chosenType(request, rowTypes);
      const limit = query.limit ?? (type === 'application/json' ? jsonRowsUnlessTold : undefined);
      const events = await readLast(actor, params.id, { ...query, limit }, request.signal);
      return toAnswer(heldBy(request, events), type, 'events', 'warehouse', limit);
    },
  }),
  operation({
    method: 'GET',
    path: '/api/streams/{id}/rates',
    summary: 'The last hour of a stream by minutes: events, how far behind the newest was, late events of its jobs.',
    params: IdParams,
    answer: StreamRates,
    run: ({ actor, params }) => readRates(actor, params.id),
  }),
  operation({
    method: 'GET',
    path: '/api/streams/{id}/readers',
    summary: 'The real-time jobs that read a stream, each with how much waits for it.',
    params: IdParams,
    answer: z.object({ items: z.array(StreamReader) }),
    run: async ({ actor, params }) => ({ items: await listReaders(actor, params.id) }),
  }),
  operation({
    method: 'GET',
    path: '/api/streams/{id}/dead-letters',
    summary: 'Events that broke the stream’s contract, as they came, with the reason; the latest first.',
    params: IdParams,
    query: ListQuery,
    answer: listOf(DeadLetterView),
    run: ({ actor, params, query }) => listDeadLetters(actor, params.id, query),
  }),
];
