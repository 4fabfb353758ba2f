import type { Connection, Credential } from '#prisma/client/client.ts';
import { ConnectionSettings, type ConnectionInput } from '#lib/connection/settings.ts';
import type { Tested, TestStep } from '#lib/connection/view.ts';
import { demand, type Actor } from '#lib/server/access.ts';
import type { Tried } from '#lib/server/connections/connections.ts';
import { isSameReach, openAccount, openSecret } from '#lib/server/connections/reach.ts';
import { getLodestar } from '#lib/server/lodestar.ts';
import { Problem } from '#lib/server/problem.ts';
import { demandConnection, ownOf } from './connection-row.ts';

/*
 * Trying a connection before it is kept. What is tried is what would be kept; a password that is kept already takes part
 * only where it would be sent to the address it was given for.
 */

/** Steps whose failure does not keep a connection from being saved. */
const forgiven = ['people', 'segments'];

/** Tries what is not kept yet, a step at a time. */
export async function testConnection(
  actor: Actor,
  projectId: string,
  input: ConnectionInput,
  signal: AbortSignal,
): Promise<AsyncGenerator<TestStep, Tested>> {
  await demand(actor, projectId, 'own');
  return steps(toTried(actor, projectId, input, null, null), signal);
}

/** Tries a change of one that is kept, and notes what was found when nothing would be changed. */
export async function testChange(
  actor: Actor,
  id: string,
  input: ConnectionInput,
  signal: AbortSignal,
): Promise<AsyncGenerator<TestStep, Tested>> {
  const { row } = await demandConnection(actor, id, 'own');
  const tried = toTried(actor, row.projectId, input, row, await ownOf(actor, row));
  return noted(row, input, steps(tried, signal));
}

/** What all steps found; throws 422 `not-tested` with them when one that is needed failed. */
export async function demandProven(tried: Tried, signal: AbortSignal): Promise<Tested> {
  const tested = await gathered(steps(tried, signal));
  if (tested.good) return tested;
  const failed = tested.steps.find((step) => step.state === 'failed' && !forgiven.includes(step.step));
  const why = failed ? `${failed.step}: ${failed.found}` : 'it was not tried to the end.';
  throw new Problem(422, 'not-tested', `It was tried and cannot be saved: ${why}`, { tested });
}

/** Whether a change touches anything a test would look at: all but its name and limits. */
export function needsTest(row: Connection, given: ConnectionInput): boolean {
  if (given.secret !== undefined && given.settings.identity.kind === 'service') return true;
  return Boolean(given.own) || row.tested === null || !isTestOf(row, given);
}

/**
 * The whole connection as it would be. Throws 422 `secret-needed` when a kept password would go to another address, by
 * another authority or as another account than it was given for.
 */
export function toTried(
  actor: Actor,
  projectId: string,
  input: ConnectionInput,
  row: Connection | null,
  own: Credential | null,
): Tried {
  const url = new URL(input.url).origin;
  const to = { id: row?.id ?? '', url, settings: input.settings };
  const isKept = row !== null && isSameReach(row, to);
  const { kind } = input.settings.identity;
  const keptOwn = isKept && own ? openAccount(getLodestar(), to, own) : null;
  return {
    projectId,
    url,
    settings: input.settings,
    secret: kind === 'service' ? secretOf(input, row, isKept) : null,
    own: kind === 'person' ? (input.own ?? keptOwn) : null,
    person: actor,
  };
}

function secretOf({ secret }: ConnectionInput, row: Connection | null, isKept: boolean): string | null {
  if (secret !== undefined || !row?.secret) return secret ?? null;
  if (isKept) return openSecret(getLodestar(), row, row.secret);
  throw new Problem(
    422,
    'secret-needed',
    'The kept password was given for another address, authority or account. Give it again.',
  );
}

async function* steps(tried: Tried, signal: AbortSignal): AsyncGenerator<TestStep, Tested> {
  const found: TestStep[] = [];
  for await (const step of getLodestar().connections.test(tried, signal)) {
    found.push(step);
    yield step;
  }
  const isGood = found.every((step) => step.state !== 'failed' || forgiven.includes(step.step));
  return { at: getLodestar().now().toISOString(), good: isGood && !signal.aborted, steps: found };
}

async function* noted(
  row: Connection,
  input: ConnectionInput,
  running: AsyncGenerator<TestStep, Tested>,
): AsyncGenerator<TestStep, Tested> {
  const tested = yield* running;
  const isSame = !input.secret && !input.own && isTestOf(row, input);
  if (isSame)
    await getLodestar().db.connection.updateMany({ where: { id: row.id, version: row.version }, data: { tested } });
  return tested;
}

/** Whether what the row holds would be tested the same. */
function isTestOf(row: Connection, input: ConnectionInput): boolean {
  const of = (url: string, settings: unknown) =>
    JSON.stringify([new URL(url).origin, { ...ConnectionSettings.parse(settings), limits: null }]);
  return of(row.url, row.settings) === of(input.url, input.settings);
}

async function gathered(running: AsyncGenerator<TestStep, Tested>): Promise<Tested> {
  for (;;) {
    const next = await running.next();
    if (next.done) return next.value;
  }
}
