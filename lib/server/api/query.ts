import { Query, demandQuery, runQuery } from '#lib/server/data/query.ts';
import { chosenType, rowTypes, toAnswer } from './answer.ts';
import { heldBy } from './held.ts';
import { IdParams } from './list.ts';
import { operation } from './operation.ts';
import { brought } from './brought.ts';
import { RowsAnswer } from './rows.ts';
import { eventsMediaType } from '#kernels/events.ts';

/** JSON carries so many rows unless told: more is for CSV, Arrow and the event stream, which have no end of their own. */
const jsonRowsUnlessTold = 10_000;

const summary =
  'Run SQL that reads: over the datasets of a project, or with engine trino on one of its connections. BIGINT, HUGEINT and DECIMAL are text in JSON, so that no digit is lost. Leaving stops the query.';

export const query = [
  operation({
    method: 'POST',
    path: '/api/projects/{id}/query',
    summary,
    params: IdParams,
    body: Query,
    answer: RowsAnswer,
    produces: rowTypes,
    run: async ({ actor, params, body, request }) => {
      const type = chosenType(request, rowTypes);
      const limit = body.limit ?? (type === 'application/json' ? jsonRowsUnlessTold : undefined);
      const events = await runQuery(actor, params.id, { ...body, limit }, request.signal);
      return toAnswer(heldBy(request, events), type, 'query', body.engine, limit);
    },
  }),
  operation({
    method: 'POST',
    path: '/api/projects/{id}/query/with-tables',
    summary: 'The same with rows of your own: a frame with the query, then a frame of Arrow for each table it names.',
    params: IdParams,
    raw: [eventsMediaType],
    answer: RowsAnswer,
    produces: rowTypes,
    run: async ({ actor, params, request }) => {
      const type = chosenType(request, rowTypes);
      await demandQuery(actor, params.id);
      const { query, tables } = await brought(request);
      const events = await runQuery(actor, params.id, query, request.signal, tables);
      return toAnswer(heldBy(request, events), type, 'query', query.engine, query.limit);
    },
  }),
];
