import type { Connection, PrismaClient } from '#prisma/client/client.ts';
import { PromotionSpec } from '#lib/job/spec.ts';
import { getLodestar } from '#lib/server/lodestar.ts';
import { conflict } from '#lib/server/problem.ts';

/** Throws 409 `in-use` while a job runs on the connection, or a dataset has its rows there. */
export async function demandUnused({ id, projectId, name }: Connection): Promise<void> {
  const { db } = getLodestar();
  const users = [...(await jobsOn(db, projectId, id)), ...(await datasetsOn(db, projectId, id))];
  if (users.length === 0) return;
  const words = [...new Set(users)].join(', ');
  throw conflict('in-use', `${name} is used by ${words}. Delete or change these first.`, { usedBy: users });
}

async function jobsOn(db: PrismaClient, projectId: string, connectionId: string): Promise<string[]> {
  const jobs = await db.job.findMany({ where: { projectId }, include: { promotion: { select: { spec: true } } } });
  return jobs.filter(({ promotion }) => isOn(promotion.spec, connectionId)).map((job) => `the job ${job.name}`);
}

function isOn(spec: unknown, connectionId: string): boolean {
  const { steps, place } = PromotionSpec.parse(spec);
  return place?.connection === connectionId || steps.some((step) => step.connection === connectionId);
}

async function datasetsOn(db: PrismaClient, projectId: string, connectionId: string): Promise<string[]> {
  const place = { path: ['connection'], equals: connectionId };
  const datasets = await db.dataset.findMany({ where: { projectId, place } });
  return datasets.map((dataset) => `the dataset ${dataset.name}`);
}
