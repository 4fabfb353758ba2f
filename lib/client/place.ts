/*
 * Where a person was last, so that `/` and a fresh sign-in lead back there. The path is a cookie, for the server's
 * redirect; its title stays on this device.
 */
export const placeCookie = 'place';
const key = 'lodestar-place';

export interface LastPlace {
  path: string;
  title: string;
  /** ISO instant. */
  at: string;
}

/** A path on this very site, or null: what came from a link or a cookie is never trusted to lead elsewhere. */
export function safePath(given: string | null | undefined): string | null {
  if (!given || !/^\/(?![/\\])/.test(given) || /[\\\p{Cc}]/u.test(given)) return null;
  const url = new URL(given, 'http://here.invalid');
  return url.origin === 'http://here.invalid' && !url.pathname.startsWith('//')
    ? url.pathname + url.search + url.hash
    : null;
}

export function rememberPlace(path: string, title: string): void {
  document.cookie = `${placeCookie}=${encodeURIComponent(path)}; path=/; max-age=31536000; samesite=lax`;
  localStorage.setItem(key, JSON.stringify({ path, title, at: new Date().toISOString() } satisfies LastPlace));
}

export function forgetPlace(): void {
  document.cookie = `${placeCookie}=; path=/; max-age=0; samesite=lax`;
  localStorage.removeItem(key);
}

export function readPlace(): LastPlace | null {
  const text = localStorage.getItem(key);
  return text ? (JSON.parse(text) as LastPlace) : null;
}
