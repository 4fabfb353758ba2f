import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import type { Secrets } from './lodestar.ts';

/*
 * What must be read again and is secret (passwords of connections), at rest: AES-256-GCM under a key of its own for each
 * purpose. The place is sealed in: a text moved to another row, purpose or host does not open, so that who can write the
 * database cannot have one connection's password sent to another's address.
 */

export interface Place {
  /** What it is for; each purpose has its own key. */
  purpose: 'connection' | 'credential' | 'query' | 'stream';
  /** The row it stands in. */
  id: string;
  /** What it may be used for, where that can change: the address it is sent to. */
  use?: string;
}

/** The text cannot be opened here: it was moved, changed, or sealed by another installation. Holds nothing of it. */
export class SealBroken extends Error {
  override name = 'SealBroken';
}

const nonceBytes = 12;
const tagBytes = 16;
const version = 's1.';

export function seal(secrets: Pick<Secrets, 'box'>, place: Place, text: string): string {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', keyFor(secrets, place), nonce, { authTagLength: tagBytes });
  cipher.setAAD(bytesOf(place));
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return version + Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url');
}

/** What was sealed for this very place. Throws SealBroken. */
export function unseal(secrets: Pick<Secrets, 'box'>, place: Place, sealed: string): string {
  try {
    if (!sealed.startsWith(version)) throw new Error('of no known form');
    const bytes = Buffer.from(sealed.slice(version.length), 'base64url');
    const key = keyFor(secrets, place);
    const cipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, nonceBytes), { authTagLength: tagBytes });
    cipher.setAAD(bytesOf(place));
    cipher.setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
    const opened = [cipher.update(bytes.subarray(nonceBytes + tagBytes)), cipher.final()];
    return Buffer.concat(opened).toString('utf8');
  } catch {
    throw new SealBroken(`A ${place.purpose} that was kept sealed cannot be opened here. It must be given again.`);
  }
}

function keyFor({ box }: Pick<Secrets, 'box'>, { purpose }: Place): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', Buffer.from(box, 'hex'), '', `lodestar ${purpose}`, 32));
}

function bytesOf({ purpose, id, use = '' }: Place): Buffer {
  return Buffer.from(JSON.stringify([purpose, id, use]));
}
