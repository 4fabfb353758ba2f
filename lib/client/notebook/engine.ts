import type { BrowserEngine, EngineState } from './kernels.ts';
import type { NotebookView } from './store.ts';

/** The browser's engine as the status line tells it. */
export class EngineWatch {
  view: NotebookView['engine'] = { state: 'starting', note: '', memory: null };
  private readonly engine: BrowserEngine;
  private readonly onChange: () => void;
  private readonly leave: () => void;

  constructor(engine: BrowserEngine, onChange: () => void) {
    this.engine = engine;
    this.onChange = onChange;
    this.leave = engine.onState((state) => this.become(state));
    engine.start().then(
      () => this.become('idle'),
      () => this.become('failed'),
    );
  }

  /** Asks how much it holds. */
  async measure(): Promise<void> {
    const memory = await this.engine.memory().catch(() => null);
    if (memory === this.view.memory) return;
    this.view = { ...this.view, memory };
    this.onChange();
  }

  close(): void {
    this.leave();
  }

  /** An engine that is off starts with the next run: for people it is idle. */
  private become(state: EngineState): void {
    this.view = { ...this.view, state: state === 'off' ? 'idle' : state };
    this.onChange();
  }
}
