import { expect, test, vi } from 'vitest';
import { Problem } from './problem.ts';

test('a problem of another module graph is one, and other errors are none', async () => {
  vi.resetModules();
  const { Problem: Other } = await import('./problem.ts');
  expect(Other).not.toBe(Problem);
  expect(new Other(503, 'elsewhere', 'Elsewhere.') instanceof Problem).toBe(true);
  for (const none of [new Error('no'), { status: 503 }, null, 'Problem']) expect(none instanceof Problem).toBe(false);
});
