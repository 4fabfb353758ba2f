import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { isIP } from 'node:net';

/*
 * Certificates made on the spot, so that no private key lies in the source: a self-signed one is its own authority. Only
 * what TLS looks at is in them (RFC 5280): subject, validity, key, names.
 */

export interface Certificate {
  key: string;
  /** PEM; also the authority to trust. */
  cert: string;
}

export interface CertificateOptions {
  /** DNS names and IPv4 addresses it is for. */
  names?: string[];
  organization?: string;
  from?: Date;
  until?: Date;
}

const day = 86_400_000;

export function makeCertificate(options: CertificateOptions = {}): Certificate {
  const { names = ['localhost', '127.0.0.1'], organization = 'Example CA' } = options;
  const { from = new Date(Date.now() - day), until = new Date(Date.now() + 30 * day) } = options;
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const name = sequence(set(sequence(oid.organization, utf8(organization))));
  const body = sequence(
    tagged(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    algorithm,
    name,
    sequence(time(from), time(until)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    tagged(0xa3, sequence(sequence(oid.alternativeNames, octets(sequence(...names.map(nameOf)))), authority)),
  );
  const whole = sequence(body, algorithm, bits(sign('sha256', body, privateKey)));
  const lines = whole
    .toString('base64')
    .match(/.{1,64}/g)!
    .join('\n');
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
  };
}

/** DER: tag, length, content. */
function tagged(tag: number, ...parts: Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const length = content.length;
  const head = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...head]), content]);
}

function sequence(...parts: Uint8Array[]): Buffer {
  return tagged(0x30, ...parts);
}

function set(part: Uint8Array): Buffer {
  return tagged(0x31, part);
}

function integer(bytes: Uint8Array): Buffer {
  return tagged(0x02, bytes);
}

function octets(bytes: Uint8Array): Buffer {
  return tagged(0x04, bytes);
}

function bits(bytes: Uint8Array): Buffer {
  return tagged(0x03, Buffer.from([0]), bytes);
}

function utf8(text: string): Buffer {
  return tagged(0x0c, Buffer.from(text));
}

/** UTCTime, which ends with 2049. */
function time(at: Date): Buffer {
  const digits = at.toISOString().replaceAll(/\D/g, '').slice(2, 14);
  return tagged(0x17, Buffer.from(`${digits}Z`));
}

function nameOf(name: string): Buffer {
  return isIP(name) === 4
    ? tagged(0x87, Buffer.from(name.split('.').map(Number)))
    : tagged(0x82, Buffer.from(name, 'ascii'));
}

function identifier(hex: string): Buffer {
  return tagged(0x06, Buffer.from(hex, 'hex'));
}

const oid = {
  organization: identifier('55040a'),
  alternativeNames: identifier('551d11'),
  basicConstraints: identifier('551d13'),
};
/** ecdsa-with-SHA256 */
const algorithm = sequence(identifier('2a8648ce3d040302'));
const authority = sequence(
  oid.basicConstraints,
  tagged(0x01, Buffer.from([255])),
  octets(sequence(tagged(0x01, Buffer.from([255])))),
);
