'use client';
import { Avatar, type Person } from '#components/parts/avatar.tsx';
import { Menu } from '#components/parts/menu.tsx';
import { leave } from '#lib/client/session.ts';

/** The person at this page: settings and the way out. */
export function Me({ me }: { me: Person }) {
  return (
    <Menu
      align="start"
      items={[
        { label: 'Settings', icon: 'settings-2', href: '/settings', keys: 'g s' },
        { label: 'All projects', icon: 'house', href: '/projects' },
        'line',
        { label: 'Sign out', icon: 'log-out', onSelect: leave },
      ]}
    >
      <button type="button" className="me" aria-label={`You are ${me.name}`}>
        <Avatar person={me} />
      </button>
    </Menu>
  );
}
