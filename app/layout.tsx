import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import './styles/main.css';

export const metadata: Metadata = { title: { default: 'Lodestar', template: '%s · Lodestar' } };

export default function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang="en" suppressHydrationWarning>
      <body>{children}</body>
    </html>
  );
}
