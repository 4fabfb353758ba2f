import { Schema, Table, tableToIPC, type RecordBatch } from 'apache-arrow';
import { KernelFailure } from '#kernels/failure.ts';
import type { Kernel, Relation } from '#kernels/kernel.ts';
import { freeName, toName } from '#lib/notebook/name.ts';
import type { LocalFile } from './store.ts';

/** A free name for a file's table: `Late parcels (42).csv` becomes `late_parcels_42`. */
export function tableName(fileName: string, taken: Iterable<string>): string {
  const stem = fileName.replace(/\.[^.]*$/, '').toLowerCase();
  return freeName(toName(stem) || 'file', taken);
}

/** A file of this tab for engines that do not hold it: read out of the one that does. */
export function fileRelation(file: LocalFile, browser: Kernel): Extract<Relation, { kind: 'arrow' }> {
  return {
    kind: 'arrow',
    hash: `file:${file.name}:${file.fileName}:${file.bytes}:${file.rows}`,
    complete: true,
    ipc: (signal) => readAll(file.name, browser, signal ?? new AbortController().signal),
  };
}

async function readAll(name: string, browser: Kernel, signal: AbortSignal): Promise<Uint8Array> {
  const batches: RecordBatch[] = [];
  let schema = new Schema([]);
  const code = { name, source: `SELECT * FROM "${name.replaceAll('"', '""')}"` };
  for await (const event of browser.run(code, { parameters: {}, relations: {} }, { signal })) {
    if (event.type === 'schema') schema = event.schema;
    if (event.type === 'batch') batches.push(event.batch);
    if (event.type === 'failed') throw new KernelFailure(event.error);
  }
  return tableToIPC(new Table(schema, batches), 'stream');
}
