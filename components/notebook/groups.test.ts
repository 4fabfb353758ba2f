import { describe, expect, it } from 'vitest';
import { groupsOf } from './groups.ts';

describe('how cells stand on the page', () => {
  it('inputs that follow each other share a row', () => {
    expect(groupsOf('a:sql b:input c:input d:sql e:input')).toEqual([
      { ids: ['a'], inputs: false },
      { ids: ['b', 'c'], inputs: true },
      { ids: ['d'], inputs: false },
      { ids: ['e'], inputs: true },
    ]);
  });
  it('an empty notebook has none', () => expect(groupsOf('')).toEqual([]));
});
