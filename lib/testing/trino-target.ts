import { Agent } from 'undici';
import type { TrinoTarget } from '#kernels/trino/target.ts';
import { trinoUrl } from './trino.ts';

/** Where tests run their queries: the cluster of the test run unless another is given, as a person of its own. */
export function makeTarget(given: Partial<TrinoTarget> = {}): TrinoTarget {
  return {
    url: given.url ?? trinoUrl(),
    dispatcher: new Agent({ connections: 64 }),
    authorization: null,
    user: 'tester',
    catalog: 'tpch',
    schema: 'tiny',
    session: {},
    source: 'lodestar-test',
    clientTags: ['test'],
    clientInfo: 'a test',
    traceToken: '',
    ...given,
  };
}
