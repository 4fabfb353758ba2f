'use client';
import Link from 'next/link';
import { Dialog } from 'radix-ui';
import type { ReactNode } from 'react';
import { Icon } from '#components/parts/icon.tsx';
import { useReturnFocus } from '#components/parts/return-focus.ts';
import { Me } from './me.tsx';
import { withEverywhere } from './places.ts';
import type { RailGiven } from './rail.tsx';

interface Given extends RailGiven {
  open: boolean;
  title: string;
  /** The sidebar's own content, under the places. */
  children?: ReactNode;
  onClose(): void;
}

/** Below 1100 px: the places with their words, then the sidebar, over the page. Esc and the scrim close it. */
export function Drawer({ open, title, me, places, at, waiting = 0, children, onClose }: Given) {
  return (
    <Dialog.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="scrim" />
        <Dialog.Content className="drawer" aria-describedby={undefined} {...useReturnFocus()}>
          <header>
            <Dialog.Title asChild>
              <span className="grow ell">{title}</span>
            </Dialog.Title>
            <Dialog.Close asChild>
              <button type="button" className="icb" aria-label="Close">
                <Icon name="x" size="large" />
              </button>
            </Dialog.Close>
          </header>
          <nav className="places" aria-label="Places">
            {withEverywhere(places)
              .filter((place) => place.key !== 'settings')
              .map((place) => (
                <Link
                  key={place.key}
                  href={place.href}
                  className={place.key === at ? 'on' : undefined}
                  onClick={onClose}
                >
                  <Icon name={place.icon} size="large" />
                  <span>
                    {place.label} {place.key === 'reviews' && waiting > 0 && <b>{waiting}</b>}
                  </span>
                </Link>
              ))}
          </nav>
          <div className="scroll">{children}</div>
          <footer>
            <Me me={me} />
            <span className="grow ell">{me.name}</span>
            <Link className="icb" href="/settings" aria-label="Settings" onClick={onClose}>
              <Icon name="settings-2" size="large" />
            </Link>
          </footer>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
