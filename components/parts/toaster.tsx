'use client';
import { useSyncExternalStore } from 'react';
import { Button } from './button.tsx';
import { closeToast, holdToast, readToast, resumeToast, watchToast } from './toasts.ts';

/** Where the page's one toast stands. The frame holds it; the region is always there, so that it is read out. */
export function Toaster() {
  const toast = useSyncExternalStore(watchToast, readToast, () => null);
  const takeBack = () => {
    toast?.undo?.();
    closeToast();
  };
  return (
    <div className="toasts" role="status" aria-live="polite">
      {toast && (
        <div
          className="toast"
          onPointerEnter={holdToast}
          onPointerLeave={resumeToast}
          onFocus={holdToast}
          onBlur={resumeToast}
        >
          {toast.text}
          {toast.undo && (
            <Button size="small" onClick={takeBack}>
              Undo
            </Button>
          )}
        </div>
      )}
    </div>
  );
}
