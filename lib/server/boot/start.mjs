import { prepare } from './steps.mjs';
import { run, script } from './tool.mjs';

/*
 * `npm start`: from a fresh clone to a running Lodestar. `npm run dev` is the same without a build, with Next compiling
 * pages as they are asked for.
 */
await script(async (args) => {
  const dev = args.includes('--dev');
  await prepare({ pages: !dev });
  const env = { NODE_ENV: dev ? 'development' : 'production' };
  return run('node', ['lib/server/main.ts', ...args], { env });
});
