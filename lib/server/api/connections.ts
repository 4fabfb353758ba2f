import { z } from 'zod';
import { Account, ConnectionInput } from '#lib/connection/settings.ts';
import {
  ConnectionEntry,
  ConnectionView,
  CredentialView,
  Estimate,
  Found,
  NameList,
  TableDetail,
  TableList,
  Tested,
} from '#lib/connection/view.ts';
import {
  listCatalogs,
  listSchemas,
  listTables,
  readTable,
  searchTables,
} from '#lib/server/data/connection-catalogue.ts';
import { Draft, estimateQuery, validateQuery } from '#lib/server/data/connection-check.ts';
import { deleteCredential, putCredential } from '#lib/server/data/connection-credential.ts';
import { testChange, testConnection } from '#lib/server/data/connection-test.ts';
import {
  createConnection,
  deleteConnection,
  listConnections,
  readConnection,
  replaceConnection,
} from '#lib/server/data/connection.ts';
import { readSample } from '#lib/server/data/query.ts';
import { chosenType, rowTypes, toAnswer } from './answer.ts';
import { heldBy, holding } from './held.ts';
import { IdParams, Nothing } from './list.ts';
import { linesType, toLines } from './lines.ts';
import { operation } from './operation.ts';
import { RowsAnswer } from './rows.ts';

const Name = z.string().min(1).max(256);
/** `?fresh=true` asks the cluster though its answer was kept. */
const Fresh = z.object({ fresh: z.stringbool().default(false) });
const InCatalog = Fresh.extend({ catalog: Name });
const InSchema = InCatalog.extend({ schema: Name });
const OfTable = InSchema.extend({ table: Name });

/** What the engine says is wrong with a text. */
const Failure = z.looseObject({ code: z.string(), message: z.string() });

const managing = [
  operation({
    method: 'GET',
    path: '/api/projects/{id}/connections',
    summary: 'The Trino clusters of a project.',
    params: IdParams,
    answer: z.object({ items: z.array(ConnectionEntry) }),
    run: async ({ actor, params }) => ({ items: await listConnections(actor, params.id) }),
  }),
  operation({
    method: 'POST',
    path: '/api/projects/{id}/connections',
    summary: 'Connect a Trino cluster. It is tried first; when a needed step fails it is refused with all steps.',
    params: IdParams,
    body: ConnectionInput,
    answer: ConnectionView,
    status: 201,
    run: ({ actor, params, body, request }) =>
      holding(request, (signal) => createConnection(actor, params.id, body, signal)),
  }),
  operation({
    method: 'POST',
    path: '/api/projects/{id}/connections/test',
    summary: 'Try a connection that is not kept: one step a line as it is found, the last line holds all of them.',
    params: IdParams,
    body: ConnectionInput,
    answer: Tested,
    produces: [linesType],
    run: async ({ actor, params, body, request }) =>
      toLines(request, await testConnection(actor, params.id, body, request.signal)),
  }),
  operation({
    method: 'POST',
    path: '/api/connections/{id}/test',
    summary: 'Try a change of a connection; without a secret with the kept one.',
    params: IdParams,
    body: ConnectionInput,
    answer: Tested,
    produces: [linesType],
    run: async ({ actor, params, body, request }) =>
      toLines(request, await testChange(actor, params.id, body, request.signal)),
  }),
  operation({
    method: 'GET',
    path: '/api/connections/{id}',
    summary: 'A connection, without what is secret.',
    params: IdParams,
    answer: ConnectionView,
    run: ({ actor, params }) => readConnection(actor, params.id),
  }),
  operation({
    method: 'PUT',
    path: '/api/connections/{id}',
    summary: 'Change a connection. It is tried first, unless only its name or limits change.',
    params: IdParams,
    body: ConnectionInput,
    answer: ConnectionView,
    run: ({ actor, params, body, request }) =>
      holding(request, (signal) => replaceConnection(actor, params.id, body, signal)),
  }),
  operation({
    method: 'DELETE',
    path: '/api/connections/{id}',
    summary: 'Delete a connection that no job uses. What runs on it is stopped.',
    params: IdParams,
    answer: Nothing,
    status: 204,
    run: async ({ actor, params }) => {
      await deleteConnection(actor, params.id);
      return null;
    },
  }),
  operation({
    method: 'PUT',
    path: '/api/connections/{id}/credential',
    summary: 'Give your own account on a cluster where each person has one. It is tried first.',
    params: IdParams,
    body: Account,
    answer: CredentialView,
    run: ({ actor, params, body, request }) =>
      holding(request, (signal) => putCredential(actor, params.id, body, signal)),
  }),
  operation({
    method: 'DELETE',
    path: '/api/connections/{id}/credential',
    summary: 'Forget your own account on a cluster.',
    params: IdParams,
    answer: Nothing,
    status: 204,
    run: async ({ actor, params }) => {
      await deleteCredential(actor, params.id);
      return null;
    },
  }),
];

const browsing = [
  operation({
    method: 'GET',
    path: '/api/connections/{id}/catalogs',
    summary: 'The catalogs a cluster shows you.',
    params: IdParams,
    query: Fresh,
    answer: NameList,
    run: ({ actor, params, query: { fresh }, request }) =>
      holding(request, (signal) => listCatalogs(actor, params.id, { fresh, signal })),
  }),
  operation({
    method: 'GET',
    path: '/api/connections/{id}/schemas',
    summary: 'The schemas of a catalog.',
    params: IdParams,
    query: InCatalog,
    answer: NameList,
    run: ({ actor, params, query: { fresh, catalog }, request }) =>
      holding(request, (signal) => listSchemas(actor, params.id, catalog, { fresh, signal })),
  }),
  operation({
    method: 'GET',
    path: '/api/connections/{id}/tables',
    summary: 'The tables and views of a schema.',
    params: IdParams,
    query: InSchema,
    answer: TableList,
    run: ({ actor, params, query: { fresh, ...place }, request }) =>
      holding(request, (signal) => listTables(actor, params.id, place, { fresh, signal })),
  }),
  operation({
    method: 'GET',
    path: '/api/connections/{id}/table',
    summary: 'What a cluster knows of a table: columns, comments, partitions, statistics.',
    params: IdParams,
    query: OfTable,
    answer: TableDetail,
    run: ({ actor, params, query: { fresh, ...place }, request }) =>
      holding(request, (signal) => readTable(actor, params.id, place, { fresh, signal })),
  }),
  operation({
    method: 'GET',
    path: '/api/connections/{id}/sample',
    summary: 'Some 20 rows of a table, in no order.',
    params: IdParams,
    query: OfTable,
    answer: RowsAnswer,
    produces: rowTypes,
    run: async ({ actor, params, query: { fresh, ...place }, request }) => {
      const type = chosenType(request, rowTypes);
      const events = await readSample(actor, params.id, place, fresh, request.signal);
      return toAnswer(heldBy(request, events), type, 'sample', 'trino');
    },
  }),
  operation({
    method: 'GET',
    path: '/api/connections/{id}/search',
    summary: 'Tables whose catalog, schema or name holds a text, over all catalogs that answer.',
    params: IdParams,
    query: Fresh.extend({ q: z.string().min(1).max(200) }),
    answer: Found,
    run: ({ actor, params, query: { fresh, q }, request }) =>
      holding(request, (signal) => searchTables(actor, params.id, q, { fresh, signal })),
  }),
];

const checking = [
  operation({
    method: 'POST',
    path: '/api/connections/{id}/validate',
    summary: 'What the cluster says is wrong with a text, without running it.',
    params: IdParams,
    body: Draft,
    answer: z.object({ problem: Failure.nullable() }),
    run: ({ actor, params, body, request }) =>
      holding(request, async (signal) => {
        const problem = await validateQuery(actor, params.id, body, signal);
        return { problem: problem && { ...problem } };
      }),
  }),
  operation({
    method: 'POST',
    path: '/api/connections/{id}/estimate',
    summary: 'What a text would read by the cluster’s plan, with hints.',
    params: IdParams,
    body: Draft,
    answer: Estimate,
    run: ({ actor, params, body, request }) =>
      holding(request, (signal) => estimateQuery(actor, params.id, body, signal)),
  }),
];

export const connections = [...managing, ...browsing, ...checking];
