import { useId, type ReactNode } from 'react';

interface Given {
  title: ReactNode;
  /** One muted clause beside the title. */
  clause?: ReactNode;
  /** Its number, where the sections of a page are counted. */
  no?: number;
  /** At the right end of the head. */
  right?: ReactNode;
  id?: string;
  /** Without the space above: the first of a column. */
  first?: boolean;
  children: ReactNode;
}

export function Section({ title, clause, no, right, id, first, children }: Given) {
  const head = useId();
  return (
    <section className={first ? 'sect first' : 'sect'} id={id} aria-labelledby={head}>
      <header>
        {no !== undefined && <span className="no">{no}</span>}
        <h2 id={head}>{title}</h2>
        {clause && <p>{clause}</p>}
        {right && <div className="r">{right}</div>}
      </header>
      {children}
    </section>
  );
}

/** The head of a page: its title in the prose voice, a muted clause, a sentence. */
export function PageHead({
  title,
  clause,
  lead,
  right,
}: {
  title: ReactNode;
  clause?: ReactNode;
  lead?: ReactNode;
  right?: ReactNode;
}) {
  return (
    <div className={right ? 'phead ins-h' : 'phead'}>
      <h1>
        {title} {clause && <small>{clause}</small>}
      </h1>
      {right && <div className="filters">{right}</div>}
      {lead && <p className="lead">{lead}</p>}
    </div>
  );
}
