'use client';
import { useSyncExternalStore, type ComponentProps } from 'react';
import { Select } from '#components/parts/field.tsx';

const never = () => () => {};

/** The browser's own zone; UTC while the server renders. */
export function useZone(): string {
  return useSyncExternalStore(
    never,
    () => Intl.DateTimeFormat().resolvedOptions().timeZone,
    () => 'UTC',
  );
}

const known = Intl.supportedValuesOf('timeZone');
const zones = known.includes('UTC') ? known : ['UTC', ...known];

export function ZoneSelect({ value, ...rest }: ComponentProps<typeof Select> & { value: string }) {
  return (
    <Select {...rest} value={value}>
      {!zones.includes(value) && <option>{value}</option>}
      {zones.map((zone) => (
        <option key={zone}>{zone}</option>
      ))}
    </Select>
  );
}
