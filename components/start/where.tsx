'use client';
import { useSyncExternalStore } from 'react';
import { readPlace, type LastPlace } from '#lib/client/place.ts';

const never = () => () => {};
let known: LastPlace | null | undefined;
const once = () => (known === undefined ? (known = readPlace()) : known);

/** Where signing in leads, as far as this device knows it. */
export function Where({ path }: { path: string }) {
  const last = useSyncExternalStore(never, once, () => null);
  const here = last && last.path === path ? last : null;
  return (
    <section>
      <h2>Where you are going</h2>
      <dl className="kv">
        <dt>Page</dt>
        <dd>{here ? here.title : <span className="mono">{path}</span>}</dd>
        {here && (
          <>
            <dt>Last open here</dt>
            <dd>
              {new Date(here.at).toLocaleString('en-GB', {
                weekday: 'short',
                day: 'numeric',
                month: 'short',
                hour: '2-digit',
                minute: '2-digit',
              })}
            </dd>
          </>
        )}
      </dl>
      <p className="mut after">
        Known to this device only. The server says nothing of your workspace before you are in.
      </p>
    </section>
  );
}
