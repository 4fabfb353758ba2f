'use client';
import { useEffect, useState } from 'react';
import { Dialog } from '#components/parts/dialog.tsx';
import { onLeaving, useLeaveAnyway, type Leaving } from './leaving.ts';

/** Asks before what was typed is lost. */
export function LeaveDialog() {
  const [leaving, setLeaving] = useState<Leaving | null>(null);
  const leave = useLeaveAnyway();
  useEffect(() => onLeaving(setLeaving), []);
  const go = () => {
    if (leaving) leave(leaving.href);
    setLeaving(null);
  };
  return (
    <Dialog
      open={leaving !== null}
      title={leaving?.title ?? ''}
      keep="Stay"
      act="Leave"
      danger
      onAct={go}
      onClose={() => setLeaving(null)}
    >
      {leaving?.words}
    </Dialog>
  );
}
