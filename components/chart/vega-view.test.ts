import { describe, expect, it } from 'vitest';
import { refusing } from './vega-view.tsx';

describe('what a chart may fetch', () => {
  it('nothing, in none of the ways Vega knows', async () => {
    for (const way of [refusing.load, refusing.sanitize, refusing.http, refusing.file]) {
      await expect(way()).rejects.toThrow('may not fetch');
    }
  });
});
