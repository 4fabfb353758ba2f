'use client';
import { memo, useEffect, useMemo, useRef } from 'react';
import { useDesk, useHere, useMayEdit } from '#components/notebook/context.tsx';
import { focusCell } from '#components/notebook/focus.ts';
import { applyInput } from './applied-input.ts';
import { textOf } from './code-body.tsx';
import { useMarkup } from './markup.ts';

/** Words in the prose voice; double click or Enter opens their text in the same place, Esc closes it. */
export function MarkdownBody({ id, source }: { id: string; source: string }) {
  const mayEdit = useMayEdit();
  const writing = useDesk((state) => state.writing === id);
  if (writing && mayEdit) return <Writing id={id} source={source} />;
  return <Rendered id={id} source={source} mayEdit={mayEdit} />;
}

const Rendered = memo(function Rendered({ id, source, mayEdit }: { id: string; source: string; mayEdit: boolean }) {
  const { desk } = useHere();
  const html = useMarkup(source);
  const open = () => mayEdit && desk.set({ current: id, writing: id });
  if (!source.trim()) {
    return (
      <button type="button" className="ph" onClick={open}>
        {mayEdit ? 'Write down the question. Markdown is understood.' : 'Nothing is written here yet.'}
      </button>
    );
  }
  if (!html) return <div className="words plain">{source}</div>;
  // Sanitised in useMarkup, where it is made.
  return <div className="words" onDoubleClick={open} dangerouslySetInnerHTML={{ __html: html }} />;
});

function Writing({ id, source }: { id: string; source: string }) {
  const { store, desk } = useHere();
  const area = useRef<HTMLTextAreaElement>(null);
  const text = useMemo(() => textOf(store, id), [store, id]);
  useEffect(() => {
    const element = area.current;
    if (!element || !text) return;
    return applyInput(element, text, store.origin);
  }, [text, store.origin]);
  useEffect(() => {
    area.current?.focus();
    area.current?.setSelectionRange(area.current.value.length, area.current.value.length);
  }, []);
  const leave = () => {
    desk.set({ writing: null });
    queueMicrotask(() => focusCell(desk, id));
  };
  return (
    <textarea
      ref={area}
      className="prose-edit"
      aria-label="Text"
      defaultValue={source}
      spellCheck
      onBlur={() => desk.set({ writing: null })}
      onKeyDown={(event) => {
        const undo = (event.metaKey || event.ctrlKey) && event.key.toLowerCase() === 'z';
        if (event.key === 'Escape' && !event.shiftKey) leave();
        else if ((event.metaKey || event.ctrlKey || event.shiftKey) && event.key === 'Enter') leave();
        else if (undo && event.shiftKey) store.act.redo();
        else if (undo) store.act.undo();
        else return;
        event.preventDefault();
        event.stopPropagation();
      }}
    />
  );
}
