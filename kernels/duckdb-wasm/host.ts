import { Engine, type Assets } from './engine.ts';
import { KernelFailure } from '#kernels/failure.ts';
import { Tables } from './tables.ts';

/** An engine and what it holds; they end together. */
export interface Running {
  engine: Engine;
  tables: Tables;
}

export type EngineState = 'off' | 'starting' | 'idle' | 'running' | 'failed';

/** The engine of the moment: started at the first use, once, and anew after the last one was ended. */
export class Host {
  private current: Promise<Running> | null = null;
  private readonly listeners = new Set<(state: EngineState) => void>();
  private readonly assets: () => Assets;
  private readonly grace: number;

  constructor(assets: () => Assets, grace: number) {
    this.assets = assets;
    this.grace = grace;
  }

  /** Rejects with a KernelFailure when DuckDB cannot be started; the next call tries again. */
  running(): Promise<Running> {
    if (!this.current) {
      const starting = this.start();
      this.current = starting;
      starting.then(({ engine }) => engine.whenEnded(() => this.forget(starting))).catch(() => this.forget(starting));
    }
    return this.current;
  }

  /** The engine, where one was asked for already. */
  get started(): Promise<Running> | null {
    return this.current;
  }

  /** Ends the engine; whoever waits for it is told with EngineDied. */
  async end(reason: string): Promise<void> {
    const ended = this.current;
    this.current = null;
    this.tell('off');
    const running = await ended?.catch(() => null);
    running?.engine.end(reason);
  }

  tell(state: EngineState): void {
    for (const listener of this.listeners) listener(state);
  }

  onState(listener: (state: EngineState) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private forget(ended: Promise<Running>): void {
    if (this.current === ended) this.current = null;
  }

  private async start(): Promise<Running> {
    this.tell('starting');
    try {
      const engine = await Engine.start(this.assets(), this.grace);
      this.tell('idle');
      return { engine, tables: new Tables(engine) };
    } catch (error) {
      this.tell('failed');
      throw new KernelFailure({
        code: 'lost',
        message: 'DuckDB could not be started in this browser.',
        hint: 'Reload the page; if it happens again, run the cell on the warehouse.',
        detail: error instanceof Error ? error.message : String(error),
      });
    }
  }
}
