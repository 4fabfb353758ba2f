import { paced, type Published } from '#lib/client/changes.ts';
import { dependantsOf, readersOf, type Graph } from '#lib/notebook/graph.ts';
import { isRunnable, runOf, type RunState } from '#lib/notebook/run.ts';
import type { Datasets } from './datasets.ts';
import { Renewing } from './renewing.ts';

export interface DatasetCellsParts {
  datasets: Datasets;
  runs(): RunState;
  /** Runs cells as if asked to, now. */
  run(ids: string[]): void;
  /** Their rows are of an older version of the dataset. */
  outdate(ids: string[], name: string): void;
  /** The list of datasets is another. */
  onList(): void;
}

/** The cells that read datasets follow what is published, and what follows from them does; what costs a cluster its time waits for people. */
export class DatasetCells {
  /** Runs that follow what was published and are nobody's. */
  private readonly quiet = new Set<string>();
  private readonly parts: DatasetCellsParts;
  private readonly renewing: Renewing;
  /** How many rows a dataset has is told now and then, its version at once. */
  private readonly listSoon = paced(() => void this.list(), 15_000);

  constructor(parts: DatasetCellsParts) {
    this.parts = parts;
    this.renewing = new Renewing({
      grow: (change) => parts.datasets.grow(change),
      refresh: () => this.list(),
      readersOf: (name) => this.readers(name),
      runAgain: (ids) => {
        for (const id of ids) this.quiet.add(id);
        parts.run(ids);
      },
      outdate: (ids, name) => parts.outdate(ids, name),
    });
  }

  published(change: Published): void {
    this.renewing.published(change);
    this.listSoon();
  }

  /** Something may have been missed. */
  again(): void {
    this.renewing.again();
  }

  close(): void {
    this.renewing.close();
    this.listSoon.stop();
  }

  /** Someone asks for these. */
  asked(ids: readonly string[]): void {
    for (const id of ids) this.quiet.delete(id);
  }

  /** Whether the run of a cell that just ended followed what was published. */
  wasQuiet(id: string): boolean {
    return this.quiet.delete(id);
  }

  private async list(): Promise<string[]> {
    const names = await this.parts.datasets.refresh();
    this.parts.onList();
    return names;
  }

  private readers(name: string): { ready: string[]; resting: string[]; isBusy: boolean } {
    const runs = this.parts.runs();
    const { graph } = runs;
    const first = readersOf(graph, name);
    const all = [...new Set([...first, ...first.flatMap((id) => dependantsOf(graph, id))])];
    const isIn = (id: string, ...states: string[]) => states.includes(runOf(runs, id).state);
    const mayRun = all.filter((id) => isIn(id, 'good') && mayRunAlone(graph, id));
    const needsPerson = first.filter((id) => isIn(id, 'good') && !mayRunAlone(graph, id));
    return { ready: mayRun, resting: needsPerson, isBusy: all.some((id) => isIn(id, 'queued', 'running')) };
  }
}

/** A query of a cluster runs for people only. */
function mayRunAlone(graph: Graph, id: string): boolean {
  const node = graph.get(id);
  return node !== undefined && isRunnable(node.type) && node.engine !== 'trino';
}
