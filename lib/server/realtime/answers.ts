import type { Column } from '#kernels/kernel.ts';
import { newId } from '#lib/notebook/id.ts';
import { columnDrift } from '#lib/server/jobs/publish.ts';
import { formatCount } from '#lib/table/format.ts';
import type { Prisma } from '#prisma/client/client.ts';
import type { Answer } from './change.ts';
import type { Writing } from './commit.ts';
import { failed, instant, note } from './notices.ts';

/** Publishes windows and writes down what they came to. */
export async function writeAnswers(writing: Writing, answers: Answer[]): Promise<void> {
  if (answers.length === 0) return;
  const { tx, at } = writing;
  const runs: Prisma.RunCreateManyInput[] = [];
  for (const answer of answers) {
    const runId = newId();
    runs.push({ id: runId, ...endOf(answer, writing.columns), ...placeOf(writing, answer) });
    if (!('file' in answer.result)) continue;
    await publishWindow(writing, runId, answer, answer.result);
    writing.columns = answer.result.columns;
  }
  await tx.run.createMany({ data: runs });
  const lines = runs.flatMap((run, index) => lineOf(run, answers[index]!, at));
  if (lines.length > 0) await tx.runLine.createMany({ data: lines });
  await noteFailures(writing, answers);
}

async function publishWindow(
  { tx, warehouse, standing }: Writing,
  runId: string,
  { window }: Answer,
  output: Extract<Answer['result'], { file: unknown }>,
): Promise<void> {
  await warehouse.publish(tx, {
    datasetId: standing.job.datasetId,
    key: window.start.toISOString(),
    ...output,
    windowStart: window.start,
    windowEnd: window.end,
    runId,
  });
}

function placeOf({ standing, at }: Writing, { window, cause, through, events, late, startedAt }: Answer) {
  return {
    jobId: standing.job.id,
    promotionId: standing.job.promotionId,
    windowStart: window.start,
    windowEnd: window.end,
    cause,
    attempt: 1,
    through,
    eventsIn: events,
    late,
    queuedAt: startedAt,
    startedAt,
    endedAt: at,
  };
}

function endOf({ result, warning }: Answer, before: Column[]) {
  if (!('file' in result)) return { state: 'failed', error: { ...result.failure } };
  const { rows, bytes } = result.file;
  const drift = columnDrift(before, result.columns);
  const error = warning ? { ...warning } : drift && { code: 'columns-changed', message: drift };
  return { state: error ? 'warned' : 'good', rows, bytes, ...(error ? { error } : {}) };
}

/** A line where there is something to say. */
function lineOf(run: Prisma.RunCreateManyInput, { result, cause, corrections }: Answer, at: Date) {
  const lines = [];
  if (cause === 'late') lines.push(`Published again with ${formatCount(corrections, 'event')} that came late.`);
  if (!('file' in result)) lines.push(result.failure.message);
  return lines.map((text) => ({ runId: run.id!, at, text: text.slice(0, 2000) }));
}

async function noteFailures({ tx, standing, at }: Writing, answers: Answer[]): Promise<void> {
  const notices = answers.flatMap(({ window, result }) =>
    'file' in result
      ? []
      : [
          failed(`The window of ${instant(window.start)} was not published: ${result.failure.message}`, {
            windowStart: window.start.toISOString(),
            code: result.failure.code,
          }),
        ],
  );
  await note(tx, standing.job.id, notices, at);
}
