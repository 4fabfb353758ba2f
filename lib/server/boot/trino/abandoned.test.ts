import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { draftOf, removeAbandoned } from './abandoned.mjs';

test('drafts of processes that are gone are removed, and nothing else, whatever number its name ends with', () => {
  const cache = mkdtempSync(join(tmpdir(), 'lodestar-cache-'));
  const gone = 2 ** 22 + 1; // More than a process number may be.
  const drafts = ['trino-476', 'kafka-4.1.0-jars', 'moto-5.2.5', 'trino-classes-java-25.0.1+8.jsa.0a1b2c3d'];
  const mine = draftOf('trino-476');
  const kept = ['trino-476', 'moto-5.2.5', `moto-5.2.${gone}`, 'kafka-4.1.0-jars', `kafka-data.${gone}`, mine];
  for (const name of [...drafts.map((each) => `${each}.${gone}`), ...kept]) {
    mkdirSync(join(cache, name));
    writeFileSync(join(cache, name, 'file'), 'x');
  }
  removeAbandoned(cache);
  expect(readdirSync(cache).toSorted()).toEqual(kept.toSorted());
  rmSync(cache, { recursive: true });
});
