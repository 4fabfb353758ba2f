import { z } from 'zod';
import { readExceptions } from './outbound/address.ts';

/** What an operator may set. Checked once at start; a wrong value stops the start with one line that names it. */
export const Config = z
  .object({
    PORT: z.coerce.number().int().min(0).max(65535).default(3000),
    HOST: z.string().min(1).default('127.0.0.1'),
    /** The address people use, for links and the Origin check. Follows HOST and PORT unless set. */
    PUBLIC_URL: z.url({ protocol: /^https?$/, error: 'must be an http or https address' }).optional(),
    /** Whether X-Forwarded-For comes from a proxy of ours and names the real address. */
    TRUST_PROXY: z.stringbool().default(false),
    DATA_DIR: z.string().min(1).default('data'),
    DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: 'must be a postgresql:// address' }).optional(),
    ADMIN_EMAIL: z.email('must be an e-mail address').optional(),
    ADMIN_PASSWORD: z
      .string()
      .min(12, 'must have at least 12 characters')
      .max(200, 'must have at most 200 characters')
      .optional(),
    /** Loopback and private addresses that connections may reach: `true`, or hosts, addresses and ranges between commas. */
    ALLOW_PRIVATE_ADDRESSES: z
      .string()
      .default('')
      .refine(isReadable, 'must be true, or hosts, addresses and ranges like 10.0.0.0/8 between commas')
      .transform(readExceptions),
    LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
  })
  .refine((config) => !config.ADMIN_EMAIL === !config.ADMIN_PASSWORD, {
    path: ['ADMIN_EMAIL'],
    error: 'and ADMIN_PASSWORD go together: set both or neither',
  });
export type Config = z.infer<typeof Config>;

function isReadable(setting: string): boolean {
  try {
    readExceptions(setting);
    return true;
  } catch {
    return false;
  }
}

/** A setting that cannot be; its message is the one line to print. */
export class ConfigRefused extends Error {
  override name = 'ConfigRefused';
}

/** Reads the environment; an empty value counts as not set. */
export function readConfig(env: Record<string, string | undefined>): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value));
  const parsed = Config.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new ConfigRefused(parsed.error.issues.map(toSentence).join('; '));
}

// Values are not repeated: one of them is a password, another holds one.
function toSentence(issue: z.core.$ZodIssue): string {
  return `${issue.path.join('.')} ${issue.message.replace(/^Invalid (input|option): /, 'is wrong: ')}`;
}
