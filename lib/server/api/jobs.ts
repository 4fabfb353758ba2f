import { BackfillView, JobEntry, JobView, LiveView, Provisional, RunDetail, RunView } from '#lib/job/view.ts';
import { drainJob, listJobs, pauseJob, readJob, resumeJob } from '#lib/server/data/job.ts';
import { deleteJob, JobDeletion } from '#lib/server/data/job-delete.ts';
import { readLiveJob } from '#lib/server/data/live.ts';
import { ProvisionalQuery, readProvisional } from '#lib/server/data/provisional.ts';
import { cancelRun, listRuns, NewBackfill, NewRun, readRun, startBackfill, startRun } from '#lib/server/data/run.ts';
import { IdParams, ListQuery, Nothing, listOf } from './list.ts';
import { operation } from './operation.ts';

const getJobs = operation({
  method: 'GET',
  path: '/api/projects/{id}/jobs',
  summary: 'The jobs of a project, by name.',
  params: IdParams,
  query: ListQuery,
  answer: listOf(JobEntry),
  run: ({ actor, params, query }) => listJobs(actor, params.id, query),
});

const getJob = operation({
  method: 'GET',
  path: '/api/jobs/{id}',
  summary: 'A job with its text, and what stands in each of its windows.',
  params: IdParams,
  answer: JobView,
  run: ({ actor, params }) => readJob(actor, params.id),
});

const getLive = operation({
  method: 'GET',
  path: '/api/jobs/{id}/live',
  summary: 'How a real-time job stands in its stream now; small enough to be asked for each second.',
  params: IdParams,
  answer: LiveView,
  run: ({ actor, params }) => readLiveJob(actor, params.id),
});

const pause = operation({
  method: 'POST',
  path: '/api/jobs/{id}/pause',
  summary:
    'Stop the schedule of a job, or leave a real-time job where it is in its stream. Its output stays and it can be run by hand.',
  params: IdParams,
  answer: JobView,
  run: ({ actor, params }) => pauseJob(actor, params.id),
});

const resume = operation({
  method: 'POST',
  path: '/api/jobs/{id}/resume',
  summary:
    'Take up the schedule of a paused job, from the next window on; a real-time job goes on where it was in its stream.',
  params: IdParams,
  answer: JobView,
  run: ({ actor, params }) => resumeJob(actor, params.id),
});

const drain = operation({
  method: 'POST',
  path: '/api/jobs/{id}/drain',
  summary:
    'Let a real-time job answer all that has come so far, open windows as they are, and pause it then. It goes on after a resume.',
  params: IdParams,
  answer: JobView,
  run: ({ actor, params }) => drainJob(actor, params.id),
});

const remove = operation({
  method: 'DELETE',
  path: '/api/jobs/{id}',
  summary:
    'Delete a job with its runs and notices; what it does is ended first. Its dataset stays, as one that nothing writes, unless told to go with it.',
  params: IdParams,
  query: JobDeletion,
  answer: Nothing,
  status: 204,
  run: async ({ actor, params, query }) => {
    await deleteJob(actor, params.id, query);
    return null;
  },
});

const getProvisional = operation({
  method: 'GET',
  path: '/api/jobs/{id}/provisional',
  summary:
    'What an open window of a real-time job would answer now, at most 1,000 rows: the latest with events unless told. Not published.',
  params: IdParams,
  query: ProvisionalQuery,
  answer: Provisional,
  run: ({ actor, params, query }) => readProvisional(actor, params.id, query),
});

const getRuns = operation({
  method: 'GET',
  path: '/api/jobs/{id}/runs',
  summary: 'The runs of a job, the newest first.',
  params: IdParams,
  query: ListQuery,
  answer: listOf(RunView),
  run: ({ actor, params, query }) => listRuns(actor, params.id, query),
});

const postRun = operation({
  method: 'POST',
  path: '/api/jobs/{id}/runs',
  summary: 'Run one whole past window; what it gives replaces what stood there.',
  params: IdParams,
  body: NewRun,
  answer: RunView,
  status: 201,
  run: ({ actor, params, body }) => startRun(actor, params.id, body),
});

const postBackfill = operation({
  method: 'POST',
  path: '/api/jobs/{id}/backfills',
  summary: 'Run every whole past window that starts in [from, to).',
  params: IdParams,
  body: NewBackfill,
  answer: BackfillView,
  status: 201,
  run: ({ actor, params, body }) => startBackfill(actor, params.id, body),
});

const getRun = operation({
  method: 'GET',
  path: '/api/runs/{id}',
  summary: 'A run with its log.',
  params: IdParams,
  answer: RunDetail,
  run: ({ actor, params }) => readRun(actor, params.id),
});

const cancel = operation({
  method: 'POST',
  path: '/api/runs/{id}/cancel',
  summary: 'Stop a run that waits or works. Nothing of it is published.',
  params: IdParams,
  answer: RunDetail,
  run: ({ actor, params }) => cancelRun(actor, params.id),
});

export const jobs = [
  getJobs,
  getJob,
  getLive,
  pause,
  resume,
  drain,
  remove,
  getProvisional,
  getRuns,
  postRun,
  postBackfill,
  getRun,
  cancel,
];
