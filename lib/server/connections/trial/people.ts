import { KernelFailure } from '#kernels/failure.ts';
import { sharedUsers, trinoUser, type Mapped } from '#lib/connection/identity.ts';
import { impersonationRule } from '#lib/connection/rule.ts';
import { asked } from './ask.ts';
import type { Found, Targets, Trial } from './trial.ts';

export interface Member {
  name: string;
  email: string;
}

/** People tried, and how many at a time. */
const most = 25;
const atOnce = 4;

interface Outcome extends Member {
  user: string;
  /** null when the cluster runs as them. */
  refusal: { words: string; isRefused: boolean } | null;
}

/** Whether the cluster lets the account act as each person of the project. */
export async function tryPeople(targets: Targets, trial: Trial): Promise<Found> {
  const { identity } = trial.tried.settings;
  if (identity.kind === 'person')
    return { state: 'skipped', found: 'Each person signs in with an account of their own.' };
  const members = (await trial.members()).slice(0, most);
  const shared = sharedUsers(
    identity,
    members.map(({ email }) => email),
  );
  if (identity.kind === 'none') return believed(identity, members, shared);
  const outcomes = await inParts(members, (member) => tryOne(targets, trial, identity, member));
  targets.selfIsRefused = Boolean(outcomes[0]?.refusal);
  return summed(identity.account, outcomes, shared);
}

function believed(identity: Mapped, members: Member[], shared: Set<string>): Found {
  const users = members.map(({ email }) => trinoUser(identity, email)).join(', ');
  const twice = shared.size > 0 ? ` ${twins(shared)}` : '';
  return { state: 'warned', found: `The cluster believes any name it is told. People become ${users}.${twice}` };
}

async function tryOne(targets: Targets, trial: Trial, identity: Mapped, member: Member): Promise<Outcome> {
  const user = trinoUser(identity, member.email);
  try {
    await asked(targets.as(user), trial, 'SELECT 1');
    return { ...member, user, refusal: null };
  } catch (error) {
    if (!(error instanceof KernelFailure)) throw error;
    const { code, message, detail } = error.error;
    return { ...member, user, refusal: { words: spoken(detail ?? message), isRefused: code === 'refused' } };
  }
}

/** The cluster's sentence, without how it came. */
function spoken(detail: string): string {
  return detail.replace(/^HTTP \d+[^:]*: /, '');
}

function summed(account: string, outcomes: Outcome[], shared: Set<string>): Found {
  const refused = outcomes.filter(({ refusal }) => refusal !== null);
  const allowed = outcomes.filter(({ refusal }) => refusal === null);
  const twice = shared.size > 0 ? twins(shared) : '';
  if (refused.length === 0)
    return {
      state: twice ? 'warned' : 'good',
      found: [`${inWords(allowed)} allowed.`, twice].filter(Boolean).join(' '),
    };
  const names = refused.map(({ name }) => name).join(', ');
  const rest = allowed.length > 0 ? `${inWords(allowed)} allowed.` : 'Nobody is allowed.';
  return {
    state: 'warned',
    found: [`Refused for ${names}. ${rest}`, twice].filter(Boolean).join(' '),
    detail: refused[0]!.refusal!.words,
    rule: refused.some(({ refusal }) => refusal!.isRefused)
      ? impersonationRule(
          account,
          refused.map(({ user }) => user),
        )
      : '',
  };
}

/** `mei and 10 others are` */
function inWords(allowed: Outcome[]): string {
  const [first, ...others] = allowed;
  if (!first) return 'Nobody is';
  if (others.length === 0) return `${first.user} is`;
  return `${first.user} and ${others.length} ${others.length === 1 ? 'other' : 'others'} are`;
}

const twins = (shared: Set<string>) =>
  `${[...shared].join(' and ')} would be one user: name exceptions, until then neither can run queries.`;

async function inParts<T, R>(items: T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let at = 0; at < items.length; at += atOnce)
    results.push(...(await Promise.all(items.slice(at, at + atOnce).map(work))));
  return results;
}
