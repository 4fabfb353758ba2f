import type { NextAuthOptions, User } from 'next-auth';
import Credentials from 'next-auth/providers/credentials';
import { endSessionById, startPageSession } from '#lib/server/data/session.ts';
import { checkCredentials } from '#lib/server/data/user.ts';
import { getLodestar } from '#lib/server/lodestar.ts';
import { Problem } from '#lib/server/problem.ts';
import { cookieLifetime, cookieName, isSecure } from './cookie.ts';

/*
 * The page's sign-in and sign-out. next-auth keeps the cookie and its own anti-forgery token; the cookie carries our
 * Session row's id and nothing we trust without looking the row up (authenticate.ts).
 */

declare module 'next-auth' {
  interface User {
    /** Our Session row. */
    sid?: string;
  }
}
declare module 'next-auth/jwt' {
  interface JWT {
    sid?: string;
  }
}

export function nextAuthOptions(from: { address: string; agent: string }): NextAuthOptions {
  return {
    secret: getLodestar().secrets.session,
    session: { strategy: 'jwt', maxAge: cookieLifetime },
    pages: { signIn: '/signin' },
    useSecureCookies: isSecure(),
    cookies: {
      sessionToken: { name: cookieName(), options: { httpOnly: true, sameSite: 'lax', path: '/', secure: isSecure() } },
    },
    providers: [
      Credentials({
        credentials: { email: { type: 'email' }, password: { type: 'password' } },
        authorize: (given) => authorize(given, from),
      }),
    ],
    callbacks: {
      jwt: ({ token, user }) => ({ sid: user?.sid ?? token.sid }),
      // The page asks /api/me who it is; this endpoint tells nothing.
      session: ({ session }) => ({ expires: session.expires }),
    },
    events: {
      signOut: async ({ token }) => {
        if (token.sid) await endSessionById(token.sid);
      },
    },
  };
}

async function authorize(
  given: Record<string, string> | undefined,
  from: { address: string; agent: string },
): Promise<User | null> {
  try {
    const user = await checkCredentials({
      email: given?.email ?? '',
      password: given?.password ?? '',
      address: from.address,
    });
    if (!user) return null;
    const { id: sid } = await startPageSession(user.id, from.agent);
    return { id: user.id, sid };
  } catch (error) {
    // next-auth shows the message of what is thrown here; only a refusal of ours may be shown.
    if (error instanceof Problem) throw new Error(error.message, { cause: error });
    getLodestar().log.error({ err: error }, 'a sign-in failed by a fault of ours');
    throw new Error('Something went wrong in Lodestar itself. It was logged.', { cause: error });
  }
}
