import { randomBytes } from 'node:crypto';
import type { Prisma, PrismaClient } from '#prisma/client/client.ts';
import type { Secrets } from '#lib/server/lodestar.ts';

/** Facts about the installation. `setup`: the hash of the one-time token; `secrets`: made once; `workspace`: its name. */
export type SettingKey = 'setup' | 'secrets' | 'workspace';
type Client = PrismaClient | Prisma.TransactionClient;

export async function readSetting<T>(db: Client, key: SettingKey): Promise<T | null> {
  const row = await db.setting.findUnique({ where: { key } });
  return (row?.value as T | undefined) ?? null;
}

export async function writeSetting(db: Client, key: SettingKey, value: Prisma.InputJsonValue): Promise<void> {
  await db.setting.upsert({ where: { key }, create: { key, value }, update: { value } });
}

/** The secrets this installation made for itself; made at the first call, by whichever node comes first. */
export async function readSecrets(db: PrismaClient): Promise<Secrets> {
  const value = { session: randomBytes(32).toString('base64url'), box: randomBytes(32).toString('hex') };
  await db.setting.createMany({ data: [{ key: 'secrets', value }], skipDuplicates: true });
  const secrets = await readSetting<Secrets>(db, 'secrets');
  if (!secrets) throw new Error('The secrets could not be stored.');
  return secrets;
}
