import type { ReactNode } from 'react';

/** One part of the sidebar under its head. */
export function Part({ title, clause, children }: { title: string; clause?: string; children: ReactNode }) {
  return (
    <>
      <h2>
        {title} {clause && <span>{clause}</span>}
      </h2>
      {children}
    </>
  );
}
