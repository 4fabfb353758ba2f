import fc from 'fast-check';
import { expect, describe, test } from 'vitest';
import { Turns, type TurnLimits } from './turns.ts';

const never = new AbortController().signal;

/** Takes for each person in order and notes who was served, with how to give each place back. */
function line(turns: Turns, people: string[]) {
  const served: string[] = [];
  const leave = new Map<number, () => void>();
  const taken = people.map((person, index) =>
    turns.take(person, never).then((left) => {
      served.push(person);
      leave.set(index, left);
    }),
  );
  return { served, leave, taken };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('turns', () => {
  test('hold at most so many together, and so many of one person', async () => {
    const turns = new Turns({ together: 3, perPerson: 2 });
    const { served } = line(turns, ['ada', 'ada', 'ada', 'bob', 'eve']);
    await settle();
    expect(served).toEqual(['ada', 'ada', 'bob']);
    expect(turns.waitingOf('ada')).toBe(1);
  });

  test('go round among people, and in order among one person’s own', async () => {
    const turns = new Turns({ together: 1, perPerson: 1 });
    const { served, leave } = line(turns, ['ada', 'ada', 'ada', 'bob', 'bob']);
    for (let index = 0; index < 5; index++) {
      await settle();
      [...leave.values()].at(-1)!();
    }
    expect(served).toEqual(['ada', 'bob', 'ada', 'bob', 'ada']);
  });

  test('tell who waits how many come before', async () => {
    const turns = new Turns({ together: 1, perPerson: 1 });
    const leave = await turns.take('ada', never);
    const heard: number[] = [];
    void turns.take('ada', never);
    const second = turns.take('ada', never, (before) => heard.push(before));
    void turns.take('bob', never);
    expect(heard).toEqual([1, 2]);
    leave();
    await settle();
    expect(heard.at(-1)).toBe(1);
    expect(await Promise.race([second, settle()])).toBeUndefined();
  });

  test('who stops waiting leaves the line and the others hear of it', async () => {
    const turns = new Turns({ together: 1, perPerson: 1 });
    const leave = await turns.take('ada', never);
    const stop = new AbortController();
    const impatient = expect(turns.take('bob', stop.signal)).rejects.toThrow();
    const heard: number[] = [];
    const patient = turns.take('eve', never, (before) => heard.push(before));
    stop.abort();
    await impatient;
    expect(heard).toEqual([1, 0]);
    leave();
    (await patient)();
    expect(turns.isIdle).toBe(true);
  });

  test('a place given back twice is one place', async () => {
    const turns = new Turns({ together: 1, perPerson: 1 });
    const leave = await turns.take('ada', never);
    leave();
    leave();
    await turns.take('ada', never);
    const { served } = line(turns, ['bob']);
    await settle();
    expect(served).toEqual([]);
  });

  test('a kept place is for its own only, who may also take others', async () => {
    const kept = { places: 1, isOf: (person: string) => person.startsWith('job:') };
    const turns = new Turns({ together: 3, perPerson: 3, kept });
    const { served } = line(turns, ['ada', 'bob', 'eve', 'job:1', 'job:2']);
    await settle();
    expect(served).toEqual(['ada', 'bob', 'job:1']);
  });

  test('wider limits serve who waits; refusing ends all waits', async () => {
    const turns = new Turns({ together: 1, perPerson: 1 });
    const { served, taken } = line(turns, ['ada', 'bob', 'eve']);
    await settle();
    turns.change({ together: 2, perPerson: 1 });
    await settle();
    expect(served).toEqual(['ada', 'bob']);
    turns.refuse(new Error('closed'));
    await expect(taken[2]).rejects.toThrow('closed');
  });

  test('never pass a limit, and serve everybody in the end', async () => {
    const person = fc.constantFrom('ada', 'bob', 'eve', 'job:1', 'job:2');
    const limits = fc.record({ together: fc.integer({ min: 2, max: 4 }), perPerson: fc.integer({ min: 1, max: 3 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(person, { maxLength: 30 }), limits, async (people, limit) => {
        const most: TurnLimits = { ...limit, kept: { places: 1, isOf: (each) => each.startsWith('job:') } };
        expect(await serveAll(new Turns(most), people, limit)).toBe(people.length);
      }),
    );
  });
});

async function serveAll(turns: Turns, people: string[], { together, perPerson }: TurnLimits): Promise<number> {
  const holding: { person: string; leave: () => void }[] = [];
  let served = 0;
  for (const person of people) void turns.take(person, never).then((leave) => holding.push({ person, leave }));
  for (await settle(); holding.length > 0; await settle()) {
    expect(holding.length).toBeLessThanOrEqual(together);
    for (const { person } of holding)
      expect(holding.filter((each) => each.person === person).length).toBeLessThanOrEqual(perPerson);
    served++;
    holding.shift()!.leave();
  }
  expect(turns.isIdle).toBe(true);
  return served;
}
