import { describe, expect, it } from 'vitest';
import { Tail, deadEntry, eventEntry, filledShares, mostInHand, utc, type Entry } from './tail.ts';

const received = '2026-11-21 14:01:52.214';
const event = (offset: number, values = {}) =>
  eventEntry({ _offset: String(offset), _received_at: received, ...values });
const events = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => event(from + at));
const ids = (entries: readonly Entry[]) => new Set(entries.map(({ id }) => id));
const shown = (tail: Tail) => tail.view().rows.map(({ id }) => id);

function filled(...entries: Entry[]): Tail {
  const tail = new Tail();
  tail.add(entries, ids(entries));
  return tail;
}

describe('a tail', () => {
  it('shows what matches, the newest first', () => {
    const tail = new Tail();
    tail.add(events(0, 3), new Set(['e0', 'e2']));
    expect(shown(tail)).toEqual(['e2', 'e0']);
    expect(tail.view()).toMatchObject({ matching: 2, inHand: 3, heldAt: null, waiting: 0 });
  });

  it('takes an entry once', () => {
    const tail = filled(event(1));
    tail.add([event(1), event(2)], new Set(['e1', 'e2']));
    expect(shown(tail)).toEqual(['e2', 'e1']);
  });

  it('held, it stays as it was and says how much waits', () => {
    const tail = filled(event(1));
    tail.hold(5);
    tail.add(events(2, 5), new Set(['e2', 'e4']));
    expect(shown(tail)).toEqual(['e1']);
    expect(tail.view()).toMatchObject({ heldAt: 5, waiting: 2 });
    tail.goOn();
    expect(shown(tail)).toEqual(['e4', 'e2', 'e1']);
  });

  it('held, another filter is for what is held, and for what waits', () => {
    const tail = filled(event(1), event(2));
    tail.hold(5);
    tail.add(events(3, 5), new Set());
    tail.match(new Set(['e1', 'e4']));
    expect(shown(tail)).toEqual(['e1']);
    expect(tail.view().waiting).toBe(1);
  });

  it('held for long, it keeps what is read though it is no longer in hand', () => {
    const tail = filled(event(0));
    tail.hold(1);
    tail.add(events(1, mostInHand + 10), new Set());
    expect(shown(tail)).toEqual(['e0']);
    expect(tail.view().inHand).toBe(mostInHand);
  });

  it('has a dead letter where it came, with the field that broke it', () => {
    const letter = {
      number: 0,
      reason: 'load_ms is "fast", which is no BIGINT.',
      raw: '{"load_ms":"fast"}',
      isCut: false,
    };
    const dead = deadEntry({ ...letter, receivedAt: '2026-11-21T14:01:52.300Z' }, ['load', 'load_ms']);
    const later = eventEntry({ _offset: '9', _received_at: '2026-11-21 14:01:53' });
    const tail = filled(later, event(1), dead);
    expect(shown(tail)).toEqual(['e9', 'd0', 'e1']);
    expect(dead).toMatchObject({ field: 'load_ms', values: { load_ms: 'fast' } });
  });

  it('of what is no JSON there are no fields', () => {
    const receivedAt = '2026-11-21T14:01:52.300Z';
    expect(
      deadEntry({ number: 1, receivedAt, reason: 'The line is no JSON.', raw: '{', isCut: false }, []),
    ).toMatchObject({ values: null, field: null });
  });
});

describe('what stands in events', () => {
  it('times are in UTC', () => {
    expect(utc('2026-11-21 14:01:52.214')).toBe(Date.parse('2026-11-21T14:01:52.214Z'));
    expect(utc('2026-11-21T14:01:52+01:00')).toBe(Date.parse('2026-11-21T13:01:52Z'));
    expect(utc(null)).toBeNull();
  });

  it('a share of them has a value', () => {
    const shares = filledShares([event(1, { a: 1 }), event(2, { a: null })], [{ name: 'a' }, { name: 'b' }]);
    expect([...shares]).toEqual([
      ['a', 0.5],
      ['b', 0],
    ]);
  });
});
