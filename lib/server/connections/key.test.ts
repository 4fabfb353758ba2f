import { describe, expect, test } from 'vitest';
import type { Inputs, Relation, RunOptions } from '#kernels/kernel.ts';
import { resultKey, type Asker } from './key.ts';

const asker: Asker = {
  userId: 'ada',
  target: { user: 'ada', catalog: 'iceberg', schema: 'shop', session: { a: '1', b: '2' }, authorization: 'Basic x' },
  connection: { id: 'lake', version: 1 },
};
const arrow = (byte: number): Relation => ({
  kind: 'arrow',
  hash: '',
  complete: true,
  ipc: () => Promise.resolve(new Uint8Array([byte])),
});
const text = (sql: string): Relation => ({ kind: 'query', hash: 'same', complete: true, sql });

interface Given {
  asker?: Asker;
  source?: string;
  inputs?: Partial<Inputs>;
  options?: Partial<RunOptions>;
}

function key({ asker: who = asker, source = 'SELECT 1', inputs = {}, options = {} }: Given = {}): Promise<string> {
  const signal = new AbortController().signal;
  const all = { parameters: {}, relations: {}, ...inputs };
  return resultKey(who, { name: 'q', source }, all, { signal, ...options });
}

const target = (more: Partial<Asker['target']>): Given => ({
  asker: { ...asker, target: { ...asker.target, ...more } },
});

describe('the key of an answer', () => {
  test('is the same for the same run, in whichever order its parts come', async () => {
    const one = await key({
      ...target({ session: { b: '2', a: '1' } }),
      inputs: { relations: { r: arrow(1), s: arrow(2) } },
    });
    expect(await key({ inputs: { relations: { s: arrow(2), r: arrow(1) } } })).toBe(one);
    expect(one).toMatch(/^[0-9a-f]{64}$/);
  });

  test.each<[string, Given]>([
    ['another person with the same user', { asker: { ...asker, userId: 'eve' } }],
    ['another Trino user', target({ user: 'eve' })],
    ['another password', target({ authorization: 'Basic y' })],
    ['no password', target({ authorization: null })],
    ['another connection', { asker: { ...asker, connection: { id: 'other', version: 1 } } }],
    ['the connection after a change', { asker: { ...asker, connection: { id: 'lake', version: 2 } } }],
    ['another catalog', target({ catalog: 'tpch' })],
    ['another schema', target({ schema: 'tiny' })],
    ['another session', target({ session: { a: '1' } })],
    ['another text', { source: 'SELECT 2' }],
    ['a parameter', { inputs: { parameters: { n: { type: 'number', value: 1 } } } }],
    ['a parameter of another type', { inputs: { parameters: { n: { type: 'text', value: '1' } } } }],
    ['rows along', { inputs: { relations: { r: arrow(1) } } }],
    ['other rows along', { inputs: { relations: { r: arrow(2) } } }],
    ['a text along', { inputs: { relations: { r: text('SELECT 1') } } }],
    ['another text along, under the same hash', { inputs: { relations: { r: text('SELECT 2') } } }],
    ['a limit', { options: { limit: 10 } }],
  ])('differs for %s', async (_, given) => {
    expect(await key(given)).not.toBe(await key());
  });

  test('tells parts apart that run together alike', async () => {
    const one = await key(target({ catalog: 'a', schema: 'bc' }));
    expect(await key(target({ catalog: 'ab', schema: 'c' }))).not.toBe(one);
  });
});
