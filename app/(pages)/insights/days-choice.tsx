'use client';
import { usePathname, useRouter } from 'next/navigation';
import { Segmented } from '#components/parts/segmented.tsx';
import { spans, type SpanKey } from './span.ts';

/** How far back to look; the choice is in the address. */
export function DaysChoice({ span }: { span: SpanKey }) {
  const router = useRouter();
  const path = usePathname();
  const choices = Object.entries(spans).map(([value, { label }]) => ({ value: value as SpanKey, label }));
  return (
    <Segmented
      label="Time"
      value={span}
      choices={choices}
      onChange={(next) => router.replace(`${path}?days=${next}`)}
    />
  );
}
