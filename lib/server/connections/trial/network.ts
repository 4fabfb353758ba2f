import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { connect, type PeerCertificate, type TLSSocket } from 'node:tls';
import { KernelFailure } from '#kernels/failure.ts';
import { networkError } from '#kernels/server.ts';
import { refusalOf } from '#lib/server/outbound/address.ts';
import { trusting } from '#lib/server/outbound/trust.ts';
import type { Found, Trial } from './trial.ts';

/** ms for a handshake. */
const patience = 10_000;

/** Whether the host has an address, and this server may call it. */
export async function resolveHost(trial: Trial): Promise<Found> {
  return { state: 'good', found: (await addressesOf(trial)).join(', ') };
}

/** Whether the cluster proves who it is. Without TLS no password is sent at all. */
export async function speakTls(trial: Trial): Promise<Found> {
  const { tried } = trial;
  if (tried.url.startsWith('https:')) return handshake(trial, (await addressesOf(trial))[0]!);
  if (tried.settings.identity.kind !== 'none')
    return { state: 'failed', found: 'A password would go over the network in the open. Use https.' };
  return { state: 'warned', found: 'No TLS: queries and rows can be read and changed on the way.' };
}

/** Every address the host has now, each of which may be called. Throws KernelFailure. */
async function addressesOf(trial: Trial): Promise<string[]> {
  const host = hostOf(trial);
  const addresses = isIP(host) === 0 ? await lookedUp(host, trial) : [host];
  const refusal = addresses.map((address) => refusalOf(host, address, trial.exceptions)).find(Boolean);
  if (!refusal) return addresses;
  const hint = 'An operator of this server can allow it with ALLOW_PRIVATE_ADDRESSES.';
  throw new KernelFailure({ code: 'refused', message: refusal, hint });
}

async function lookedUp(host: string, { tried }: Trial): Promise<string[]> {
  try {
    return (await lookup(host, { all: true })).map(({ address }) => address);
  } catch (error) {
    throw new KernelFailure(networkError(error, new URL(tried.url)));
  }
}

function hostOf({ tried }: Trial): string {
  return new URL(tried.url).hostname.replace(/^\[|\]$/g, '');
}

/** With an address that was checked, under the name's certificate. */
function handshake(trial: Trial, address: string): Promise<Found> {
  const { url, settings } = trial.tried;
  const host = hostOf(trial);
  const authority = settings.authority.trim();
  return new Promise((resolve, reject) => {
    const socket = connect({
      host: address,
      port: Number(new URL(url).port || 443),
      timeout: patience,
      ...(isIP(host) === 0 ? { servername: host } : {}),
      ...(authority === '' ? {} : { secureContext: trusting(authority) }),
    });
    const fail = (error: unknown) => {
      socket.destroy();
      reject(new KernelFailure(networkError(error, new URL(url))));
    };
    socket.once('error', fail);
    socket.once('timeout', () => fail(Object.assign(new Error('timeout'), { code: 'ETIMEDOUT' })));
    socket.once('secureConnect', () => {
      resolve({ state: 'good', found: shown(socket) });
      socket.end();
    });
  });
}

function shown(socket: TLSSocket): string {
  const certificate = socket.getPeerCertificate();
  const version = (socket.getProtocol() ?? '').replace('TLSv', '');
  const until = new Date(certificate.valid_to).toISOString().slice(0, 10);
  return `${version}; certificate by ${issuerOf(certificate)} until ${until}`;
}

function issuerOf({ issuer }: PeerCertificate): string {
  const name = issuer?.O ?? issuer?.CN ?? 'nobody named';
  return Array.isArray(name) ? name.join(', ') : name;
}
