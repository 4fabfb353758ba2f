import { initials, whoOf } from './who.ts';

export interface Person {
  id: string;
  name: string;
}

interface Given {
  person: Person;
  size?: 'base' | 'small';
  /** Has the page open but does not look at it: a ring only. */
  away?: boolean;
  /** Where they are, for the title: "in orders_daily". */
  place?: string;
}

export function Avatar({ person, size = 'base', away, place }: Given) {
  const title = [person.name, place, away && 'away'].filter(Boolean).join(', ');
  return (
    <span className={`av who-${whoOf(person.id)}${size === 'small' ? ' s' : ''}${away ? ' away' : ''}`} title={title}>
      <span aria-hidden="true">{initials(person.name)}</span>
      <span className="vh">{title}</span>
    </span>
  );
}

/** Who is here; those beyond `most` as a number. */
export function Avatars({
  people,
  most = 5,
  size,
}: {
  people: (Person & Pick<Given, 'away' | 'place'>)[];
  most?: number;
  size?: 'base' | 'small';
}) {
  return (
    <span className={size === 'small' ? 'now' : 'people'}>
      {people.slice(0, most).map((person) => (
        <Avatar key={person.id} person={person} size={size} away={person.away} place={person.place} />
      ))}
      {people.length > most && <span className="mut">+{people.length - most}</span>}
    </span>
  );
}
