import { z } from 'zod';
import { EventInput } from '#lib/telemetry/event.ts';
import { Insight } from '#lib/telemetry/insight.ts';
import { eventLimits, noteEvents } from '#lib/server/data/event.ts';
import { projectInsight, workspaceInsight } from '#lib/server/data/insight.ts';
import { operation } from './operation.ts';

const ProjectId = z.object({ id: z.string() });
const Days = z.object({ from: z.iso.date().optional(), to: z.iso.date().optional() });
const Answer = Insight.extend({
  names: z.object({ people: z.record(z.string(), z.string()), notebooks: z.record(z.string(), z.string()) }),
  slow: z.array(
    z.object({
      sqlHash: z.string(),
      notebookId: z.string(),
      cellId: z.string().nullable(),
      engine: z.string(),
      runs: z.number().int(),
      people: z.number().int(),
      took: z.number(),
    }),
  ),
});

const postEvents = operation({
  method: 'POST',
  path: '/api/projects/{id}/events',
  summary: 'Note facts about your own use of the workbench. Who and when are stamped by the server.',
  params: ProjectId,
  body: z.object({ items: z.array(EventInput).max(eventLimits.perCall) }),
  answer: z.object({ accepted: z.number().int() }),
  status: 201,
  run: async ({ actor, params, body }) => ({ accepted: await noteEvents(actor, params.id, body.items) }),
});

const getInsight = operation({
  method: 'GET',
  path: '/api/projects/{id}/insights',
  summary: 'What the use of the workbench in a project adds up to. Days in the zone of the project; `to` is left out.',
  params: ProjectId,
  query: Days,
  answer: Answer,
  run: ({ actor, params, query }) => projectInsight(actor, params.id, query),
});

const getWorkspaceInsight = operation({
  method: 'GET',
  path: '/api/insights',
  summary: 'The same over every project you may read.',
  query: Days,
  answer: Answer,
  run: ({ actor, query }) => workspaceInsight(actor, query),
});

export const events = [postEvents, getInsight, getWorkspaceInsight];
