export const spans = {
  '7': { label: '7 days' },
  '28': { label: '28 days' },
  '84': { label: '12 weeks' },
  '365': { label: 'a year' },
} as const;
export type SpanKey = keyof typeof spans;

export function toSpan(given: string | string[] | undefined): SpanKey {
  return typeof given === 'string' && given in spans ? (given as SpanKey) : '28';
}

/** The first day that many days before the end of today. */
export function firstDay(span: SpanKey, now: Date, zone: string): string {
  const today = new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(now);
  return new Date(Date.parse(today) - (Number(span) - 1) * 86_400_000).toISOString().slice(0, 10);
}
