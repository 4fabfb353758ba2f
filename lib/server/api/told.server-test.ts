import { expect, it } from 'vitest';
import { Problem } from '#lib/server/problem.ts';
import { toToldLines } from './told.ts';

const request = new Request('http://localhost/');
const linesOf = async (response: Response) =>
  (await response.text())
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
const turn = () => new Promise((resolve) => setImmediate(resolve));

it('says what is told, and ends with the result', async () => {
  const response = await toToldLines<string, number>(request, async (tell) => {
    tell('one');
    await turn();
    await turn();
    return 7;
  });
  expect(response.headers.get('content-type')).toContain('application/x-ndjson');
  expect(await linesOf(response)).toEqual([{ progress: 'one' }, { result: 7 }]);
});

it('says only the last of what nobody took in time', async () => {
  const response = await toToldLines<string, number>(request, async (tell) => {
    for (const progress of ['one', 'two', 'three']) tell(progress);
    return 7;
  });
  expect(await linesOf(response)).toEqual([{ progress: 'three' }, { result: 7 }]);
});

it('refuses as any other what is refused before anything is told, and says later what went wrong', async () => {
  const refusal = new Problem(422, 'no-stream', 'It reads none.');
  await expect(toToldLines(request, () => Promise.reject(refusal))).rejects.toBe(refusal);
  const response = await toToldLines<string, number>(request, async (tell) => {
    tell('one');
    await turn();
    throw refusal;
  });
  expect(response.status).toBe(200);
  expect((await linesOf(response)).at(-1)).toMatchObject({
    problem: { status: 422, code: 'no-stream', detail: 'It reads none.' },
  });
});
