import { describe, expect, it } from 'vitest';
import { headingsOf } from './headings.ts';

describe('the outline of a text', () => {
  it('is made of its headings', () => {
    expect(headingsOf('# Question\nwords\n## How *we* ask ##\n')).toEqual([
      { level: 1, text: 'Question' },
      { level: 2, text: 'How we ask' },
    ]);
  });
  it('a line in a code block is no heading', () => {
    expect(headingsOf('```\n# no\n```\n# yes')).toEqual([{ level: 1, text: 'yes' }]);
  });
  it('without headings the first words stand for it', () => {
    expect(headingsOf('See [the docs](http://x) first.\nThen…')).toEqual([{ level: 0, text: 'See the docs first.' }]);
  });
  it('an empty text has none', () => expect(headingsOf(' \n')).toEqual([]));
});
