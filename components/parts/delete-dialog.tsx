'use client';
import { useState, type ReactNode } from 'react';
import { CodeInput } from './code-field.tsx';
import { Dialog } from './dialog.tsx';

interface Given {
  /** The question. */
  title: string;
  /** What is written to mean it. */
  name: string;
  busy: boolean;
  /** Why it was refused. */
  problem: string | null;
  /** What will go. */
  children: ReactNode;
  onDelete(): void;
  onClose(): void;
}

/** What goes for everybody and cannot be taken back: its name is written before. Mount it while it is open. */
export function DeleteDialog({ title, name, busy, problem, children, onDelete, onClose }: Given) {
  const [written, setWritten] = useState('');
  const isMeant = written.trim() === name;
  const act = () => isMeant && !busy && onDelete();
  return (
    <Dialog open title={title} keep="Keep it" act="Delete" danger busy={busy || !isMeant} onAct={act} onClose={onClose}>
      {children}
      {problem && (
        <p className="st-fail" role="alert">
          {problem}
        </p>
      )}
      <label className="typed">
        <span>
          Write <b className="mono">{name}</b> to mean it
        </span>
        <CodeInput
          value={written}
          onChange={(event) => setWritten(event.target.value)}
          onKeyDown={(event) => event.key === 'Enter' && act()}
        />
      </label>
    </Dialog>
  );
}
