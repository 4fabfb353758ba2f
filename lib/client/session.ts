import { signIn, signOut } from 'next-auth/react';
import { forgetPlace } from './place.ts';

/** Signs in with a password; the page then goes on to where it was. Null when it worked, else what went wrong. */
export async function enter(email: string, password: string): Promise<string | null> {
  const answer = await signIn('credentials', { email, password, redirect: false });
  if (answer?.ok && !answer.error) return null;
  if (answer?.status === 429) return 'Too many tries. Wait a minute, then try again.';
  if (answer?.error && answer.error !== 'CredentialsSignin') return answer.error;
  return 'This e-mail and password do not belong together.';
}

/** Signs out; the next person at this device begins anew. */
export function leave(): void {
  forgetPlace();
  void signOut({ callbackUrl: '/signin' });
}
