import { z } from 'zod';
import { demand, type Actor } from '#lib/server/access.ts';
import { getLodestar } from '#lib/server/lodestar.ts';

/** Something of a project that has a page, by what people call it. */
export const Named = z.object({
  kind: z.enum(['notebook', 'dataset', 'stream', 'job']),
  id: z.string(),
  name: z.string(),
});
export type Named = z.infer<typeof Named>;

/** Of each kind. */
const most = 1000;

/** What a project has, by kind: notebooks as they were edited last, the others by name. */
export async function listNames(actor: Actor, projectId: string): Promise<Named[]> {
  await demand(actor, projectId, 'read');
  const { db } = getLodestar();
  const byName = {
    where: { projectId },
    select: { id: true, name: true },
    orderBy: { name: 'asc' },
    take: most,
  } as const;
  const [notebooks, datasets, streams, jobs] = await Promise.all([
    db.notebook.findMany({
      where: { projectId, deletedAt: null },
      select: { id: true, title: true },
      orderBy: { editedAt: 'desc' },
      take: most,
    }),
    db.dataset.findMany(byName),
    db.stream.findMany(byName),
    db.job.findMany(byName),
  ]);
  return [
    ...notebooks.map(({ id, title }) => ({ kind: 'notebook' as const, id, name: title })),
    ...datasets.map((each) => ({ kind: 'dataset' as const, ...each })),
    ...streams.map((each) => ({ kind: 'stream' as const, ...each })),
    ...jobs.map((each) => ({ kind: 'job' as const, ...each })),
  ];
}
