import Link from 'next/link';
import { Icon } from '#components/parts/icon.tsx';
import { Star } from '#components/parts/star.tsx';
import { Tooltip } from '#components/parts/tooltip.tsx';
import type { Person } from '#components/parts/avatar.tsx';
import { Me } from './me.tsx';
import type { Place, PlaceKey } from './places.ts';

export interface RailGiven {
  me: Person;
  places: Place[];
  at?: PlaceKey;
  /** Reviews that wait for this person. */
  waiting?: number;
}

export function Rail({ me, places, at, waiting = 0 }: RailGiven) {
  // Connections have no place of their own here: they stand under the data they bring.
  const shown = at === 'connections' ? 'datasets' : at;
  return (
    <nav className="rail" aria-label="Lodestar">
      <Link className="logo" href="/projects" aria-label="Lodestar, all projects">
        <Star />
      </Link>
      {places
        .filter((place) => !place.beside)
        .map((place) => (
          <RailLink
            key={place.key}
            place={place}
            on={place.key === shown}
            waiting={place.key === 'reviews' ? waiting : 0}
          />
        ))}
      <span className="end">
        <RailLink
          place={{ key: 'settings', label: 'Settings', icon: 'settings-2', href: '/settings', keys: 'g s' }}
          on={at === 'settings'}
          waiting={0}
        />
        <Me me={me} />
      </span>
    </nav>
  );
}

function RailLink({ place, on, waiting }: { place: Place; on: boolean; waiting: number }) {
  const label = waiting ? `${place.label}, ${waiting} waiting` : place.label;
  return (
    <Tooltip text={label} keys={place.keys} side="right">
      <Link
        href={place.href}
        className={on ? 'on' : undefined}
        aria-current={on ? 'page' : undefined}
        aria-label={label}
      >
        <Icon name={place.icon} size="large" />
        {waiting > 0 && <sup>{waiting}</sup>}
      </Link>
    </Tooltip>
  );
}
