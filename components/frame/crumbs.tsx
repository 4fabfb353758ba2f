import Link from 'next/link';
import { Fragment } from 'react';

export interface Crumb {
  label: string;
  href?: string;
}

/** Where one is, from the project down; the last is here. */
export function Crumbs({ crumbs }: { crumbs: Crumb[] }) {
  return (
    <nav className="crumb" aria-label="Where you are">
      {crumbs.map((crumb, index) => (
        <Fragment key={index}>
          {index > 0 && <i aria-hidden="true">/</i>}
          {index === crumbs.length - 1 ? <b className="ell">{crumb.label}</b> : <Step {...crumb} />}
        </Fragment>
      ))}
    </nav>
  );
}

function Step({ label, href }: Crumb) {
  return href ? (
    <Link className="ell" href={href}>
      {label}
    </Link>
  ) : (
    <span className="ell">{label}</span>
  );
}
