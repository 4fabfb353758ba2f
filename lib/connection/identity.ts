import type { Identity } from './settings.ts';

/** Identities in which Lodestar says who the person is; in the other the person's own account says it. */
export type Mapped = Extract<Identity, { becomes: string }>;

/**
 * The Trino user of a person, by the connection's rule: an exception for the e-mail, else the whole address or what stands
 * before its @, in lower case. Pure, so that what a page shows and what the server sends cannot differ.
 */
export function trinoUser(identity: Mapped, email: string): string {
  const address = email.trim().toLowerCase();
  const exception = exceptionFor(identity, address);
  if (exception !== null) return exception;
  return identity.becomes === 'email' ? address : address.slice(0, Math.max(0, address.lastIndexOf('@')));
}

/**
 * People who would become one user without anybody having meant it, by e-mail: `ana@a.example` and `ana@b.example` are not one
 * person. Who has an exception was put there by hand, and neither is refused nor refuses others.
 */
export function sharedUsers(identity: Mapped, emails: string[]): Set<string> {
  const addresses = [...new Set(emails.map((email) => email.trim().toLowerCase()))];
  const byRule = addresses.filter((address) => exceptionFor(identity, address) === null);
  const users = byRule.map((address) => trinoUser(identity, address));
  return new Set(byRule.filter((_, index) => users.filter((user) => user === users[index]).length > 1));
}

function exceptionFor(identity: Mapped, address: string): string | null {
  const found = Object.entries(identity.exceptions).find(([email]) => email.trim().toLowerCase() === address);
  return found?.[1] ?? null;
}
