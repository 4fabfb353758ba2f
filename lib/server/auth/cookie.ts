import jwt from 'next-auth/jwt';
import { getLodestar } from '#lib/server/lodestar.ts';

/*
 * The page's cookie, as next-auth makes it: an encrypted JWT of which we use one claim, the id of the Session row. The
 * row is looked up on every request, so the cookie alone is worth nothing once the row is ended.
 */

export const cookieLifetime = 30 * 24 * 60 * 60;

/** Browsers send a `__Secure-` cookie only over https. */
export function isSecure(): boolean {
  return getLodestar().config.PUBLIC_URL?.startsWith('https:') ?? false;
}

export function cookieName(): string {
  return isSecure() ? '__Secure-next-auth.session-token' : 'next-auth.session-token';
}

/** The Session id in a Cookie header, or null when there is none or it was not made by this installation. */
export async function sessionIdIn(cookieHeader: string | null | undefined): Promise<string | null> {
  try {
    const token = readCookie(cookieHeader ?? '', cookieName());
    if (!token) return null;
    const claims = await jwt.decode({ token, secret: getLodestar().secrets.session });
    return typeof claims?.sid === 'string' ? claims.sid : null;
  } catch (error) {
    getLodestar().log.debug({ error }, 'a cookie that does not decrypt');
    return null;
  }
}

/** The Cookie header a browser would send for a session; for tests and benches. */
export async function cookieFor(sessionId: string): Promise<string> {
  const secret = getLodestar().secrets.session;
  return `${cookieName()}=${await jwt.encode({ token: { sid: sessionId }, secret, maxAge: cookieLifetime })}`;
}

function readCookie(header: string, name: string): string | undefined {
  const pairs = header.split(';').map((pair) => pair.trim());
  const found = pairs.find((pair) => pair.startsWith(`${name}=`));
  return found && decodeURIComponent(found.slice(name.length + 1));
}
