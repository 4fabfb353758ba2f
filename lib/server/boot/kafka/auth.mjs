import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { quietly } from '#lib/server/boot/tool.mjs';

/**
 * What a guarded cluster knows: one account, and a certificate of its own for loopback.
 * @typedef {object} Guard
 * @property {string} user
 * @property {string} password
 * @property {string} keystore
 * @property {string} keystorePassword
 * @property {string} ca the certificate to trust, as PEM
 * @property {string} caFile where it lies
 */

/** Makes what is missing in `folder`; passwords are random. @param {string} folder @param {string} java @returns {Promise<Guard>} */
export async function guard(folder, java) {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const secrets = join(folder, 'secrets.json');
  if (!existsSync(secrets))
    writeFileSync(secrets, JSON.stringify({ password: secret(), keystorePassword: secret() }), { mode: 0o600 });
  const { password, keystorePassword } = JSON.parse(readFileSync(secrets, 'utf8'));
  const keystore = join(folder, 'keystore.p12');
  const caFile = join(folder, 'certificate.pem');
  if (!existsSync(caFile)) await makeCertificate(keystore, keystorePassword, caFile, java);
  return { user: 'lodestar', password, keystore, keystorePassword, ca: readFileSync(caFile, 'utf8'), caFile };
}

/** Self-signed: whoever trusts this very certificate can check the server by it. */
async function makeCertificate(keystore, password, caFile, java) {
  const keytool = join(dirname(java), 'keytool');
  const store = ['-alias', 'kafka', '-keystore', keystore, '-storepass', password];
  const subject = ['-dname', 'CN=localhost', '-ext', 'san=ip:127.0.0.1,dns:localhost', '-validity', '3650'];
  await quietly(keytool, ['-genkeypair', '-keyalg', 'EC', '-storetype', 'PKCS12', ...store, ...subject]);
  await quietly(keytool, ['-exportcert', '-rfc', '-file', caFile, ...store]);
}

function secret() {
  return randomBytes(18).toString('base64url');
}
