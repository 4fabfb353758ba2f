import type { StreamSettings } from '#lib/client/api/streams.ts';

/** What may be changed of a stream, as people write it. */
export interface SettingsForm {
  description: string;
  days: string;
  gigabytes: string;
  deduplication: string;
  idle: string;
  ahead: string;
}

const gigabyte = 1_000_000_000;
const daySeconds = 86_400;

/** A number of days; null for everything. */
export function toDays(text: string): number | null | 'wrong' {
  if (text.trim() === '') return null;
  const days = Number(text);
  return days > 0 && days <= 36_500 ? days : 'wrong';
}

export function toForm({ description, retention, deduplication, idle, ahead }: StreamSettings): SettingsForm {
  return {
    description,
    days: retention.days === null ? '' : String(retention.days),
    gigabytes: retention.bytes === null ? '' : String(retention.bytes / gigabyte),
    deduplication: String(deduplication),
    idle: String(idle),
    ahead: String(ahead),
  };
}

export type Wrong = Partial<Record<keyof SettingsForm, string>>;

export function wrongIn(form: SettingsForm): Wrong {
  const seconds = (least: number) => `Whole seconds, from ${least} to ${daySeconds} (a day).`;
  return {
    ...(toDays(form.days) === 'wrong' && { days: 'A number of days above 0, or nothing.' }),
    ...(toBytes(form.gigabytes) === 'wrong' && { gigabytes: 'At least 0.0011 GB, or nothing.' }),
    ...(!isSeconds(form.deduplication, 0) && { deduplication: seconds(0) }),
    ...(!isSeconds(form.idle, 1) && { idle: seconds(1) }),
    ...(!isSeconds(form.ahead, 0) && { ahead: seconds(0) }),
  };
}

/** The settings of a form that nothing is wrong in. */
export function toSettings(form: SettingsForm): StreamSettings {
  const [days, bytes] = [toDays(form.days), toBytes(form.gigabytes)];
  return {
    description: form.description.trim(),
    retention: { days: days === 'wrong' ? null : days, bytes: bytes === 'wrong' ? null : bytes },
    deduplication: Number(form.deduplication),
    idle: Number(form.idle),
    ahead: Number(form.ahead),
  };
}

function toBytes(text: string): number | null | 'wrong' {
  if (text.trim() === '') return null;
  const bytes = Math.round(Number(text) * gigabyte);
  return bytes >= 2 ** 20 && Number.isSafeInteger(bytes) ? bytes : 'wrong';
}

function isSeconds(text: string, least: number): boolean {
  const value = Number(text);
  return text.trim() !== '' && Number.isInteger(value) && value >= least && value <= daySeconds;
}
