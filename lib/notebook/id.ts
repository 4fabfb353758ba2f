const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

/** A new id: 16 characters of Crockford's base 32, 80 random bits, safe in URLs and file names. */
export function newId(): string {
  const bytes = globalThis.crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => alphabet[byte & 31]).join('');
}
