import type { Dispatcher } from 'undici';
import type { TrinoTarget } from '#kernels/server.ts';
import { KernelFailure } from '#kernels/failure.ts';
import type { TestStep } from '#lib/connection/view.ts';
import type { Tried } from '#lib/server/connections/connections.ts';
import type { Exceptions } from '#lib/server/outbound/address.ts';
import { tryPeople, type Member } from './people.ts';
import { askVersion, listCatalogs, runOne, signIn } from './ask.ts';
import { targetsOf } from './identity.ts';
import { resolveHost, speakTls } from './network.ts';
import { lookForSegments } from './segments.ts';
import { stopOne } from './stop.ts';
import { writeAndDrop } from './write.ts';

/*
 * A connection is tried before it is kept: each thing that queries will need, one after another, told as it is found. What
 * needs something that failed is skipped. Nothing here throws for what a cluster does, and nothing told holds a secret.
 */

export interface Trial {
  tried: Tried;
  dispatcher: Dispatcher;
  exceptions: Exceptions;
  /** Who may use the project, the one who tries it first. */
  members(): Promise<Member[]>;
  signal: AbortSignal;
}

/** A step without its name and time; what is not said is empty. */
export type Found = Pick<TestStep, 'state' | 'found'> & Partial<Pick<TestStep, 'detail' | 'rule'>>;

export async function* tryAll(trial: Trial): AsyncGenerator<TestStep> {
  const ahead = new Steps(trial.signal);
  yield* ahead.take('address', () => resolveHost(trial));
  yield* ahead.take('tls', () => speakTls(trial));
  const targets = targetsOf(trial);
  yield* ahead.take('sign-in', () => signIn(targets, trial));
  yield* ahead.take('version', () => askVersion(targets, trial));
  yield* ahead.take('query', () => runOne(targets, trial));
  ahead.forgive();
  yield* ahead.take('people', () => tryPeople(targets, trial));
  const acting = () => targets.acting();
  yield* ahead.take('catalogs', () => listCatalogs(acting(), trial));
  yield* ahead.take('write', () => writeAndDrop(acting(), trial));
  yield* ahead.take('segments', () => lookForSegments(acting(), trial));
  yield* ahead.take('stop', () => stopOne(acting(), trial));
}

/** Whether an account is let in: the steps up to signing in, the first that fails, else the last. */
export async function tryAccount(trial: Trial): Promise<TestStep> {
  const ahead = new Steps(trial.signal);
  let last: TestStep | null = null;
  const works = [
    ['address', () => resolveHost(trial)],
    ['tls', () => speakTls(trial)],
    ['sign-in', () => signIn(targetsOf(trial), trial)],
  ] as const;
  for (const [name, work] of works)
    for await (const step of ahead.take(name, work)) if (last?.state !== 'failed') last = step;
  return last!;
}

/** Steps in a row, each of which needs those before it until they are forgiven. */
class Steps {
  private hasFailed = false;
  private isForgiving = false;
  private signal: AbortSignal;

  constructor(signal: AbortSignal) {
    this.signal = signal;
  }

  /** From here on a step that fails keeps no other from being tried. */
  forgive(): void {
    this.isForgiving = true;
  }

  async *take(step: string, work: () => Promise<Found>): AsyncGenerator<TestStep> {
    if (this.signal.aborted) return;
    const began = performance.now();
    const found: Found = this.hasFailed
      ? { state: 'skipped', found: 'Not tried, as a step before it failed.' }
      : await work().catch(toFound);
    if (found.state === 'failed' && !this.isForgiving) this.hasFailed = true;
    yield { step, detail: '', rule: '', ...found, took: Math.round(performance.now() - began) };
  }
}

/** What a cluster or the network said, as a failed step. A bug is thrown on. */
function toFound(error: unknown): Found {
  if (!(error instanceof KernelFailure)) throw error;
  const { message, hint, detail = '' } = error.error;
  return { state: 'failed', found: hint ? `${message} ${hint}` : message, detail };
}

/** Whom the steps run as. */
export interface Targets {
  /** The account that signs in. */
  account: TrinoTarget;
  /** The person who tries it. */
  self: TrinoTarget;
  as(user: string): TrinoTarget;
  /** The person, unless the cluster refuses to run as them. */
  acting(): TrinoTarget;
  /** Noted by the step that tried it. */
  selfIsRefused: boolean;
}
