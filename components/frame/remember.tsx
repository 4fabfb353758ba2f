'use client';
import { usePathname } from 'next/navigation';
import { useEffect } from 'react';
import { rememberPlace } from '#lib/client/place.ts';

/** Notes where this person is, so that `/` leads back here. */
export function Remember({ title }: { title: string }) {
  const path = usePathname();
  useEffect(() => rememberPlace(path, title), [path, title]);
  return null;
}
