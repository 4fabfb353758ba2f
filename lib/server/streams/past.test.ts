import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Segment } from '#prisma/client/client.ts';
import { Past } from './past.ts';
import { writeMoment } from './timeline.ts';

let home: string;
beforeAll(async () => void (home = await mkdtemp(join(tmpdir(), 'lodestar-past-'))));
afterAll(() => rm(home, { recursive: true, force: true }));

/** Two moments in a file. */
async function segment(id: string): Promise<Segment> {
  const moments = [0, 1].map((first) =>
    writeMoment({ first, rows: 1, received: 0, parts: { '': 0 }, spans: [[0, 1]] }),
  );
  await writeFile(join(home, id), Buffer.concat(moments));
  return { id, streamId: 's', state: 'sealed', timeline: id } as Segment;
}

it.each([
  ['so many segments', { segments: 2, moments: 100 }],
  ['so many moments', { segments: 9, moments: 4 }],
])('%s stay in memory, the last ones asked for', async (_, most) => {
  const folder = { path: (_stream: string, name: string) => join(home, name) };
  const past = new Past({ folder } as unknown as ConstructorParameters<typeof Past>[0], most);
  const segments = [await segment('a'), await segment('b'), await segment('c')];
  for (const each of segments) expect(await past.of(each, 'time')).toHaveLength(2);
  await Promise.all(segments.map(({ id }) => rm(join(home, id))));
  const [a, b, c] = segments as [Segment, Segment, Segment];
  expect(await past.of(b, 'time')).toHaveLength(2);
  expect(await past.of(c, 'time')).toHaveLength(2);
  await expect(past.of(a, 'time')).rejects.toMatchObject({ code: 'ENOENT' });
});

it('one that is larger than all that may stay is read once', async () => {
  const folder = { path: (_stream: string, name: string) => join(home, name) };
  const past = new Past({ folder } as unknown as ConstructorParameters<typeof Past>[0], { segments: 4, moments: 1 });
  const large = await segment('d');
  await past.of(large, 'time');
  await rm(join(home, 'd'));
  expect(await past.of(large, 'time')).toHaveLength(2);
});
