import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CellType, Engine } from './cell.ts';
import type { Graph, Node } from './graph.ts';
import { apply, emptyRuns, runOf, type RunEffect, type RunEvent, type RunState } from './run.ts';

type State = RunState<string, string, string>;
type Event = RunEvent<string, string, string>;
interface GivenNode {
  reads?: string[];
  /** What of it is needed as rows; all of it unless told. */
  needs?: string[];
  type?: CellType;
  engine?: Engine | null;
  cycle?: boolean;
}
type Given = Record<string, GivenNode>;

/** A graph whose ids are its names, in the order given. */
function graphOf(given: Given): Graph {
  const nodes = Object.entries(given).map(([id, each]): Node => {
    const { reads = [], needs = reads, type = 'sql', engine, cycle = false } = each;
    const texts = reads.filter((read) => !needs.includes(read));
    const runsOn =
      engine === undefined ? (type === 'sql' ? 'browser' : type === 'typescript' ? 'typescript' : null) : engine;
    const problems = cycle ? ['a circle'] : [];
    return {
      id,
      name: id,
      type,
      engine: runsOn,
      reads,
      needs,
      texts,
      readBy: [],
      outside: [],
      isInCycle: cycle,
      problems,
    };
  });
  for (const node of nodes) node.readBy = nodes.filter((each) => each.reads.includes(node.id)).map((each) => each.id);
  return new Map(nodes.map((node) => [node.id, node]));
}

/** A page in small: keeps the state and the effects, and speaks for kernels when told. */
class Page {
  state: State;
  effects: RunEffect[] = [];

  constructor(given: Given) {
    this.state = apply(emptyRuns<string, string, string>(), { type: 'graph', graph: graphOf(given), at: 0 }).state;
  }

  send(event: Event): RunEffect[] {
    const { state, effects } = apply(this.state, event);
    this.state = state;
    this.effects.push(...effects);
    return effects;
  }

  run(...ids: string[]) {
    return this.send({ type: 'run', ids, at: 1 });
  }

  done(id: string, runId = runOf(this.state, id).runId) {
    return this.send({ type: 'done', id, runId, done: `${id}#${runId}`, at: 2 });
  }

  fail(id: string, cancelled = false) {
    return this.send({ type: 'failed', id, runId: runOf(this.state, id).runId, error: 'no', cancelled, at: 2 });
  }

  /** Ends all that runs, well, until nothing does. */
  settle() {
    for (let left = this.running(); left.length > 0; left = this.running()) for (const id of left) this.done(id);
  }

  running() {
    return [...this.state.graph.keys()].filter((id) => this.of(id) === 'running');
  }

  of(id: string) {
    return runOf(this.state, id).state;
  }

  started() {
    return this.effects.filter((effect) => effect.type === 'start').map((effect) => effect.id);
  }

  graph(given: Given) {
    this.send({ type: 'graph', graph: graphOf(given), at: 3 });
  }
}

const at = 5;
const chain: Given = { a: {}, b: { reads: ['a'] }, c: { reads: ['b'] } };
const withInput: Given = {
  n: { type: 'input' },
  a: { reads: ['n'] },
  b: { reads: ['a'] },
  other: {},
  chart: { type: 'chart', reads: ['b'] },
};

describe('running', () => {
  it('runs first what a cell reads and has no fresh result', () => {
    const page = new Page(chain);
    page.run('c');
    expect(page.started()).toEqual(['a']);
    expect([page.of('b'), page.of('c')]).toEqual(['queued', 'queued']);
    page.settle();
    expect(page.started()).toEqual(['a', 'b', 'c']);
    expect([page.of('a'), page.of('b'), page.of('c')]).toEqual(['good', 'good', 'good']);
  });

  it('does not run again what is fresh', () => {
    const page = new Page(chain);
    page.run('b');
    page.settle();
    page.run('c');
    page.settle();
    expect(page.started()).toEqual(['a', 'b', 'c']);
  });

  it('keeps the end, the error and how often rows changed', () => {
    const page = new Page(chain);
    page.run('a');
    const { runId } = runOf(page.state, 'a');
    page.send({ type: 'progress', id: 'a', runId, progress: 'half' });
    expect(runOf(page.state, 'a')).toMatchObject({ progress: 'half', startedAt: 1 });
    page.send({ type: 'rows', id: 'a', runId });
    page.done('a');
    expect(runOf(page.state, 'a')).toMatchObject({ progress: null, done: `a#${runId}`, error: null, revision: 2 });
    page.run('a');
    page.fail('a');
    expect(runOf(page.state, 'a')).toMatchObject({ state: 'failed', done: null, error: 'no' });
  });

  it('does not run what waits for a cell that failed', () => {
    const page = new Page(chain);
    page.run('c');
    page.fail('a');
    expect([page.of('a'), page.of('b'), page.of('c')]).toEqual(['failed', 'cancelled', 'cancelled']);
    expect(runOf(page.state, 'c').why).toBe('a failed, so this did not run.');
    expect(page.started()).toEqual(['a']);
  });

  it('gives an engine one cell at a time, and other engines theirs meanwhile', () => {
    const page = new Page({ a: {}, b: {}, t: { type: 'typescript' }, w: { engine: 'warehouse' } });
    page.run('a', 'b', 't', 'w');
    expect(page.running()).toEqual(['a', 't', 'w']);
    page.done('a');
    expect(page.running()).toEqual(['b', 't', 'w']);
  });

  it('starts again when asked while it runs, and believes only the new run', () => {
    const page = new Page(chain);
    page.run('a');
    const old = runOf(page.state, 'a').runId;
    expect(page.run('a')).toEqual([
      { type: 'stop', id: 'a', runId: old },
      { type: 'start', id: 'a', runId: old + 1 },
    ]);
    page.send({ type: 'progress', id: 'a', runId: old, progress: 'late' });
    page.send({ type: 'rows', id: 'a', runId: old });
    page.done('a', old);
    expect(runOf(page.state, 'a')).toMatchObject({ state: 'running', progress: null, revision: 0 });
    page.done('a');
    expect(page.of('a')).toBe('good');
  });

  it('refuses a circle, with its words', () => {
    const page = new Page({ a: { reads: ['b'], cycle: true }, b: { reads: ['a'], cycle: true } });
    page.run('a');
    expect(runOf(page.state, 'a')).toMatchObject({ state: 'cancelled', why: 'a circle' });
    expect(page.effects).toEqual([]);
  });

  it('has nothing to run in markdown, inputs and cells that are gone', () => {
    const page = new Page({ m: { type: 'markdown' }, n: { type: 'input' } });
    page.run('m', 'n', 'gone');
    expect(page.effects).toEqual([]);
    expect(page.of('m')).toBe('idle');
  });
});

describe('stopping', () => {
  it('stops what runs when the kernel says so, and what waits at once', () => {
    const page = new Page(chain);
    page.run('c');
    expect(page.send({ type: 'stop', id: 'a', at })).toEqual([{ type: 'stop', id: 'a', runId: 1 }]);
    expect(page.of('a')).toBe('running');
    page.fail('a', true);
    expect([page.of('a'), page.of('c')]).toEqual(['cancelled', 'cancelled']);
    expect(runOf(page.state, 'b').why).toBe('a was stopped, so this did not run.');
  });

  it('takes a waiting cell out of the queue, with all that waits for it', () => {
    const page = new Page(chain);
    page.run('c');
    page.send({ type: 'stop', id: 'b', at });
    page.settle();
    expect(page.started()).toEqual(['a']);
    expect([page.of('a'), page.of('b'), page.of('c')]).toEqual(['good', 'cancelled', 'cancelled']);
  });

  it('ignores a stop of what does not run', () => {
    const page = new Page(chain);
    expect(page.send({ type: 'stop', id: 'a', at })).toEqual([]);
    expect(page.send({ type: 'stop', id: 'gone', at })).toEqual([]);
    expect(page.of('a')).toBe('idle');
  });
});

describe('editing', () => {
  it('makes a result and all made from it stale, and says why', () => {
    const page = new Page(chain);
    page.run('c');
    page.settle();
    page.send({ type: 'edited', id: 'a', at: new Date(2026, 0, 1, 14, 2).getTime() });
    expect([page.of('a'), page.of('b'), page.of('c')]).toEqual(['stale', 'stale', 'stale']);
    expect(runOf(page.state, 'a').why).toBe('edited at 14:02');
    expect(runOf(page.state, 'c').why).toBe('a changed at 14:02');
  });

  it('makes what runs stale as soon as it is done', () => {
    const page = new Page(chain);
    page.run('a');
    page.send({ type: 'edited', id: 'a', at });
    expect(page.of('a')).toBe('running');
    page.done('a');
    expect(page.of('a')).toBe('stale');
  });

  it('lets readers in this tab follow when a cell ran again', () => {
    const page = new Page(chain);
    page.run('c');
    page.settle();
    page.effects = [];
    page.run('a');
    page.settle();
    expect(page.started()).toEqual(['a', 'b', 'c']);
    expect([page.of('a'), page.of('b'), page.of('c')]).toEqual(['good', 'good', 'good']);
  });

  it('makes readers on a server stale when a cell ran again, with all that reads them', () => {
    const page = new Page({ a: {}, b: { reads: ['a'], engine: 'warehouse' }, c: { reads: ['b'] } });
    page.run('c');
    page.settle();
    page.effects = [];
    page.run('a');
    page.settle();
    expect(page.started()).toEqual(['a']);
    expect([page.of('b'), page.of('c')]).toEqual(['stale', 'stale']);
    expect(runOf(page.state, 'b').why).toMatch(/^a ran again at/);
  });

  it('does not run readers that never ran, or were stopped', () => {
    const page = new Page({ a: {}, b: { reads: ['a'] }, c: { reads: ['a'] } });
    page.run('b');
    page.done('a');
    page.fail('b', true);
    page.effects = [];
    page.run('a');
    page.settle();
    expect(page.started()).toEqual(['a']);
  });

  it('tries a failed reader again on new rows', () => {
    const page = new Page(chain);
    page.run('b');
    page.done('a');
    page.fail('b');
    page.run('a');
    page.settle();
    expect(page.of('b')).toBe('good');
  });

  it('draws a chart again when its spec or its source changed', () => {
    const page = new Page(withInput);
    page.run('b');
    page.settle();
    expect(page.started()).toEqual(['a', 'b', 'chart']);
    page.send({ type: 'edited', id: 'chart', at });
    page.settle();
    expect(page.started()).toEqual(['a', 'b', 'chart', 'chart']);
  });

  it('does not run the source for the sake of an edited chart', () => {
    const page = new Page(withInput);
    page.send({ type: 'edited', id: 'chart', at });
    expect(page.effects).toEqual([]);
  });

  it('makes readers of a changed dataset stale', () => {
    const page = new Page(chain);
    page.run('c');
    page.settle();
    page.send({ type: 'outdated', ids: ['b'], what: 'parcels', at });
    expect([page.of('a'), page.of('b'), page.of('c')]).toEqual(['good', 'stale', 'stale']);
    expect(runOf(page.state, 'b').why).toMatch(/^parcels changed at \d\d:\d\d$/);
  });
});

describe('changing an input', () => {
  it('runs again what depends on it and ran before, and nothing else', () => {
    const page = new Page(withInput);
    page.run('b', 'other');
    page.settle();
    page.effects = [];
    page.send({ type: 'input', id: 'n', at });
    page.settle();
    expect(page.started()).toEqual(['a', 'b', 'chart']);
  });

  it('runs nothing that never ran', () => {
    const page = new Page(withInput);
    page.send({ type: 'input', id: 'n', at });
    expect(page.effects).toEqual([]);
  });

  it('does not touch a stale cell that only stands beside', () => {
    const page = new Page({ n: { type: 'input' }, other: {}, a: { reads: ['n', 'other'] } });
    page.run('a');
    page.settle();
    page.send({ type: 'edited', id: 'other', at });
    page.effects = [];
    page.send({ type: 'input', id: 'n', at });
    page.settle();
    expect(page.started()).toEqual(['a']);
    expect(page.of('other')).toBe('stale');
  });

  it('replaces a run that began with the old value', () => {
    const page = new Page(withInput);
    page.run('a');
    page.settle();
    page.run('a');
    const { runId } = runOf(page.state, 'a');
    const effects = page.send({ type: 'input', id: 'n', at });
    expect(effects).toEqual([
      { type: 'stop', id: 'a', runId },
      { type: 'start', id: 'a', runId: runId + 1 },
    ]);
  });

  it('leaves a cluster to people', () => {
    const page = new Page({ n: { type: 'input' }, a: { reads: ['n'], engine: 'trino' } });
    page.run('a');
    page.settle();
    page.send({ type: 'input', id: 'n', at });
    expect(runOf(page.state, 'a')).toMatchObject({ state: 'stale', why: 'n changed' });
  });
});

describe('a cell that is gone', () => {
  it('is stopped and forgotten, its readers are stale, and late events are ignored', () => {
    const page = new Page(chain);
    page.run('b');
    page.settle();
    page.run('a');
    page.effects = [];
    page.graph({ b: {}, c: { reads: ['b'] } });
    expect(page.effects).toEqual([{ type: 'stop', id: 'a', runId: 3 }]);
    expect(runOf(page.state, 'b').why).toMatch(/^a was deleted at/);
    const before = page.state;
    page.send({ type: 'done', id: 'a', runId: 3, done: 'late', at });
    page.send({ type: 'edited', id: 'a', at });
    page.send({ type: 'stop', id: 'a', at });
    page.run('a');
    expect(page.state.runs).toEqual(before.runs);
  });
});

describe('whatever happens', () => {
  const names = ['n', 'a', 'b', 'c', 'd', 'k'];
  const shape = fc.record({ edges: fc.array(fc.tuple(fc.nat(5), fc.nat(5)), { maxLength: 8 }) });
  const acts = fc.array(fc.record({ act: fc.nat(8), pick: fc.nat(5) }), { maxLength: 60 });

  function given(edges: [number, number][]): Given {
    const reads = (at: number) =>
      names.filter((_, other) => edges.some(([a, b]) => Math.max(a, b) === at && Math.min(a, b) === other && a !== b));
    const types: CellType[] = ['input', 'sql', 'sql', 'typescript', 'sql', 'chart'];
    const readable = (name: string) => name !== 'k';
    return Object.fromEntries(
      names.map((name, index) => [
        name,
        {
          type: types[index]!,
          reads: index === 0 ? [] : reads(index).filter(readable),
          ...(name === 'd' && { engine: 'warehouse' as const }),
        },
      ]),
    );
  }

  it('no cell starts before what it reads, none waits for ever, and good means made from the texts as they are', () => {
    fc.assert(
      fc.property(shape, acts, ({ edges }, steps) => {
        const page = new Page(given(edges));
        const texts = new Map(names.map((name) => [name, 0]));
        const results = new Map<string, string>();
        const pending = new Map<number, string>();
        const valueOf = (id: string): string =>
          `${id}${texts.get(id)}(${page.state.graph
            .get(id)!
            .reads.map((each) => results.get(each) ?? `${each}${texts.get(each)}`)
            .join()})`;
        const note = (effects: RunEffect[]) => {
          for (const effect of effects) {
            if (effect.type !== 'start') continue;
            for (const read of page.state.graph.get(effect.id)!.reads)
              expect(['queued', 'running']).not.toContain(page.of(read));
            pending.set(effect.runId, valueOf(effect.id));
          }
          for (const engine of ['browser', 'typescript']) {
            const busy = page.running().filter((id) => (page.state.graph.get(id)!.engine ?? 'browser') === engine);
            expect(busy.length).toBeLessThanOrEqual(1);
          }
        };
        const finish = (id: string) => {
          results.set(id, pending.get(runOf(page.state, id).runId)!);
          note(page.done(id));
        };
        for (const { act, pick } of steps) {
          const id = names[pick]!;
          const busy = page.running();
          const one = busy[pick % Math.max(1, busy.length)];
          if (act <= 1) note(page.run(id));
          if (act >= 2 && act <= 4 && one) finish(one);
          if (act === 5 && one) {
            results.delete(one);
            note(page.fail(one, pick % 2 === 0));
          }
          if (act === 6) {
            texts.set(id, texts.get(id)! + 1);
            note(page.send({ type: id === 'n' ? 'input' : 'edited', id, at }));
          }
          if (act === 7) note(page.send({ type: 'stop', id, at }));
          if (act === 8) note(page.send({ type: 'done', id, runId: 999, done: 'late', at }));
        }
        for (let turns = 0; page.running().length > 0; turns++) {
          expect(turns).toBeLessThan(200);
          for (const id of page.running()) finish(id);
        }
        for (const id of names) expect(['queued', 'running']).not.toContain(page.of(id));
        const isGood = (id: string): boolean =>
          page.state.graph.get(id)!.type === 'input' ||
          (page.of(id) === 'good' && page.state.graph.get(id)!.reads.every(isGood));
        for (const id of names) if (id !== 'n' && isGood(id)) expect(results.get(id)).toBe(valueOf(id));
      }),
      { numRuns: 1500 },
    );
  });
});

describe('a cell that is read as text', () => {
  const given: Given = {
    lake: { engine: 'trino' },
    daily: { engine: 'trino', reads: ['lake'], needs: [] },
    chart: { type: 'chart', reads: ['daily'] },
  };

  it('need not run first, nor end well', () => {
    const page = new Page(given);
    page.run('daily');
    expect(page.started()).toEqual(['daily']);
    page.run('lake');
    page.fail('lake');
    page.done('daily');
    expect(page.of('daily')).toBe('good');
  });

  it('when it is edited, what was made from its text is stale', () => {
    const page = new Page(given);
    page.run('daily', 'lake');
    page.settle();
    page.send({ type: 'edited', id: 'lake', at: 9 });
    expect([page.of('lake'), page.of('daily')]).toEqual(['stale', 'stale']);
  });

  it('when it runs again, nothing that took its text is older for it', () => {
    const page = new Page(given);
    page.run('daily');
    page.settle();
    page.run('lake');
    page.settle();
    expect(page.of('daily')).toBe('good');
  });
});
