import { z } from 'zod';
import type { Prisma, PrismaClient, User } from '#prisma/client/client.ts';
import { newId } from '#lib/notebook/id.ts';
import { getLodestar } from '#lib/server/lodestar.ts';
import { conflict } from '#lib/server/problem.ts';
import { hashPassword, verifyPassword } from '#lib/server/auth/password.ts';

/** What a person gives to have an account. */
export const NewPerson = z.object({
  name: z.string().trim().min(1).max(100),
  email: z.email().max(254),
  password: z.string().min(12, 'at least 12 characters').max(200),
});
export type NewPerson = z.infer<typeof NewPerson>;

export interface Credentials {
  email: string;
  password: string;
  /** Where it was tried from, for the limit. */
  address: string;
}

/** Capital letters do not make another person. */
export function toEmail(given: string): string {
  return given.trim().toLowerCase();
}

/** Whether anyone has an account yet. Before that, nothing but setup works. */
export async function hasAccounts(db: PrismaClient | Prisma.TransactionClient = getLodestar().db): Promise<boolean> {
  return (await db.user.count({ take: 1 })) > 0;
}

export type PreparedPerson = Omit<NewPerson, 'password'> & { passwordHash: string };

/** Hashes the password: slow on purpose, so done before any transaction. */
export async function prepare({ name, email, password }: NewPerson): Promise<PreparedPerson> {
  return { name, email: toEmail(email), passwordHash: await hashPassword(password) };
}

/** Adds an account. For setup and invitations, which have checked that they may; never called for anyone else. */
export async function addPerson(db: Prisma.TransactionClient, person: PreparedPerson, isAdmin: boolean): Promise<User> {
  if (await db.user.findUnique({ where: { email: person.email } }))
    throw conflict('email-taken', 'There is already an account with this e-mail address. Sign in with it instead.');
  return db.user.create({ data: { id: newId(), ...person, isAdmin, createdAt: getLodestar().now() } });
}

/** The person with these credentials, or null: an unknown address and a wrong password look and last the same. */
export async function checkCredentials({ email, password, address }: Credentials): Promise<User | null> {
  const key = toEmail(email);
  return getLodestar().limits.attempt({ address, email: key }, async () => {
    const user = await getLodestar().db.user.findUnique({ where: { email: key } });
    const right = await verifyPassword(password, user?.passwordHash ?? null);
    return right ? user : null;
  });
}
