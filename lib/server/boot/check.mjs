import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepare } from './steps.mjs';
import { say, since } from './terminal.mjs';
import { Failure, quietly, root, run, script } from './tool.mjs';

/* `npm run check`: what CI runs. Format, lint with walls, types, generated files, then all tests. The first failure ends it. */
await script(async () => {
  await prepare({ pages: true });
  await step('Format', () => demand('prettier', ['--check', '--log-level=warn', '.']));
  await step('Lint', () => demand('oxlint', ['--deny-warnings']));
  await step('Types', () => demand('tsc', ['--noEmit']));
  await step('Generated files', demandFresh);
  return run('node', ['lib/server/boot/test.mjs']);
});

async function step(name, work) {
  const start = Date.now();
  await work();
  say(`${name}: good (${since(start)})`);
}

async function demand(command, args) {
  const code = await run(command, args);
  if (code !== 0) throw new Failure(`${command} found something to mend.`, code);
}

async function demandFresh() {
  const folder = mkdtempSync(join(tmpdir(), 'lodestar-fresh-'));
  try {
    const fresh = join(folder, 'openapi.json');
    await quietly('node', ['lib/server/api/print.ts', fresh]);
    if (readFileSync(fresh, 'utf8') !== readFileSync(join(root, 'docs/openapi.json'), 'utf8'))
      throw new Failure('docs/openapi.json is stale: run `npm run openapi` and commit it.');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
