import { mkdtempSync, readFileSync, rmSync, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findChromium } from './browser.mjs';
import { whyNoKafka } from './kafka/install.mjs';
import { prepare } from './steps.mjs';
import { say } from './terminal.mjs';
import { root, run, script } from './tool.mjs';
import { testTrino } from './trino/test-trino.mjs';

/*
 * `npm test`: everything, on the real parts. `npm test -- unit server` runs some parts only. A part that cannot run is
 * named, counts as skipped and never as passed; where CI is set a skip is a failure.
 */

/** In this order; those of one turn at the same time, as they wait for clusters and brokers more than they compute. */
const turns = [['unit'], ['server'], ['browser'], ['trino', 'kafka']];

await script(async (args) => {
  const chosen = turns.flat().filter((part) => args.length === 0 || args.includes(part));
  await prepare({ pages: chosen.some((part) => part !== 'unit' && part !== 'kafka') });
  const total = { passed: 0, failed: 0, skipped: [] };
  const trino = testTrino();
  try {
    for (const turn of turns) {
      const together = turn.filter((part) => chosen.includes(part));
      for (const part of await Promise.all(together.map((each) => runPart(each, trino)))) add(total, part);
    }
  } finally {
    await trino.stop();
  }
  for (const name of total.skipped) say(`skipped: ${name}`);
  process.stdout.write(`${total.passed} passed, ${total.failed} failed, ${total.skipped.length} skipped\n`);
  const isIncomplete = Boolean(process.env.CI) && total.skipped.length > 0;
  return total.failed > 0 || total.passed === 0 || isIncomplete ? 1 : 0;
});

async function runPart(part, trino) {
  if (part === 'unit') return runTests(part, {});
  if (part === 'kafka') return runKafka();
  const env = await trino.env();
  if (part === 'server') return runTests(part, env);
  if (part === 'trino' && trino.failure) return { passed: 0, failed: 1, skipped: [] };
  if (part === 'trino' && trino.why) return none(`the Trino tests, all of them: ${trino.why}`);
  const chromium = await findChromium();
  if (chromium.path) return runTests(part, { ...env, CHROMIUM_PATH: chromium.path });
  if (part === 'browser') return none(`the browser tests, all of them: ${chromium.why}`);
  const results = await runTests(part, env, ['--exclude', '**/*.trino-browser-test.ts']);
  results.skipped.push(`the Trino tests in the browser, all of them: ${chromium.why}`);
  return results;
}

/** Each file brings up brokers of its own. */
async function runKafka() {
  const why = whyNoKafka();
  return why ? none(`the Kafka tests, all of them: ${why}`) : runTests('kafka', {});
}

function none(skipped) {
  return { passed: 0, failed: 0, skipped: [skipped] };
}

async function runTests(part, env, more = []) {
  say(`Running the ${part} tests …`);
  const folder = mkdtempSync(join(tmpdir(), 'lodestar-results-'));
  const file = join(folder, 'results.json');
  try {
    const args = [
      'run',
      '--project',
      part,
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${file}`,
      ...more,
    ];
    const code = await run('vitest', args, { env: { ...env, NODE_ENV: 'test' } });
    return count(part, code, existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A file that could not even be loaded, or a run that broke off, is a failure too. */
function count(part, code, results) {
  if (!results) return { passed: 0, failed: 1, skipped: [] };
  const tests = results.testResults.flatMap((file) =>
    file.assertionResults.map((test) => ({ ...test, file: file.name })),
  );
  const broken = results.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  );
  const passed = tests.filter((test) => test.status === 'passed').length;
  const failed = tests.filter((test) => test.status === 'failed').length + broken.length;
  const skipped = tests.filter((test) => !['passed', 'failed'].includes(test.status));
  return {
    passed,
    failed: failed === 0 && code !== 0 ? 1 : failed,
    skipped: skipped.map((test) => `${part}: ${test.file.slice(root.length + 1)}: ${test.fullName}`),
  };
}

function add(total, part) {
  total.passed += part.passed;
  total.failed += part.failed;
  total.skipped.push(...part.skipped);
}
