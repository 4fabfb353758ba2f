import { z } from 'zod';
import type { Trying } from '#lib/job/evidence.ts';
import { PromotionRequest } from '#lib/job/request.ts';
import { PromotionEntry, PromotionView } from '#lib/job/view.ts';
import { approvePromotion, rejectPromotion, submitPromotion } from '#lib/server/data/approval.ts';
import { createPromotion } from '#lib/server/data/promote.ts';
import { Approval, Decision, listPromotions, readPromotion } from '#lib/server/data/promotion.ts';
import { chosenType } from './answer.ts';
import { linesType } from './lines.ts';
import { IdParams, ListQuery, listOf } from './list.ts';
import { operation } from './operation.ts';
import { toToldLines } from './told.ts';

const postPromotion = operation({
  method: 'POST',
  path: '/api/notebooks/{id}/promotions',
  summary:
    'Freeze a SQL cell with all it reads, try it on one past window on the server, and keep both as a draft. As NDJSON it says how far it is, { progress } a line, and ends with { result } or { problem }.',
  params: IdParams,
  body: PromotionRequest,
  answer: PromotionView,
  produces: ['application/json', linesType],
  status: 201,
  run: ({ actor, params, body, request }) =>
    chosenType(request, ['application/json', linesType]) === linesType
      ? toToldLines<Trying, PromotionView>(request, (tell) => createPromotion(actor, params.id, body, tell))
      : createPromotion(actor, params.id, body),
});

const getPromotions = operation({
  method: 'GET',
  path: '/api/projects/{id}/promotions',
  summary: 'The promotions of a project, the newest first.',
  params: IdParams,
  query: ListQuery,
  answer: listOf(PromotionEntry),
  run: ({ actor, params, query }) => listPromotions(actor, params.id, query),
});

const getPromotion = operation({
  method: 'GET',
  path: '/api/promotions/{id}',
  summary: 'A promotion with its frozen text, its hash, its evidence and what you may do.',
  params: IdParams,
  answer: PromotionView,
  run: ({ actor, params }) => readPromotion(actor, params.id),
});

const submit = operation({
  method: 'POST',
  path: '/api/promotions/{id}/submit',
  summary: 'Ask for a decision about a draft.',
  params: IdParams,
  answer: PromotionView,
  run: ({ actor, params }) => submitPromotion(actor, params.id),
});

const approve = operation({
  method: 'POST',
  path: '/api/promotions/{id}/approve',
  summary:
    'Sign a submitted promotion, by its hash if you name it. Where its evidence differs, `accept` says that you approve it nevertheless. Its job starts to run by its schedule, or with the events that come.',
  params: IdParams,
  body: Approval,
  answer: z.object({ jobId: z.string() }),
  run: ({ actor, params, body }) => approvePromotion(actor, params.id, body),
});

const reject = operation({
  method: 'POST',
  path: '/api/promotions/{id}/reject',
  summary: 'Refuse a promotion, with a comment on what would have to change.',
  params: IdParams,
  body: Decision,
  answer: PromotionView,
  run: ({ actor, params, body }) => rejectPromotion(actor, params.id, body),
});

export const promotions = [postPromotion, getPromotions, getPromotion, submit, approve, reject];
