import type { DatasetFate } from '#lib/client/api/jobs.ts';
import type { JobView } from '#lib/job/view.ts';
import { count } from '#components/parts/words.ts';
import { outputWords } from './words.ts';

/** What is gone when a job is deleted, as people are asked before. */
export function deletedWords({ live }: Pick<JobView, 'live'>): string {
  const ends = live
    ? `It stops reading ${live.stream.name}, and its place in it is forgotten; events stay.`
    : 'Its schedule ends, and so does what it runs now.';
  return `${ends} Its runs and what happened to it are gone for everyone; what was approved stays under Reviews. This cannot be taken back.`;
}

/** What becomes of its dataset, and of its late events. */
export function outputFate(
  { target, spec, live }: Pick<JobView, 'target' | 'spec' | 'live'>,
  rows: number | null,
  fate: DatasetFate,
): string {
  const late = live?.lateDataset?.name;
  const names = late ? `${target} and ${late}` : target;
  const many = rows === null ? 'its rows' : rows === 0 ? 'no rows' : `its ${count(rows, 'row')}`;
  const table = spec.place ? ` The table ${outputWords(spec)} stays on the cluster.` : '';
  if (fate === 'keep')
    return late
      ? `${names} stay with their rows, as datasets that nothing writes any more.${table}`
      : `${names} stays with ${many}, as a dataset that nothing writes any more.${table}`;
  const gone = late ? `${names} go with all their rows` : `${names} goes with ${many}`;
  return `${gone}; notebooks, charts and jobs that read ${late ? 'them say that they are' : 'it say that it is'} missing.${table}`;
}
