'use client';
import { lazy, Suspense, useImperativeHandle, useRef, useState, type Ref } from 'react';
import type { LiveGiven } from './live-editor.tsx';
import { loadMonaco } from './monaco.ts';
import { StaticCode } from './static-code.tsx';
import { useWarm } from './warm.ts';

/*
 * A cell's code. Readable at once as static text; an editor as soon as someone wants to write in it, or when the page
 * is quiet and the cell is in sight. The two stand on the same lines, so that the change is not seen.
 */

const LiveEditor = lazy(async () => {
  const [editor] = await Promise.all([import('./live-editor.tsx'), loadMonaco()]);
  return editor;
});

export interface EditorHandle {
  focus(): void;
}

interface Given extends Omit<LiveGiven, 'focus' | 'shown' | 'typed' | 'onReady'> {
  /** The text as the last snapshot has it; shown until the editor holds it itself. */
  source: string;
  placeholder?: string;
  ref?: Ref<EditorHandle>;
}

export function CodeEditor({ source, placeholder, ref, ...given }: Given) {
  const box = useRef<HTMLDivElement>(null);
  const [focus, setFocus] = useState<LiveGiven['focus']>(null);
  const [wanted, setWanted] = useState(false);
  const [ready, setReady] = useState(false);
  const typed = useRef('');
  const warm = useWarm(box);
  const want = (at?: { x: number; y: number }) => {
    setFocus(at ?? true);
    setWanted(true);
  };
  useImperativeHandle(ref, () => ({ focus: () => (ready ? focusWithin(box.current) : want()) }), [ready]);
  const live = wanted || warm;

  return (
    <div className="code code-box" ref={box} data-ready={ready || undefined}>
      {!ready && (
        <StaticCode
          source={source}
          language={given.language}
          error={given.error}
          label={given.label}
          placeholder={placeholder}
          onWant={want}
          onType={(text) => {
            if (!given.readOnly) typed.current = text === null ? typed.current.slice(0, -1) : typed.current + text;
          }}
        />
      )}
      {live && (
        <Suspense fallback={null}>
          <div className={ready ? undefined : 'unready'}>
            <LiveEditor {...given} focus={focus} shown={ready} typed={typed} onReady={() => setReady(true)} />
          </div>
        </Suspense>
      )}
      {ready && source === '' && placeholder && <span className="ph over">{placeholder}</span>}
    </div>
  );
}

function focusWithin(box: HTMLElement | null): void {
  box?.querySelector<HTMLElement>('.monaco-editor textarea, .monaco-editor .native-edit-context')?.focus();
}
