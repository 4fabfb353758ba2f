import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findJava } from './java.mjs';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lodestar-java-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function home(version: string): string {
  const place = join(folder, version);
  mkdirSync(join(place, 'bin'), { recursive: true });
  writeFileSync(join(place, 'bin/java'), '');
  writeFileSync(join(place, 'release'), `IMPLEMENTOR="Anyone"\nJAVA_VERSION="${version}"\n`);
  return place;
}

describe('which Java runs Trino', () => {
  it('is the newest one, wherever it stands', () => {
    const homes = [home('17.0.15'), home('25.0.3'), home('24.0.1'), home('1.8.0_412')];
    expect(findJava(homes)).toEqual({ home: join(folder, '25.0.3'), version: 25, release: '25.0.3' });
  });

  it('is none when all are too old, and the newest of them is named', () => {
    expect(findJava([home('1.8.0_412'), home('17.0.15')])).toEqual({
      why: 'Trino needs Java 24 or newer and the newest Java here is 17: install one, or point JAVA_HOME to it',
    });
  });

  it('is none where no Java is', () => {
    mkdirSync(join(folder, 'empty'));
    expect(findJava([join(folder, 'empty')])).toMatchObject({ why: expect.stringContaining('no Java is installed') });
  });
});
