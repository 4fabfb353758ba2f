/*
 * A port that is typed or pasted with the address belongs to its own field. While one still types, the address keeps it,
 * so that its next digit comes after it.
 */
const address = /^((?:https?:\/\/)?(?:[^:/\s[\]]+|\[[^\]\s]+\])):(\d+)\/?$/i;

/** What the fields say while the address is typed. */
export function withPort(typed: string): { host: string; port?: string } {
  const port = address.exec(typed.trim())?.[2];
  return port === undefined ? { host: typed } : { host: typed, port };
}

/** The address once it is typed. */
export function withoutPort(typed: string): string {
  return address.exec(typed.trim())?.[1] ?? typed;
}
