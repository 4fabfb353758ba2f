import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { draftOf, removeAbandoned } from './abandoned.mjs';

test('drafts of processes that are gone are removed, and nothing else, whatever number its name ends with', () => {
  const cache = mkdtempSync(join(tmpdir(), 'lodestar-cache-'));
  const gone = 2 ** 22 + 1; // More than a process number may be.
  const mine = draftOf(join(cache, 'trino-476'));
  const kept = ['trino-476', 'moto-5.2.5', `moto-5.2.${gone}`, `kafka-4.1.${gone}`, `minio.${gone}`];
  for (const folder of [`trino-476.${gone}`, `trino-470.${gone}`, ...kept]
    .map((name) => join(cache, name))
    .concat(mine)) {
    mkdirSync(folder);
    writeFileSync(join(folder, 'file'), 'x');
  }
  removeAbandoned(cache);
  expect(
    readdirSync(cache)
      .map((name) => join(cache, name))
      .toSorted(),
  ).toEqual([...kept.map((name) => join(cache, name)), mine].toSorted());
  rmSync(cache, { recursive: true });
});
