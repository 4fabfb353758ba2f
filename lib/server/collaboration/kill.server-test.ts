import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { killRepeatedly } from '#lib/testing/kills.ts';
import { seeded, seedOfRun } from '#lib/testing/seed.ts';

const kills = Number(process.env.KILLS ?? 10);
const seed = seedOfRun();
const dataDir = await mkdtemp(join(tmpdir(), 'lodestar-kill-'));

afterAll(() => rm(dataDir, { recursive: true, force: true }));

test(
  `kill -9 at ${kills} random moments loses no acknowledged keystroke (SEED=${seed})`,
  { timeout: kills * 20_000 },
  async () => {
    const { typed, acknowledged, lost } = await killRepeatedly(kills, dataDir, seeded(seed));
    console.log(`${kills} kills, ${typed} keystrokes typed, ${acknowledged} acknowledged, ${lost.length} texts lost`);
    expect(lost).toEqual([]);
    expect(acknowledged).toBeGreaterThan(kills);
  },
);
