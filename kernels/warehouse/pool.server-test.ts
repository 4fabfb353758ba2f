import { afterEach, describe, expect, test } from 'vitest';
import { Pool } from './pool.ts';
import type { Child } from './process.ts';

const never = new AbortController().signal;
let pool: Pool;
afterEach(() => pool.close());

/** Takes for each person in order and notes who was served. */
function line(people: string[]): { served: string[]; children: Promise<Child>[] } {
  const served: string[] = [];
  const children = people.map((person) =>
    pool.take(person, never).then((child) => {
      served.push(person);
      return child;
    }),
  );
  return { served, children };
}

async function release(child: Promise<Child>): Promise<void> {
  pool.release(await child);
  await (await child).gone();
}

describe('the pool', () => {
  test('gives nobody the last place when they hold all others', async () => {
    pool = new Pool(2);
    const first = await pool.take('ada', never);
    const second = pool.take('ada', never);
    const other = await pool.take('bob', never);
    expect(other.pid).not.toBe(first.pid);
    pool.release(first);
    expect((await second).isAlive).toBe(true);
  });

  test('serves who waits by turns, not by who asked most', async () => {
    pool = new Pool(1);
    const held = pool.take('ada', never);
    await held;
    const { served, children } = line(['ada', 'ada', 'bob']);
    await release(held);
    await release(children[2]!);
    await release(children[0]!);
    await children[1];
    expect(served).toEqual(['bob', 'ada', 'ada']);
  });

  test('a child that dies frees its place, though nobody gave it back', async () => {
    pool = new Pool(1);
    const child = await pool.take('ada', never);
    const next = pool.take('bob', never);
    process.kill(child.pid!, 'SIGKILL');
    expect((await next).isAlive).toBe(true);
  });

  test('who stops waiting leaves the line', async () => {
    pool = new Pool(1);
    const held = pool.take('ada', never);
    await held;
    const stop = new AbortController();
    const impatient = pool.take('bob', stop.signal);
    const patient = pool.take('eve', never);
    stop.abort();
    await expect(impatient).rejects.toThrow();
    await release(held);
    expect((await patient).isAlive).toBe(true);
  });

  test('closing refuses who waits and ends every process', async () => {
    pool = new Pool(1);
    const child = await pool.take('ada', never);
    const waiting = expect(pool.take('bob', never)).rejects.toThrow('closed');
    await pool.close();
    await waiting;
    expect(child.isAlive).toBe(false);
  });
});
