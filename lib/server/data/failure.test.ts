import { expect, test } from 'vitest';
import { toProblem } from './failure.ts';

test('an answer is told in our words; the engine’s own stand beside them', () => {
  const problem = toProblem({
    code: 'lost',
    message: 'Nothing listens on trino.example:8443.',
    hint: 'Check the host.',
    detail: 'connect ECONNREFUSED 10.0.0.1:8443',
  });
  expect(problem).toMatchObject({
    status: 503,
    code: 'lost',
    message: 'Nothing listens on trino.example:8443.',
    extra: { hint: 'Check the host.', said: 'connect ECONNREFUSED 10.0.0.1:8443' },
  });
  expect(problem.extra).not.toHaveProperty('detail');
});
