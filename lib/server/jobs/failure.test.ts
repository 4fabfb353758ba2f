import { expect, it } from 'vitest';
import { Problem } from '#lib/server/problem.ts';
import { failureOf } from './failure.ts';

it('what people can mend is told; of a bug nothing is, as it can name files of the server', () => {
  expect(failureOf(new Problem(503, 'not-stored', 'Again.'))).toEqual({ code: 'not-stored', message: 'Again.' });
  const bug = failureOf(new Error("EACCES: permission denied, open '/var/lib/lodestar/streams/a/b.log'"));
  expect(bug.code).toBe('internal');
  expect(bug.message).not.toContain('/var/lib');
});
