'use client';
import { useState } from 'react';
import type { StreamView } from '#lib/client/api/streams.ts';
import { Dialog } from '#components/parts/dialog.tsx';
import { Input } from '#components/parts/field.tsx';
import { whole } from '#components/parts/words.ts';

interface Given {
  view: StreamView;
  /** Jobs that read it. */
  readers: number;
  busy: boolean;
  problem: string | null;
  onDelete(): void;
  onClose(): void;
}

/** All events go for everybody: the name is written before. Mount it while it is open. */
export function DeleteStream({ view, readers, busy, problem, onDelete, onClose }: Given) {
  const [name, setName] = useState('');
  const isMeant = name.trim() === view.name;
  const act = () => isMeant && onDelete();
  return (
    <Dialog
      open
      title={`Delete ${view.name} with its events?`}
      keep="Keep it"
      act="Delete"
      danger
      busy={busy || !isMeant}
      onAct={act}
      onClose={onClose}
    >
      <p>
        {whole(view.events)} events and the dead letters are gone for everyone; who pushes is refused from then on.
        {readers > 0 &&
          ` ${readers === 1 ? 'A real-time job reads' : `${readers} real-time jobs read`} it and would stop.`}{' '}
        This cannot be taken back.
      </p>
      {problem && (
        <p className="st-fail" role="alert">
          {problem}
        </p>
      )}
      <label className="typed">
        Write <b className="mono">{view.name}</b> to mean it
        <Input
          mono
          value={name}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => setName(event.target.value)}
          onKeyDown={(event) => event.key === 'Enter' && act()}
        />
      </label>
    </Dialog>
  );
}
