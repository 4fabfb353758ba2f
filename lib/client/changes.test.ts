import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { paced, parsePublished, watchChanges, type Published, type Source } from './changes.ts';

class Line extends EventTarget implements Source {
  isClosed = false;

  close(): void {
    this.isClosed = true;
  }
  opens(): void {
    this.dispatchEvent(new Event('open'));
  }
  tells(change: Published): void {
    this.dispatchEvent(new MessageEvent('message', { data: JSON.stringify(change) }));
  }
  breaks(): void {
    this.dispatchEvent(new Event('error'));
  }
}

function setUp() {
  const lines: Line[] = [];
  const watching = new Set<() => void>();
  const page = { isHidden: false };
  const heard: unknown[] = [];
  const changes = watchChanges({
    open: () => {
      const line = new Line();
      lines.push(line);
      return line;
    },
    sight: {
      isHidden: () => page.isHidden,
      watch: (listener) => {
        watching.add(listener);
        return () => void watching.delete(listener);
      },
    },
  });
  const listen = () =>
    changes.listen({
      published: (change) => heard.push(change.version),
      again: () => heard.push('again'),
      state: () => heard.push(changes.state()),
    });
  const look = (isHidden: boolean) => {
    page.isHidden = isHidden;
    for (const listener of watching) listener();
  };
  return { changes, lines, heard, listen, look, watching, line: () => lines.at(-1)! };
}

const change = (version: number): Published => ({ datasetId: 'd', name: 'sessions', version });

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('the line of a project', () => {
  it('is one for all who listen, and goes with the last of them', () => {
    const { lines, listen, heard, line, watching } = setUp();
    const [one, two] = [listen(), listen()];
    line().opens();
    line().tells(change(3));
    expect([lines.length, heard]).toEqual([1, ['live', 'live', 3, 3]]);
    one();
    expect(line().isClosed).toBe(false);
    two();
    expect([line().isClosed, watching.size]).toEqual([true, 0]);
  });

  it('comes back with growing pauses, and says then that something may have been missed', () => {
    const { lines, listen, heard, line } = setUp();
    listen();
    line().opens();
    line().breaks();
    vi.advanceTimersByTime(999);
    expect(lines).toHaveLength(1);
    vi.advanceTimersByTime(1);
    line().breaks();
    vi.advanceTimersByTime(1999);
    expect(lines).toHaveLength(2);
    vi.advanceTimersByTime(1);
    line().opens();
    expect(heard).toEqual(['live', 'lost', 'live', 'again']);
    expect(lines.map((each) => each.isClosed)).toEqual([true, true, false]);
  });

  it('is down while nobody looks, and tells to read again on coming back', () => {
    const { lines, listen, heard, line, look } = setUp();
    listen();
    line().opens();
    look(true);
    expect(line().isClosed).toBe(true);
    vi.advanceTimersByTime(120_000);
    expect(lines).toHaveLength(1);
    look(false);
    line().opens();
    expect(heard).toEqual(['live', 'connecting', 'live', 'again']);
  });

  it('reads again on focus where it is refused, and tries at once', () => {
    const { lines, listen, heard, line, look } = setUp();
    listen();
    line().breaks();
    look(false);
    expect(heard).toEqual(['lost', 'again']);
    expect(lines).toHaveLength(2);
    expect(line().isClosed).toBe(false);
  });
});

it('what is not ours on the line is passed over', () => {
  expect(parsePublished('{"datasetId":"a","name":"b","version":2}')).toEqual({ datasetId: 'a', name: 'b', version: 2 });
  for (const text of ['', 'null', '7', '{"datasetId":"a"}', '<html>']) expect(parsePublished(text)).toBeNull();
});

it('many calls are one at once and one a second after', () => {
  const act = vi.fn();
  const call = paced(act, 1000);
  for (let n = 0; n < 5; n++) call();
  expect(act).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(1000);
  expect(act).toHaveBeenCalledTimes(2);
  vi.advanceTimersByTime(5000);
  expect(act).toHaveBeenCalledTimes(2);
  call();
  call();
  call.stop();
  vi.advanceTimersByTime(5000);
  expect(act).toHaveBeenCalledTimes(3);
});
