import { Table, tableToIPC } from 'apache-arrow';
import type { KernelError, Relation } from '#kernels/kernel.ts';
import { KernelFailure } from '#kernels/failure.ts';
import type { Answer } from '#lib/client/call.ts';
import { formatCount } from '#lib/table/format.ts';
import { hashText } from '#lib/table/hash.ts';
import type { DatasetEntry, Result } from './store.ts';

type Arrow = Extract<Relation, { kind: 'arrow' }>;

/** More rows than a tab takes in by itself. */
export const mostRows = 5_000_000;

/** A cell's result as others read it. `key` names this very result; its bytes are made when an engine wants them. */
export function resultRelation(key: string, result: Result): Arrow {
  return {
    kind: 'arrow',
    hash: key,
    complete: result.complete,
    ipc: () => Promise.resolve(tableToIPC(new Table(result.schema, result.batches), 'stream')),
  };
}

/** A cell's text as another cell on the same cluster reads it. */
export function queryRelation(sql: string): Extract<Relation, { kind: 'query' }> {
  return { kind: 'query', hash: hashText(sql), complete: true, sql };
}

/** A dataset as the browser reads it: fetched when an engine wants it, once a version. */
export function datasetRelation(
  dataset: DatasetEntry,
  fetchRows: (id: string, signal?: AbortSignal) => Promise<Answer<Uint8Array>>,
): Arrow {
  return {
    kind: 'arrow',
    hash: `${dataset.id}@${dataset.version}`,
    complete: true,
    ipc: async (signal) => {
      if (dataset.rows > mostRows) throw new KernelFailure(tooLarge(dataset));
      const answer = await fetchRows(dataset.id, signal);
      if (answer.ok) return answer.value;
      const { status, code, detail } = answer.problem;
      throw new KernelFailure({
        code: status === 403 || status === 404 ? 'refused' : 'lost',
        message: detail,
        detail: code,
      });
    },
  };
}

function tooLarge(dataset: DatasetEntry): KernelError {
  return {
    code: 'unsupported',
    message: `\`${dataset.name}\` has ${formatCount(dataset.rows, 'row')}, more than a browser tab should hold.`,
    hint: 'Run this cell on the warehouse; what reads its result can stay in the browser.',
  };
}
