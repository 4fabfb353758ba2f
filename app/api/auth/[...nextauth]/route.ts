import NextAuth from 'next-auth';
import type { NextRequest } from 'next/server';
import { addressOf } from '#lib/server/auth/address.ts';
import { nextAuthOptions } from '#lib/server/auth/next-auth.ts';
import { refuseForeign } from '#lib/server/auth/origin.ts';

export const dynamic = 'force-dynamic';

type Context = { params: Promise<{ nextauth: string[] }> };

async function handle(request: NextRequest, context: Context): Promise<Response> {
  const refusal = request.method === 'GET' ? null : refuseForeign(request.headers);
  if (refusal) return refusal;
  const from = { address: addressOf(request.headers), agent: request.headers.get('user-agent') ?? '' };
  return NextAuth(request, context, nextAuthOptions(from)) as Promise<Response>;
}

export { handle as GET, handle as POST };
