import type { Done, KernelError } from '#kernels/kernel.ts';
import type { Cell } from '#lib/notebook/cell.ts';
import type { Graph, Node } from '#lib/notebook/graph.ts';
import { runOf, type Run, type RunState } from '#lib/notebook/run.ts';
import type { Progress } from './runner.ts';
import type { CellView, RunView } from './store.ts';

type Runs = RunState<Progress, Done, KernelError>;
type CellRun = Run<Progress, Done, KernelError>;

/** What a cell's view is made of: it is a new object only when one of these is. */
interface Made {
  cell: Cell;
  run: CellRun;
  isWaiting: boolean;
  words: string;
  view: CellView;
}

/** Makes the views of cells, each the same object as long as it would say the same. */
export class CellViews {
  private made = new Map<string, Made>();
  private list: CellView[] = [];

  of(cells: readonly Cell[], runs: Runs, waiting: ReadonlySet<string>): CellView[] {
    const made = new Map(cells.map((cell) => [cell.id, this.one(cell, runs, waiting.has(cell.id))]));
    this.made = made;
    const next = [...made.values()].map((each) => each.view);
    const isSame = next.length === this.list.length && next.every((view, index) => view === this.list[index]);
    if (!isSame) this.list = next;
    return this.list;
  }

  private one(cell: Cell, runs: Runs, isWaiting: boolean): Made {
    const run = runOf(runs, cell.id);
    const node = runs.graph.get(cell.id);
    const seen = node
      ? { reads: namesOf(node.reads, runs.graph), readBy: namesOf(node.readBy, runs.graph), problems: node.problems }
      : none;
    const words = JSON.stringify([seen, node?.outside]);
    const old = this.made.get(cell.id);
    if (old && old.cell === cell && old.run === run && old.isWaiting === isWaiting && old.words === words) return old;
    const view = { cell, run: toRunView(run, isWaiting), ...seen, reads: [...seen.reads, ...outsideOf(node)] };
    return { cell, run, isWaiting, words, view };
  }
}

const none = { reads: [], readBy: [], problems: [] };

function outsideOf(node: Node | undefined): string[] {
  return node && node.problems.length === 0 ? node.outside : [];
}

function namesOf(ids: readonly string[], graph: Graph): string[] {
  return ids.map((id) => graph.get(id)?.name ?? '').filter(Boolean);
}

function toRunView(run: CellRun, isWaiting: boolean): RunView {
  const { state, why, startedAt, progress, done, error, revision } = run;
  const isQueued = isWaiting && state !== 'running';
  const blocked: KernelError | null = state === 'cancelled' && why ? { code: 'cancelled', message: why } : null;
  return { state: isQueued ? 'queued' : state, why, startedAt, progress, done, error: error ?? blocked, revision };
}
