import { dependantsOf, readersOf, type Graph, type Node } from '#lib/notebook/graph.ts';
import { runOf, type RunState } from '#lib/notebook/run.ts';
import { Following } from './following.ts';
import { outsideOf, streamOf, type World } from './prepare.ts';
import type { StreamReading, Streams } from './streams.ts';

export interface StreamCellsParts {
  streams: Streams;
  world(): World;
  runs(): RunState;
  /** Runs cells as if asked to, now. */
  run(ids: string[]): void;
  /** Someone asks for these. */
  request(ids: string[]): void;
  /** There are other streams; or only their facts are others. */
  onList(isOther: boolean): void;
}

/** The cells of this tab that read streams: brought what they read before they run, and run again as events come. */
export class StreamCells {
  /** False until the first list has come, or will not: no name is unknown before that. */
  isKnown = false;
  /** Resolves when the list has come, or will not. */
  ready: Promise<unknown> = Promise.resolve();
  /** Runs that follow a stream and are nobody's. */
  private readonly quiet = new Set<string>();
  private readonly parts: StreamCellsParts;
  private readonly following: Following;

  constructor(parts: StreamCellsParts) {
    this.parts = parts;
    this.following = new Following({
      streams: parts.streams,
      readersOf: (name) => this.followersOf(name),
      runAgain: (ids) => this.runAgain(ids),
    });
    this.following.start();
  }

  close(): void {
    this.following.close();
  }

  /** Lists streams again: which there are, and how fast they go. */
  refresh(): Promise<void> {
    const { streams, onList } = this.parts;
    const before = namesIn(streams);
    const refreshed = streams.refresh().then((isOther) => {
      const isNews = !this.isKnown || before !== namesIn(streams);
      this.isKnown = true;
      if (isNews || isOther) onList(isNews);
    });
    if (!this.isKnown) this.ready = refreshed;
    return refreshed;
  }

  /** Other minutes of a stream are other rows: who read it runs again. */
  read(id: string, change: StreamReading): void {
    const { streams, onList, request } = this.parts;
    streams.setReading(id, change);
    onList(false);
    const stream = streams.list.find((each) => each.id === id);
    if (stream && change.minutes !== undefined) request(this.followersOf(stream.name));
    else if (change.isLive) void this.following.look();
  }

  /** The last minutes of the streams that these cells read, themselves or through others, as they are now. */
  async bring(ids: readonly string[]): Promise<void> {
    for (const id of ids) this.quiet.delete(id);
    const { streams } = this.parts;
    const world = this.parts.world();
    const read = withNeeds(world.graph, ids);
    const found = world.cells
      .filter((cell) => read.has(cell.id))
      .flatMap((cell) => outsideOf(cell, world).flatMap((name) => streamOf(cell, name, world) ?? []));
    await Promise.all([...new Set(found)].map((stream) => streams.windowOf(stream).refresh()));
  }

  /** Whether the run of a cell that just ended followed a stream. */
  wasQuiet(id: string): boolean {
    return this.quiet.delete(id);
  }

  /** Those that read the stream here, have run, and neither run nor are waited for now. */
  private followersOf(name: string): string[] {
    const runs = this.parts.runs();
    const isBusy = (id: string) => ['queued', 'running'].includes(runOf(runs, id).state);
    return readersOf(runs.graph, name).filter((id) => {
      const isGood = isHere(runs.graph.get(id)!) && runOf(runs, id).state === 'good';
      return isGood && !dependantsOf(runs.graph, id).some(isBusy);
    });
  }

  private runAgain(ids: string[]): void {
    const { graph } = this.parts.runs();
    const followers = ids.flatMap((id) => dependantsOf(graph, id).filter((each) => isHere(graph.get(each)!)));
    for (const id of [...ids, ...followers]) this.quiet.add(id);
    this.parts.run(ids);
  }
}

/** Runs in this tab. */
function isHere({ engine }: Node): boolean {
  return engine !== 'warehouse' && engine !== 'trino';
}

function namesIn({ list }: Streams): string {
  return list.map(({ id, name, columns }) => `${id} ${name} ${columns.length}`).join('\n');
}

/** These and what they read, as far as that runs before them. */
function withNeeds(graph: Graph, ids: readonly string[]): Set<string> {
  const all = new Set(ids);
  for (const id of all) for (const read of graph.get(id)?.needs ?? []) all.add(read);
  return all;
}
