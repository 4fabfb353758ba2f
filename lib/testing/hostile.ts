import { afterEach } from 'vitest';
import { gather, type Ran } from '#kernels/contract.ts';
import { TrinoKernel } from '#kernels/trino/kernel.ts';
import { usualPatience, type Patience } from '#kernels/trino/retry.ts';
import type { TrinoRunOptions } from '#kernels/trino/target.ts';
import { sendJson, startCoordinator, type Coordinator, type Step } from './coordinator.ts';
import { makeTarget } from './trino-target.ts';

/*
 * What the tests of hostile coordinators share (SECURITY 12): each time the run ends in words or goes on rightly, and what
 * signs us in is never told to anyone but the address that was configured.
 */

export const secret = 'Basic c2VydmljZTpodW50ZXIy';
export const patience: Patience = {
  ...usualPatience,
  silence: 300,
  total: 1_500,
  firstWait: 10,
  longestWait: 100,
  pageBytes: 1 << 20,
};

const open: Coordinator[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

/** One that answers by these steps and is closed after the test. */
export async function coordinator(...steps: Step[]): Promise<Coordinator> {
  const started = await startCoordinator(...steps);
  open.push(started);
  return started;
}

export async function run(url: string, options: Partial<TrinoRunOptions> = {}): Promise<Ran> {
  const kernel = new TrinoKernel(makeTarget({ url, authorization: secret, session: { a: 'b' } }), { patience });
  try {
    return await gather(
      kernel,
      { name: 'cell', source: 'SELECT a FROM t' },
      { parameters: {}, relations: {} },
      options,
    );
  } finally {
    await kernel.close();
  }
}

export const columns = [{ name: 'a', type: 'bigint' }];
/** A page without rows, and another to come. */
export const one: Step = (reply, page) => sendJson(reply, page(true));
/** The last page. */
export const last =
  (given: Record<string, unknown> = { columns, data: [[1], [2]] }): Step =>
  (reply, page) =>
    sendJson(reply, page(false, given));
