import { call, toRefusal, type Answer } from '#lib/client/call.ts';
import type { ConnectionInput } from '#lib/connection/settings.ts';
import type {
  CatalogueTable,
  ConnectionEntry,
  ConnectionView,
  Estimate,
  Found,
  NameList,
  TableDetail,
  TableList,
  Tested,
  TestStep,
} from '#lib/connection/view.ts';
import type { KernelError } from '#kernels/kernel.ts';
import type { Parameters } from '#lib/sql/parameter.ts';

/** What a Trino cell asks before it runs. */
export interface Question {
  /** The connection's id. */
  connection: string;
  sql: string;
  parameters: Parameters;
  /** Texts of other cells it reads, by name. */
  queries: Record<string, string>;
}

export interface SampleRows {
  columns: { name: string; type: string }[];
  rows: unknown[][];
}

export async function listConnections(projectId: string): Promise<Answer<ConnectionEntry[]>> {
  const answer = await call<{ items: ConnectionEntry[] }>('GET', `/api/projects/${projectId}/connections`);
  return answer.ok ? { ok: true, value: answer.value.items } : answer;
}

export function createConnection(projectId: string, input: ConnectionInput): Promise<Answer<ConnectionView>> {
  return call('POST', `/api/projects/${projectId}/connections`, input);
}

export function changeConnection(id: string, input: ConnectionInput): Promise<Answer<ConnectionView>> {
  return call('PUT', `/api/connections/${id}`, input);
}

export function deleteConnection(id: string): Promise<Answer<void>> {
  return call('DELETE', `/api/connections/${id}`);
}

/** Keeps this person's own account there; it is tried first. */
export function giveAccount(id: string, given: { account: string; secret: string }): Promise<Answer<void>> {
  return call('PUT', `/api/connections/${id}/credential`, given);
}

export function takeAccount(id: string): Promise<Answer<void>> {
  return call('DELETE', `/api/connections/${id}/credential`);
}

/**
 * Tries a connection that is being made (by its project) or changed (by its id); `onStep` hears each step as it is found.
 * Throws only when the signal is aborted.
 */
export async function testConnection(
  of: { projectId: string } | { id: string },
  input: ConnectionInput,
  onStep: (step: TestStep) => void,
  signal: AbortSignal,
): Promise<Answer<Tested>> {
  const path = 'id' in of ? `/api/connections/${of.id}/test` : `/api/projects/${of.projectId}/connections/test`;
  try {
    const response = await fetch(path, {
      method: 'POST',
      credentials: 'same-origin',
      headers: { accept: 'application/x-ndjson', 'content-type': 'application/json' },
      body: JSON.stringify(input),
      signal,
    });
    if (!response.ok || !response.body) return { ok: false, problem: await toRefusal(response) };
    for await (const line of linesOf(response.body)) {
      const said = JSON.parse(line) as TestStep | Tested;
      if ('steps' in said) return { ok: true, value: said };
      onStep(said);
    }
    return { ok: false, problem: broken };
  } catch (error) {
    if (signal.aborted) throw error;
    return { ok: false, problem: broken };
  }
}

const broken = {
  status: 0,
  code: 'offline',
  detail: 'The server stopped answering before the test ended. Nothing was saved; test again in a moment.',
};

/** Lines of a body however its bytes were cut. */
export async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      const lines = (rest + decoder.decode(read.value, { stream: true })).split('\n');
      rest = lines.pop()!;
      yield* lines.filter((line) => line.trim() !== '');
    }
    if (rest.trim() !== '') yield rest;
  } finally {
    await reader.cancel().catch(() => undefined); // who stops listening in the middle ends the test
  }
}

export function validateSql(
  { connection, ...question }: Question,
  signal?: AbortSignal,
): Promise<Answer<{ problem: KernelError | null }>> {
  return call('POST', `/api/connections/${connection}/validate`, question, signal);
}

export function estimateSql({ connection, ...question }: Question, signal?: AbortSignal): Promise<Answer<Estimate>> {
  return call('POST', `/api/connections/${connection}/estimate`, question, signal);
}

/** The catalogue of a connection, as the asking person may see it. `fresh` asks the cluster anew. */
export function catalogueApi(id: string) {
  const read = <T>(path: string, query: Record<string, string>, fresh: boolean): Promise<Answer<T>> => {
    const asked = new URLSearchParams({ ...query, ...(fresh && { fresh: 'true' }) });
    return call('GET', `/api/connections/${id}/${path}${asked.size > 0 ? `?${asked}` : ''}`);
  };
  return {
    catalogs: (fresh = false) => read<NameList>('catalogs', {}, fresh),
    schemas: (catalog: string, fresh = false) => read<NameList>('schemas', { catalog }, fresh),
    tables: (catalog: string, schema: string, fresh = false) => read<TableList>('tables', { catalog, schema }, fresh),
    table: ({ catalog, schema, name }: CatalogueTable, fresh = false) =>
      read<TableDetail>('table', { catalog, schema, table: name }, fresh),
    sample: ({ catalog, schema, name }: CatalogueTable, fresh = false) =>
      read<SampleRows>('sample', { catalog, schema, table: name }, fresh),
    search: (q: string) => read<Found>('search', { q }, false),
  };
}

export type CatalogueApi = ReturnType<typeof catalogueApi>;
