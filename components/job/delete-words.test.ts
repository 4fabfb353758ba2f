import { expect, test } from 'vitest';
import type { JobView } from '#lib/job/view.ts';
import { deletedWords, outputFate } from './delete-words.ts';

const spec = { target: 'daily' } as JobView['spec'];
const offline = { target: 'daily', spec, live: null };
const live = { stream: { id: 's', name: 'visits' }, lateDataset: null } as JobView['live'];
const late = { ...live!, lateDataset: { id: 'd', name: 'daily_late' } };

test('what goes is said by the clock the job goes by', () => {
  expect(deletedWords(offline)).toMatch(/^Its schedule ends, and so does what it runs now\. Its runs/);
  expect(deletedWords({ live })).toMatch(/^It stops reading visits, and its place in it is forgotten; events stay\./);
});

test('what becomes of the dataset is said with its rows', () => {
  expect(outputFate(offline, 2016, 'keep')).toBe(
    'daily stays with its 2,016 rows, as a dataset that nothing writes any more.',
  );
  expect(outputFate(offline, 1, 'delete')).toBe(
    'daily goes with its 1 row; notebooks, charts and jobs that read it say that it is missing.',
  );
  expect(outputFate(offline, null, 'keep')).toContain('stays with its rows,');
});

test('late events share its fate, a table of a cluster does not', () => {
  expect(outputFate({ ...offline, live: late }, 5, 'keep')).toBe(
    'daily and daily_late stay with their rows, as datasets that nothing writes any more.',
  );
  expect(outputFate({ ...offline, live: late }, 5, 'delete')).toMatch(/^daily and daily_late go with all their rows;/);
  const place = { connection: 'c', catalog: 'iceberg', schema: 'shop' };
  expect(outputFate({ ...offline, spec: { ...spec, place } as JobView['spec'] }, 5, 'delete')).toMatch(
    /The table iceberg\.shop\.daily stays on the cluster\.$/,
  );
});
