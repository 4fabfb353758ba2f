import { z } from 'zod';
import {
  DatasetName,
  DatasetView,
  deleteDataset,
  describeDataset,
  listDatasets,
  putDataset,
  readDataset,
} from '#lib/server/data/dataset.ts';
import { readParquet } from '#lib/server/data/parquet.ts';
import { readRows } from '#lib/server/data/query.ts';
import { formats } from '#lib/server/warehouse/media.ts';
import { chosenType, parquetType, rowTypes, streamed, toAnswer } from './answer.ts';
import { mediaType } from './body.ts';
import { heldBy, holding } from './held.ts';
import { IdParams, ListQuery, Nothing, listOf } from './list.ts';
import { operation } from './operation.ts';
import { RowsAnswer } from './rows.ts';

const NameParams = IdParams.extend({ name: DatasetName });
const RowsQuery = z.object({ limit: z.coerce.number().int().min(1).max(100_000_000).optional() });
const produces = [...rowTypes, parquetType];
const jsonRowsUnlessTold = 10_000;

export const datasets = [
  operation({
    method: 'GET',
    path: '/api/projects/{id}/datasets',
    summary: 'The datasets of a project by name: uploads, samples, outputs of jobs, and the workbench’s own events.',
    params: IdParams,
    query: ListQuery,
    answer: listOf(DatasetView),
    run: ({ actor, params, query }) => listDatasets(actor, params.id, query),
  }),
  operation({
    method: 'PUT',
    path: '/api/projects/{id}/datasets/{name}',
    summary:
      'Make a file the dataset of that name, or replace it at once for all readers. The Content-Type says what it is.',
    params: NameParams,
    raw: Object.keys(formats),
    answer: DatasetView,
    run: ({ actor, params, request }) => {
      const length = request.headers.get('content-length');
      const upload = {
        format: formats[mediaType(request)]!,
        body: request.body,
        length: length === null ? null : Number(length),
      };
      return holding(request, (signal) => putDataset(actor, params.id, params.name, { ...upload, signal }));
    },
  }),
  operation({
    method: 'GET',
    path: '/api/datasets/{id}',
    summary: 'A dataset: its columns, size and version.',
    params: IdParams,
    answer: DatasetView,
    run: ({ actor, params }) => readDataset(actor, params.id),
  }),
  operation({
    method: 'GET',
    path: '/api/datasets/{id}/rows',
    summary: 'The rows of a dataset: JSON (10,000 rows unless told), CSV, Arrow or Parquet by Accept.',
    params: IdParams,
    query: RowsQuery,
    answer: RowsAnswer,
    produces,
    run: async ({ actor, params, query, request }) => {
      const type = chosenType(request, produces);
      if (type === parquetType)
        return parquet(await holding(request, (signal) => readParquet(actor, params.id, query.limit, signal)));
      const limit = query.limit ?? (type === 'application/json' ? jsonRowsUnlessTold : undefined);
      return toAnswer(
        heldBy(request, await readRows(actor, params.id, limit, request.signal)),
        type,
        'rows',
        'warehouse',
        limit,
      );
    },
  }),
  operation({
    method: 'PATCH',
    path: '/api/datasets/{id}',
    summary: 'Describe a dataset.',
    params: IdParams,
    body: z.object({ description: z.string().max(2000) }),
    answer: DatasetView,
    run: ({ actor, params, body }) => describeDataset(actor, params.id, body.description),
  }),
  operation({
    method: 'DELETE',
    path: '/api/datasets/{id}',
    summary: 'Delete a dataset that was uploaded.',
    params: IdParams,
    answer: Nothing,
    status: 204,
    run: async ({ actor, params }) => {
      await deleteDataset(actor, params.id);
      return null;
    },
  }),
];

function parquet({ name, bytes }: { name: string; bytes: AsyncGenerator<Uint8Array> }): Response {
  return streamed(bytes, parquetType, `${name}.parquet`);
}
