import { createHash, randomBytes } from 'node:crypto';

/** What a bearer secret is for; the prefix lets people and scanners recognise a leaked one. */
export type SecretKind = 'session' | 'token' | 'invitation' | 'setup';

const prefixes: Record<SecretKind, string> = { session: 'lss', token: 'lst', invitation: 'lsi', setup: 'setup' };

/** A new secret of 256 random bits. It is shown once; only its hash is kept. */
export function newSecret(kind: SecretKind): string {
  return `${prefixes[kind]}_${randomBytes(32).toString('base64url')}`;
}

/** SHA-256 in hex. A secret of 256 random bits needs no slow hash. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
