import { useRef } from 'react';

/** For what opens without a button of its own: closing it gives the focus back to where it was. */
export function useReturnFocus() {
  const before = useRef<HTMLElement | null>(null);
  return {
    onOpenAutoFocus: (event: Event) => {
      const focused = document.activeElement;
      if (focused instanceof HTMLElement && !(event.target as Node).contains(focused)) before.current = focused;
    },
    onCloseAutoFocus: (event: Event) => {
      event.preventDefault();
      before.current?.focus();
    },
  };
}
