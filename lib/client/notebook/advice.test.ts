import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Question } from '#lib/client/api/connections.ts';
import { Advice, type AdviceApi } from './advice.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const question = (sql: string): Question => ({ connection: 'lake', sql, parameters: {}, queries: {} });
const estimate = { tables: [], rows: 1, bytes: 2, hints: [] };

/** A cell whose text is typed, and a cluster that answers. */
function open() {
  let now: Question | null = null;
  const listeners = new Set<() => void>();
  const store = {
    question: () => now,
    subscribe: (listener: () => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
  const signals: AbortSignal[] = [];
  const validate = vi.fn((_: Question, signal?: AbortSignal) => {
    signals.push(signal!);
    return Promise.resolve({ ok: true as const, value: { problem: null } });
  });
  const api = { validate, estimate: vi.fn(() => Promise.resolve({ ok: true as const, value: estimate })) };
  const advice = new Advice(api as AdviceApi);
  const type = (sql: string | null) => {
    now = sql === null ? null : question(sql);
    for (const listener of listeners) listener();
  };
  return { advice, api, store, signals, type };
}

describe('advice before a run', () => {
  it('is asked for once typing pauses, not for each letter', async () => {
    const { advice, api, store, type } = open();
    advice.watch(store, 'c');
    for (const text of ['S', 'SE', 'SELECT 1']) {
      type(text);
      await vi.advanceTimersByTimeAsync(300);
    }
    expect(api.validate).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(600);
    expect(api.validate).toHaveBeenCalledExactlyOnceWith(question('SELECT 1'), expect.anything());
    expect(advice.of('c')).toEqual({ source: 'SELECT 1', problem: null, estimate });
  });

  it('is asked for again where the cluster could not answer, and not where it refused', async () => {
    const { advice, api, store, type } = open();
    const failing = (status: number) => ({ ok: false as const, problem: { status, code: '', detail: '' } });
    api.estimate.mockResolvedValueOnce(failing(503) as never);
    advice.watch(store, 'c');
    type('SELECT 1');
    await vi.advanceTimersByTimeAsync(600);
    expect(advice.of('c')).toMatchObject({ estimate: null });
    await vi.advanceTimersByTimeAsync(2_000);
    expect(advice.of('c')).toMatchObject({ estimate });
    api.validate.mockResolvedValueOnce(failing(422) as never);
    type('SELECT 2');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(api.validate).toHaveBeenCalledTimes(3);
  });

  it('what was refused is asked for anew when the cell is come back to', async () => {
    const { advice, api, store, type } = open();
    const refused = { ok: false as const, problem: { status: 422, code: 'account-needed', detail: '' } };
    api.validate.mockResolvedValueOnce(refused as never);
    const leave = advice.watch(store, 'c');
    type('SELECT 1');
    await vi.advanceTimersByTimeAsync(600);
    expect(advice.of('c')).toBeNull();
    leave();
    advice.watch(store, 'c');
    await vi.advanceTimersByTimeAsync(600);
    expect(advice.of('c')).toMatchObject({ estimate });
  });

  it('the next key withdraws what was asked', async () => {
    const { advice, api, store, signals, type } = open();
    api.validate.mockImplementationOnce((_, signal) => {
      signals.push(signal!);
      return new Promise((_, reject) => signal!.addEventListener('abort', () => reject(signal!.reason as Error)));
    });
    advice.watch(store, 'c');
    type('SELECT 1');
    await vi.advanceTimersByTimeAsync(600);
    type('SELECT 12');
    expect(signals[0]!.aborted).toBe(true);
    await vi.advanceTimersByTimeAsync(600);
    expect(advice.of('c')?.source).toBe('SELECT 12');
  });

  it('stays when the cell is left, and is not asked for again for the same text', async () => {
    const { advice, api, store, type } = open();
    const leave = advice.watch(store, 'c');
    type('SELECT 1');
    await vi.advanceTimersByTimeAsync(600);
    leave();
    advice.watch(store, 'c');
    await vi.advanceTimersByTimeAsync(5000);
    expect(api.validate).toHaveBeenCalledTimes(1);
    expect(advice.of('c')).not.toBeNull();
  });

  it('leaving in between asks nothing', async () => {
    const { advice, api, store, type } = open();
    const leave = advice.watch(store, 'c');
    type('SELECT 1');
    leave();
    await vi.advanceTimersByTimeAsync(5000);
    expect(api.validate).not.toHaveBeenCalled();
  });

  it('what is wrong stands instead of what it would read; a cell that cannot be asked about has none', async () => {
    const { advice, api, store, type } = open();
    const problem = { code: 'unknown-name' as const, message: 'There is no column x.' };
    api.validate.mockResolvedValue({ ok: true, value: { problem: problem as unknown as null } });
    advice.watch(store, 'c');
    type('SELECT x');
    await vi.advanceTimersByTimeAsync(600);
    expect(advice.of('c')).toEqual({ source: 'SELECT x', problem, estimate: null });
    type(null);
    expect(advice.of('c')).toBeNull();
  });

  it('a cluster that does not answer leaves nothing to show', async () => {
    const { advice, api, store, type } = open();
    const refused = { ok: false as const, problem: { status: 502, code: 'lost', detail: '' } };
    api.validate.mockResolvedValue(refused as never);
    advice.watch(store, 'c');
    type('SELECT 1');
    await vi.advanceTimersByTimeAsync(600);
    expect(advice.of('c')).toBeNull();
  });
});
