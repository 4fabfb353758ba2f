'use client';
import { useState } from 'react';
import { useDesk, useHere, useMayEdit } from '#components/notebook/context.tsx';

/** A cell's name; double click or F2 changes it. */
export function Name({ id, name }: { id: string; name: string }) {
  const { desk } = useHere();
  const mayEdit = useMayEdit();
  const renaming = useDesk((state) => state.renaming === id);
  if (renaming && mayEdit) return <Rename id={id} name={name} />;
  return (
    <h2 title={mayEdit ? 'Double click or F2 to rename' : undefined} onDoubleClick={() => desk.set({ renaming: id })}>
      {name}
    </h2>
  );
}

function Rename({ id, name }: { id: string; name: string }) {
  const { store, desk } = useHere();
  const [text, setText] = useState(name);
  const end = (keep: boolean) => {
    desk.set({ renaming: null });
    if (keep && text.trim() && text !== name) store.act.rename(id, text.trim());
  };
  return (
    <input
      className="rename"
      aria-label="Name of the cell"
      value={text}
      size={Math.max(8, text.length + 1)}
      autoFocus
      spellCheck={false}
      onFocus={(event) => event.target.select()}
      onChange={(event) => setText(event.target.value)}
      onBlur={() => end(true)}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== 'Escape') return;
        event.preventDefault();
        event.stopPropagation();
        end(event.key === 'Enter');
      }}
    />
  );
}
