import { z } from 'zod';
import { ProjectRole } from '#lib/server/data/member.ts';
import { listNames, Named } from '#lib/server/data/names.ts';
import { changeProject, createProject, listProjects, NewProject, readProject } from '#lib/server/data/project.ts';
import { IdParams, Instant, listOf, ListQuery } from './list.ts';
import { operation } from './operation.ts';

const Project = z.object({
  id: z.string(),
  name: z.string(),
  timeZone: z.string(),
  createdAt: Instant,
  role: ProjectRole,
});

export const projects = [
  operation({
    method: 'GET',
    path: '/api/projects',
    summary: 'The projects you are in.',
    query: ListQuery,
    answer: listOf(Project),
    run: ({ actor, query }) => listProjects(actor, query),
  }),
  operation({
    method: 'POST',
    path: '/api/projects',
    summary: 'Make a project; you own it.',
    body: NewProject,
    answer: Project,
    status: 201,
    run: ({ actor, body }) => createProject(actor, body),
  }),
  operation({
    method: 'GET',
    path: '/api/projects/{id}',
    summary: 'One project.',
    params: IdParams,
    answer: Project,
    run: ({ actor, params }) => readProject(actor, params.id),
  }),
  operation({
    method: 'GET',
    path: '/api/projects/{id}/names',
    summary:
      'The names of its notebooks, datasets, streams and jobs: at most 1,000 of each, by which something is found.',
    params: IdParams,
    answer: z.object({ items: z.array(Named) }),
    run: async ({ actor, params }) => ({ items: await listNames(actor, params.id) }),
  }),
  operation({
    method: 'PATCH',
    path: '/api/projects/{id}',
    summary: 'Rename a project or change its time zone.',
    params: IdParams,
    body: NewProject.partial(),
    answer: Project,
    run: ({ actor, params, body }) => changeProject(actor, params.id, body),
  }),
];
