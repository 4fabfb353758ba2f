import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { say } from '#lib/server/boot/terminal.mjs';
import { Failure } from '#lib/server/boot/tool.mjs';
import { startCluster, whyNoTrino } from './cluster.mjs';

/**
 * The one Trino that all parts of `npm test` share: TEST_TRINO_URL where it is set, else one of our own that starts when
 * a part first asks for its `env`. Afterwards `why` says why there can be none here, and `failure` that one which should
 * have started did not.
 */
export function testTrino() {
  const state = { why: null, failure: false, env: () => (started ??= start(state)), stop: async () => {} };
  let started;
  return state;
}

async function start(state) {
  if (process.env.TEST_TRINO_URL) return {};
  state.why = whyNoTrino();
  if (state.why) return {};
  const dir = mkdtempSync(join(tmpdir(), 'lodestar-trino-'));
  const remove = () => rmSync(dir, { recursive: true, force: true });
  try {
    const cluster = await startCluster({ dir, quick: true });
    state.stop = () => cluster.stop().then(remove);
    return { TEST_TRINO_URL: cluster.url };
  } catch (error) {
    remove();
    if (!(error instanceof Failure)) throw error;
    say(error.message);
    state.failure = true;
    return {};
  }
}
