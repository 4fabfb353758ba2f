import type { Done } from '#kernels/kernel.ts';
import type { Cell, ChartSpec } from '#lib/notebook/cell.ts';
import { hashText } from '#lib/table/hash.ts';
import type { EventInput, Fact } from '#lib/telemetry/event.ts';

type State = 'good' | 'failed' | 'cancelled';

/** What a notebook page notes about its own use: facts only, never text, values or titles. */
export class Telemetry {
  private readonly edits = new Map<string, ReturnType<typeof setTimeout>>();
  private readonly notebookId: string;
  private readonly note: (item: EventInput) => void;
  /** ms of quiet after which a burst of changes to a chart counts as one edit */
  private readonly quiet: number;

  constructor(notebookId: string, note: (item: EventInput) => void, quiet = 2000) {
    this.notebookId = notebookId;
    this.note = note;
    this.quiet = quiet;
  }

  opened(): void {
    this.say(null, { kind: 'notebook-opened' });
  }

  /** A run ended; a chart that got its rows is a chart shown. */
  ran(cell: Cell, state: State, done: Done | null, took: number): void {
    if (cell.chart && state === 'good') this.say(cell.id, chartFact('chart-shown', cell.chart));
    if ((cell.type !== 'sql' && cell.type !== 'typescript') || !cell.engine) return;
    this.say(cell.id, {
      kind: 'cell-run',
      cellType: cell.type,
      engine: cell.engine,
      state,
      took: Math.max(0, took),
      rows: done?.rows ?? null,
      complete: done?.complete ?? null,
      sqlHash: hashText(cell.source),
    });
  }

  /** Someone changes a chart; told once they pause. `read` gives the chart as it is then. */
  chartEdited(cellId: string, read: () => ChartSpec | null | undefined): void {
    clearTimeout(this.edits.get(cellId));
    const tell = () => {
      this.edits.delete(cellId);
      const chart = read();
      if (chart) this.say(cellId, chartFact('chart-edited', chart));
    };
    this.edits.set(cellId, setTimeout(tell, this.quiet));
  }

  close(): void {
    for (const timer of this.edits.values()) clearTimeout(timer);
  }

  private say(cellId: string | null, fact: Fact): void {
    this.note({ notebookId: this.notebookId, cellId, fact });
  }
}

function chartFact(kind: 'chart-shown' | 'chart-edited', chart: ChartSpec): Fact {
  return { kind, type: chart.type, grouped: chart.color !== '', sorted: chart.sort !== '', titled: chart.title !== '' };
}
