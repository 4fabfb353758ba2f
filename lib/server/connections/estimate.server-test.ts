import { expect, test } from 'vitest';
import { makeTarget } from '#lib/testing/trino-target.ts';
import type { Catalogue } from './connections.ts';
import { estimateOf } from './estimate.ts';

test('an estimate asks the cluster nothing before its turn', async () => {
  const asking = {
    code: { name: 'query', source: 'SELECT 1' },
    inputs: { parameters: {}, relations: {} },
    signal: new AbortController().signal,
  };
  const target = makeTarget({ url: 'http://127.0.0.1:9' });
  const never = () => Promise.reject(new Error('it is not its turn'));
  await expect(estimateOf(target, {} as Catalogue, asking, never)).rejects.toThrow('it is not its turn');
});
