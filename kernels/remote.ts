import { decodeEvents, eventsMediaType } from './events.ts';
import { concat, encodeFrame } from './frame.ts';
import type { Code, Inputs, Kernel, KernelError, KernelEvent, Relation, RunOptions } from './kernel.ts';

/*
 * Engines behind the server as the page sees them: the same contract over HTTP. The server finds the project's datasets by
 * itself; only what lives in the page (results of browser cells, dropped files) is sent along, up to a limit, and the text of
 * cells that a cluster reads where they run. Leaving or stopping closes the request, which ends the query on the server.
 */

/** The first frame is the query as JSON with the names of the tables, then a frame of Arrow each. */
export const broughtKinds = { query: 1, table: 2 } as const;
export const maxBroughtBytes = 64 * 2 ** 20;

export interface RemoteOptions {
  projectId: string;
  fetch?: typeof globalThis.fetch;
  /** Where /api is; the page's own origin unless told. */
  base?: string;
  headers?: Record<string, string>;
  /** The names a source reads, as a kernel or parser of the same dialect knows them. */
  reads(source: string): Promise<string[]>;
}

/** Which connection a query runs on, and for whom the cluster's own list names it. */
export interface TrinoAbout {
  /** The connection's id. */
  connection: string;
  notebook: string;
  cell: string;
  /** Past the kept answers. */
  fresh: boolean;
}

export function remoteWarehouse(options: RemoteOptions): Kernel {
  return new RemoteKernel('warehouse', options, {});
}

export function remoteTrino(options: RemoteOptions, about: TrinoAbout): Kernel {
  return new RemoteKernel('trino', options, { engine: 'trino', ...about });
}

type Sent = Extract<Relation, { kind: 'arrow' }>;

class RemoteKernel implements Kernel {
  readonly engine: 'warehouse' | 'trino';
  private readonly options: RemoteOptions;
  /** What each query says beside its text. */
  private readonly asked: object;
  private readonly closing = new AbortController();

  constructor(engine: 'warehouse' | 'trino', options: RemoteOptions, asked: object) {
    this.engine = engine;
    this.options = options;
    this.asked = asked;
  }

  reads(source: string): Promise<string[]> {
    return this.options.reads(source);
  }

  async *run(code: Code, inputs: Inputs, options: RunOptions): AsyncGenerator<KernelEvent> {
    const leaving = new AbortController();
    const clock = clockOf(options.timeout);
    const signal = AbortSignal.any([options.signal, this.closing.signal, leaving.signal, clock]);
    try {
      for await (const event of this.events(code, inputs, options, signal)) yield endedBy(event, options, clock);
    } catch (error) {
      yield { type: 'failed', error: stopped(options, clock) ?? unreachable(error) };
    } finally {
      leaving.abort();
    }
  }

  close(): Promise<void> {
    this.closing.abort();
    return Promise.resolve();
  }

  private async *events(
    code: Code,
    inputs: Inputs,
    { limit }: RunOptions,
    signal: AbortSignal,
  ): AsyncGenerator<KernelEvent> {
    signal.throwIfAborted();
    const tables = await tablesOf(inputs.relations, signal);
    if (tables.reduce((sum, { ipc }) => sum + ipc.byteLength, 0) > maxBroughtBytes)
      return yield { type: 'failed', error: tooMuch(this.engine) };
    const queries = queriesOf(inputs.relations);
    const query = {
      sql: code.source,
      parameters: inputs.parameters,
      ...(limit ? { limit } : {}),
      ...this.asked,
      ...(Object.keys(queries).length > 0 ? { queries } : {}),
    };
    const response = await this.post(query, tables, signal);
    if (!response.ok || !response.body) return yield { type: 'failed', error: await problemOf(response) };
    yield* decodeEvents(response.body);
  }

  private post(query: object, tables: { name: string; ipc: Uint8Array }[], signal: AbortSignal): Promise<Response> {
    const { projectId, fetch = globalThis.fetch, base = '', headers } = this.options;
    const path = `${base}/api/projects/${projectId}/query`;
    const common = { method: 'POST', signal };
    const accept = { accept: eventsMediaType, ...headers };
    if (tables.length === 0) {
      return fetch(path, {
        ...common,
        headers: { ...accept, 'content-type': 'application/json' },
        body: JSON.stringify(query),
      });
    }
    const first = new TextEncoder().encode(JSON.stringify({ ...query, tables: tables.map(({ name }) => name) }));
    const frames = tables.map(({ ipc }) => encodeFrame(broughtKinds.table, ipc));
    const body = concat([encodeFrame(broughtKinds.query, first), ...frames]);
    return fetch(`${path}/with-tables`, { ...common, headers: { ...accept, 'content-type': eventsMediaType }, body });
  }
}

/** What the server has as a dataset it reads there. */
async function tablesOf(
  relations: Record<string, Relation>,
  signal: AbortSignal,
): Promise<{ name: string; ipc: Uint8Array }[]> {
  const sent = Object.entries(relations).filter((entry): entry is [string, Sent] => entry[1].kind === 'arrow');
  return Promise.all(sent.map(async ([name, relation]) => ({ name, ipc: await relation.ipc(signal) })));
}

/** Texts of other cells, each after what it reads itself. */
function queriesOf(relations: Record<string, Relation>): Record<string, string> {
  const texts = Object.entries(relations).flatMap(([name, relation]) =>
    relation.kind === 'query' ? [[name, relation.sql] as const] : [],
  );
  return Object.fromEntries(texts);
}

function clockOf(timeout: number | undefined): AbortSignal {
  return timeout === undefined ? new AbortController().signal : AbortSignal.timeout(timeout);
}

/** A connection that broke because we stopped is a run that was stopped. */
function endedBy(event: KernelEvent, options: RunOptions, clock: AbortSignal): KernelEvent {
  const error = event.type === 'failed' ? stopped(options, clock) : null;
  return error ? { type: 'failed', error } : event;
}

function stopped({ signal, timeout }: RunOptions, clock: AbortSignal): KernelError | null {
  if (signal.aborted) return { code: 'cancelled', message: 'Stopped.' };
  if (!clock.aborted) return null;
  return {
    code: 'timeout',
    message: `The query took longer than ${(timeout ?? 0) / 1000} s and was stopped.`,
    hint: 'Filter earlier, or read fewer rows.',
  };
}

function tooMuch(engine: 'warehouse' | 'trino'): KernelError {
  const where = engine === 'trino' ? 'Trino' : 'the warehouse';
  return {
    code: 'unsupported',
    message: `This query reads more than 64 MB of results that live in this browser, too much to send to ${where}.`,
    hint: `Run it in the browser, or ${engine === 'trino' ? 'read fewer of those rows.' : 'upload those rows as a dataset.'}`,
  };
}

/** What the server refuses before the run begins comes as a problem. */
async function problemOf(response: Response): Promise<KernelError> {
  const problem = (await response.json().catch(() => ({}))) as { code?: string; detail?: string };
  const message = problem.detail ?? `The server answered ${response.status}.`;
  return { code: response.status >= 500 ? 'lost' : 'refused', message, detail: problem.code ?? '' };
}

function unreachable(error: unknown): KernelError {
  const detail = error instanceof Error ? error.message : String(error);
  return {
    code: 'lost',
    message: 'The server cannot be reached.',
    hint: 'Check the connection and run the cell again.',
    detail,
  };
}
