import type { CellType, Engine } from './cell.ts';
import { dependantsOf, needersOf, waitersOf, type Graph, type Node } from './graph.ts';

/*
 * What has run, what runs and what must run next: `apply(state, event) → { state, effects }`. It decides and does
 * nothing: the caller starts kernels and stops them as the effects say, and tells what came of it as events. It knows
 * cells by the graph and results by whether they are fresh; rows are not its business. An event of a run that was
 * replaced, or of a cell that is gone, is late and ignored. P, D and E are a kernel's progress, end and error.
 */

export interface Run<P = unknown, D = unknown, E = unknown> {
  state: 'idle' | 'queued' | 'running' | 'good' | 'stale' | 'failed' | 'cancelled';
  /** Why it is stale, or why it did not run. */
  why: string;
  startedAt: number | null;
  progress: P | null;
  done: D | null;
  error: E | null;
  /** Grows whenever its rows change. */
  revision: number;
  /** Which execution speaks for it; 0 before the first. */
  runId: number;
  /** What changed while it ran; its result will be stale. */
  outdated: string;
}

export interface RunState<P = unknown, D = unknown, E = unknown> {
  graph: Graph;
  runs: ReadonlyMap<string, Run<P, D, E>>;
  lastRunId: number;
}

export type RunEvent<P = unknown, D = unknown, E = unknown> =
  /** The graph as it is now; runs of cells that are gone are forgotten. */
  | { type: 'graph'; graph: Graph; at: number }
  /** People, or the page, want these run. */
  | { type: 'run'; ids: readonly string[]; at: number }
  | { type: 'progress'; id: string; runId: number; progress: P }
  | { type: 'rows'; id: string; runId: number }
  | { type: 'done'; id: string; runId: number; done: D; at: number }
  | { type: 'failed'; id: string; runId: number; error: E; cancelled: boolean; at: number }
  | { type: 'stop'; id: string; at: number }
  /** Its own text, engine or chart changed. */
  | { type: 'edited'; id: string; at: number }
  /** An input's value changed. */
  | { type: 'input'; id: string; at: number }
  /** Something these read changed outside the notebook. */
  | { type: 'outdated'; ids: readonly string[]; what: string; at: number };

export type RunEffect = { type: 'start'; id: string; runId: number } | { type: 'stop'; id: string; runId: number };

export interface Applied<P, D, E> {
  state: RunState<P, D, E>;
  effects: RunEffect[];
}

/** How many runs one engine is given at once; the rest wait their turn and can be stopped without a trace. */
const lanes: Record<Engine, number> = { browser: 1, typescript: 1, warehouse: 3, trino: 3 };

export const idle: Run<never, never, never> = {
  state: 'idle',
  why: '',
  startedAt: null,
  progress: null,
  done: null,
  error: null,
  revision: 0,
  runId: 0,
  outdated: '',
};

export function emptyRuns<P, D, E>(): RunState<P, D, E> {
  return { graph: new Map(), runs: new Map(), lastRunId: 0 };
}

export function apply<P, D, E>(state: RunState<P, D, E>, event: RunEvent<P, D, E>): Applied<P, D, E> {
  const draft = new Draft(state);
  decide(draft, event);
  draft.startNext('at' in event ? event.at : 0);
  return draft.finish();
}

export function runOf<P, D, E>(state: RunState<P, D, E>, id: string): Run<P, D, E> {
  return state.runs.get(id) ?? idle;
}

/** Whether a cell of the type can be run at all. */
export function isRunnable(type: CellType): boolean {
  return type === 'sql' || type === 'typescript' || type === 'chart';
}

function decide<P, D, E>(draft: Draft<P, D, E>, event: RunEvent<P, D, E>): void {
  switch (event.type) {
    case 'graph':
      return draft.useGraph(event.graph, event.at);
    case 'run':
      return event.ids.forEach((id) => draft.request(id));
    case 'progress':
      return draft.speak(event, (run) => ({ ...run, progress: event.progress }));
    case 'rows':
      return draft.speak(event, (run) => ({ ...run, revision: run.revision + 1 }));
    case 'done':
      return draft.end(event.id, event.runId, event.at, { done: event.done });
    case 'failed':
      return draft.end(event.id, event.runId, event.at, { error: event.error, cancelled: event.cancelled });
    case 'stop':
      return draft.stop(event.id);
    case 'edited':
      return draft.edited(event.id, event.at);
    case 'input':
      return draft.input(event.id);
    case 'outdated':
      return event.ids.forEach((id) => {
        draft.spoil(id, `${event.what} changed at ${clock(event.at)}`);
        draft.spoilDependants(id, event.at);
      });
  }
}

type Ending<D, E> = { done: D } | { error: E; cancelled: boolean };

/** The next state while it is being worked out; only `apply` sees one. */
class Draft<P, D, E> {
  private graph: Graph;
  private runs: Map<string, Run<P, D, E>>;
  private lastRunId: number;
  private effects: RunEffect[] = [];

  constructor(state: RunState<P, D, E>) {
    this.graph = state.graph;
    this.runs = new Map(state.runs);
    this.lastRunId = state.lastRunId;
  }

  finish(): Applied<P, D, E> {
    return { state: { graph: this.graph, runs: this.runs, lastRunId: this.lastRunId }, effects: this.effects };
  }

  useGraph(graph: Graph, at: number): void {
    const gone = [...this.runs.keys()].filter((id) => !graph.has(id));
    for (const id of gone) {
      const name = this.graph.get(id)?.name ?? 'What it read';
      for (const reader of this.graph.get(id)?.readBy ?? []) this.spoil(reader, `${name} was deleted at ${clock(at)}`);
      this.halt(id);
      this.runs.delete(id);
    }
    this.graph = graph;
  }

  /** Queues the cell, and before it whatever it reads that has no fresh result (or, when told so, none at all). */
  request(id: string, needs: 'fresh' | 'any' = 'fresh'): void {
    const node = this.graph.get(id);
    if (!node || !isRunnable(node.type)) return;
    if (node.isInCycle) return this.set(id, { state: 'cancelled', why: node.problems.at(-1)! });
    for (const read of node.needs) {
      const { state } = this.run(read);
      const isThere = ['good', 'queued', 'running'].includes(state) || (needs === 'any' && state === 'stale');
      if (!isThere) this.request(read, needs);
    }
    if (this.run(id).state === 'running') this.halt(id);
    this.set(id, { state: 'queued', why: '', progress: null, outdated: '' });
  }

  /** What the present execution of a cell says; all else is late. */
  speak(event: { id: string; runId: number }, change: (run: Run<P, D, E>) => Run<P, D, E>): void {
    const run = this.runs.get(event.id);
    if (run?.state === 'running' && run.runId === event.runId) this.runs.set(event.id, change(run));
  }

  end(id: string, runId: number, at: number, ending: Ending<D, E>): void {
    const before = this.run(id);
    if (before.state !== 'running' || before.runId !== runId) return;
    this.speak({ id, runId }, (run) => ended(run, ending));
    if ('done' in ending) this.follow(id, at);
    else this.miss(id, `${this.name(id)} ${ending.cancelled ? 'was stopped' : 'failed'}`);
  }

  stop(id: string): void {
    const run = this.run(id);
    if (run.state === 'running') this.effects.push({ type: 'stop', id, runId: run.runId });
    if (run.state !== 'queued') return;
    this.set(id, { state: 'cancelled', why: 'Stopped before it began.' });
    this.miss(id, `${this.name(id)} was stopped`);
  }

  edited(id: string, at: number): void {
    const isChart = this.graph.get(id)?.type === 'chart';
    if (isChart && this.canFollow(id)) this.request(id);
    else this.spoil(id, `edited at ${clock(at)}`);
    this.spoilDependants(id, at);
  }

  /** Runs again what ran before and depends on the input; what costs a cluster's time waits for people. */
  input(id: string): void {
    for (const each of dependantsOf(this.graph, id)) {
      const run = this.run(each);
      if (run.state === 'idle' || run.state === 'queued') continue;
      if (this.graph.get(each)!.engine === 'trino') this.spoil(each, `${this.name(id)} changed`);
      else this.request(each, 'any');
    }
  }

  /** A result that is no longer true: stale at once, or as soon as it is there. */
  spoil(id: string, why: string): void {
    const run = this.run(id);
    if (run.state === 'good') this.set(id, { state: 'stale', why });
    if (run.state === 'running') this.set(id, { outdated: why });
  }

  spoilDependants(id: string, at: number): void {
    for (const each of dependantsOf(this.graph, id)) this.spoil(each, `${this.name(id)} changed at ${clock(at)}`);
  }

  startNext(at: number): void {
    for (const node of this.graph.values()) {
      if (this.run(node.id).state === 'queued' && this.isReady(node) && this.hasRoom(node)) this.start(node.id, at);
    }
  }

  /** New rows: what reads them in this tab and ran before follows, as charts do; what costs a server its time is stale. */
  private follow(id: string, at: number): void {
    for (const each of needersOf(this.graph, id)) {
      const { state } = this.run(each);
      if (state === 'queued') continue;
      if (isLocal(this.graph.get(each)!) && (hasRun(state) || this.graph.get(each)!.type === 'chart'))
        this.request(each, 'any');
      else {
        this.spoil(each, `${this.name(id)} ran again at ${clock(at)}`);
        this.spoilDependants(each, at);
      }
    }
  }

  /** A cell gave nothing: what waits for it does not run, what was made from it before is stale. */
  private miss(id: string, what: string): void {
    for (const each of waitersOf(this.graph, id)) {
      if (this.run(each).state === 'queued')
        this.set(each, { state: 'cancelled', why: `${what}, so this did not run.` });
      else this.spoil(each, what);
    }
  }

  private start(id: string, at: number): void {
    const runId = ++this.lastRunId;
    this.set(id, { state: 'running', startedAt: at, progress: null, error: null, runId });
    this.effects.push({ type: 'start', id, runId });
  }

  private halt(id: string): void {
    const run = this.run(id);
    if (run.state === 'running') this.effects.push({ type: 'stop', id, runId: run.runId });
  }

  private isReady(node: Node): boolean {
    return node.needs.every((id) => !['queued', 'running'].includes(this.run(id).state));
  }

  private hasRoom(node: Node): boolean {
    const lane = laneOf(node);
    const busy = [...this.graph.values()].filter(
      (each) => laneOf(each) === lane && this.run(each.id).state === 'running',
    );
    return busy.length < lanes[lane];
  }

  /** A chart follows its source without being asked as soon as that has rows. */
  private canFollow(id: string): boolean {
    return this.graph.get(id)!.reads.every((read) => this.run(read).done !== null);
  }

  private run(id: string): Run<P, D, E> {
    return this.runs.get(id) ?? idle;
  }

  private set(id: string, change: Partial<Run<P, D, E>>): void {
    this.runs.set(id, { ...this.run(id), ...change });
  }

  private name(id: string): string {
    return this.graph.get(id)?.name ?? 'What it reads';
  }
}

function ended<P, D, E>(run: Run<P, D, E>, ending: Ending<D, E>): Run<P, D, E> {
  const settled = { ...run, progress: null, outdated: '', revision: run.revision + 1 };
  if ('done' in ending) {
    return { ...settled, state: run.outdated ? 'stale' : 'good', why: run.outdated, done: ending.done, error: null };
  }
  return { ...settled, state: ending.cancelled ? 'cancelled' : 'failed', why: '', error: ending.error, done: null };
}

function isLocal(node: Node): boolean {
  return node.engine !== 'warehouse' && node.engine !== 'trino';
}

/** A cell that people stopped stays stopped. */
function hasRun(state: Run['state']): boolean {
  return state === 'good' || state === 'stale' || state === 'failed' || state === 'running';
}

function laneOf(node: Node): Engine {
  return node.engine ?? 'browser';
}

/** `14:02`, in the reader's own zone. */
function clock(at: number): string {
  const date = new Date(at);
  return [date.getHours(), date.getMinutes()].map((part) => String(part).padStart(2, '0')).join(':');
}
