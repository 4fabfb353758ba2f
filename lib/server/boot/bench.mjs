import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { prepare } from './steps.mjs';
import { Failure, root, run, script } from './tool.mjs';

/* `npm run bench -- NAME …` runs bench/NAME.bench.ts; without a name it lists them. */
await script(async (names) => {
  const known = readdirSync(join(root, 'bench'))
    .flatMap((file) => /^(.+)\.bench\.ts$/.exec(file)?.[1] ?? [])
    .sort();
  if (names.length === 0) {
    process.stdout.write(`Benches: ${known.join(', ')}\nRun one with: npm run bench -- NAME\n`);
    return 0;
  }
  for (const name of names)
    if (!known.includes(name)) throw new Failure(`There is no bench ${name}. There are: ${known.join(', ')}`);
  await prepare({ pages: true });
  let worst = 0;
  for (const name of names)
    worst = Math.max(worst, await run('node', [`bench/${name}.bench.ts`], { env: { NODE_ENV: 'production' } }));
  return worst;
});
