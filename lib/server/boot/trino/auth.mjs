import { pbkdf2Sync, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { quietly } from '#lib/server/boot/tool.mjs';

/*
 * What a guarded cluster knows: a certificate of its own for loopback, people with passwords, and rules on who may act
 * for whom. Made once per data folder; secrets are random.
 */

/** A service account, which may run queries as anybody but priya, and a person with a password of her own. */
export const users = ['svc_lodestar', 'mei'];

const rules = {
  catalogs: [{ allow: 'all' }],
  impersonation: [
    { original_user: 'svc_lodestar', new_user: 'priya', allow: false },
    { original_user: 'svc_lodestar', new_user: '.*' },
  ],
};

/**
 * Makes what is missing in `folder`. `ca` is the certificate to trust, as PEM; `passwords` are by user.
 * @param {string} folder @param {string} java a Java's home, for its keytool
 * @returns {Promise<{ folder: string, keystorePassword: string, passwords: Record<string, string>, ca: string }>}
 */
export async function guard(folder, java) {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { keystorePassword, passwords } = secretsIn(folder);
  if (!existsSync(join(folder, 'certificate.pem'))) await makeCertificate(folder, keystorePassword, java);
  const lines = Object.entries(passwords).map(([user, password]) => `${user}:${hash(password)}\n`);
  writeFileSync(join(folder, 'passwords'), lines.join(''), { mode: 0o600 });
  writeFileSync(join(folder, 'rules.json'), JSON.stringify(rules, null, 2));
  return { folder, keystorePassword, passwords, ca: readFileSync(join(folder, 'certificate.pem'), 'utf8') };
}

function secretsIn(folder) {
  const file = join(folder, 'secrets.json');
  if (!existsSync(file)) {
    const passwords = Object.fromEntries(users.map((user) => [user, secret()]));
    writeFileSync(file, JSON.stringify({ keystorePassword: secret(), passwords }, null, 2), { mode: 0o600 });
  }
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** Self-signed: whoever trusts this very certificate can check the server by it. */
async function makeCertificate(folder, password, java) {
  const keytool = join(java, 'bin/keytool');
  const store = ['-alias', 'trino', '-keystore', join(folder, 'keystore.p12'), '-storepass', password];
  const subject = ['-dname', 'CN=localhost', '-ext', 'san=ip:127.0.0.1,dns:localhost', '-validity', '3650'];
  await quietly(keytool, ['-genkeypair', '-keyalg', 'EC', '-storetype', 'PKCS12', ...store, ...subject]);
  await quietly(keytool, ['-exportcert', '-rfc', '-file', join(folder, 'certificate.pem'), ...store]);
}

const iterations = 100_000;

/** PBKDF2 in the form that Trino's password file takes beside bcrypt: `iterations:salt:hash`. */
function hash(password) {
  const salt = randomBytes(16);
  const key = pbkdf2Sync(password, salt, iterations, 32, 'sha1');
  return `${iterations}:${salt.toString('hex')}:${key.toString('hex')}`;
}

function secret() {
  return randomBytes(18).toString('base64url');
}
