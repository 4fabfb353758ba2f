import type { Metadata, Viewport } from 'next';
import { cookies } from 'next/headers';
import type { ReactNode } from 'react';
import { themeCookie, toTheme } from '#lib/client/theme-cookie.ts';
import './styles/main.css';

export const metadata: Metadata = {
  title: { default: 'Lodestar', template: '%s · Lodestar' },
  icons: { icon: { url: '/lodestar.svg', type: 'image/svg+xml' } },
  referrer: 'same-origin',
};

export const viewport: Viewport = { width: 'device-width', initialScale: 1 };

export default async function Layout({ children }: { children: ReactNode }) {
  const theme = toTheme((await cookies()).get(themeCookie)?.value);
  return (
    <html lang="en" data-theme={theme === 'system' ? undefined : theme} suppressHydrationWarning>
      <body>{children}</body>
    </html>
  );
}
