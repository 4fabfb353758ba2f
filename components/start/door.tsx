import type { ReactNode } from 'react';
import { Star } from '#components/parts/star.tsx';

interface Given {
  title: string;
  lead?: ReactNode;
  /** What the right column says, for screen readers. */
  asideLabel: string;
  aside: ReactNode;
  status: ReactNode;
  children: ReactNode;
}

/** Before one is in: two columns without the frame, the form left, facts right. */
export function Door({ title, lead, asideLabel, aside, status, children }: Given) {
  return (
    <div className="door">
      <main>
        <p className="word">
          <Star />
          Lodestar
        </p>
        <h1>{title}</h1>
        {lead && <p className="lead">{lead}</p>}
        {children}
      </main>
      <aside aria-label={asideLabel}>{aside}</aside>
      <footer className="status">{status}</footer>
    </div>
  );
}
