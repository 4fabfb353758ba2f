'use client';
import { Dialog as Radix } from 'radix-ui';
import { useRef, type ReactNode } from 'react';
import { Button } from './button.tsx';
import { useReturnFocus } from './return-focus.ts';

interface Given {
  open: boolean;
  /** The question. */
  title: string;
  children: ReactNode;
  /** The safe answer; first, and in focus where nothing is to be filled in. */
  keep: string;
  /** The act. */
  act: string;
  danger?: boolean;
  /** While the act is under way. */
  busy?: boolean;
  onAct(): void;
  onClose(): void;
}

/** Asks only before what cannot be undone, or what others feel. */
export function Dialog({ open, title, children, keep, act, danger, busy, onAct, onClose }: Given) {
  const safe = useRef<HTMLButtonElement>(null);
  const body = useRef<HTMLDivElement>(null);
  const { onOpenAutoFocus, onCloseAutoFocus } = useReturnFocus();
  return (
    <Radix.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="scrim" />
        <Radix.Content
          className="dialog floating"
          aria-describedby={undefined}
          onCloseAutoFocus={onCloseAutoFocus}
          onOpenAutoFocus={(event) => {
            onOpenAutoFocus(event);
            event.preventDefault();
            (body.current?.querySelector<HTMLElement>(fields) ?? safe.current)?.focus();
          }}
        >
          <Radix.Title asChild>
            <header>{title}</header>
          </Radix.Title>
          <div ref={body}>{children}</div>
          <footer>
            <Button ref={safe} onClick={onClose}>
              {keep}
            </Button>
            <Button kind={danger ? 'danger' : 'main'} disabled={busy} onClick={onAct}>
              {act}
            </Button>
          </footer>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** What people type or choose in. */
const fields = 'input:enabled:not([type=radio], [type=checkbox]), textarea:enabled, select:enabled';
