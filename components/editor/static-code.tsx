'use client';
import { memo, useRef, type PointerEvent } from 'react';
import type { KernelError } from '#kernels/kernel.ts';
import { spansOf } from '#lib/sql/tokens.ts';
import { typescriptSpans, type CodeSpan } from './typescript-spans.ts';

export type Language = 'sql' | 'typescript';

interface Given {
  source: string;
  language: Language;
  error?: KernelError | null;
  placeholder?: string;
  readOnly?: boolean;
  label: string;
  /** The text is wanted for writing: a pointer came down on it, or the focus came in. */
  onWant?(at?: { x: number; y: number }): void;
  /** Typed before there is an editor: a character, or null for one taken back. */
  onType?(text: string | null): void;
}

const classes: Record<CodeSpan['kind'], string> = {
  keyword: 'key',
  string: 'str',
  number: 'num',
  comment: 'com',
  function: 'fn',
  type: 'typ',
  parameter: 'par',
  identifier: '',
};

/** Code as its editor will show it, at once and without its editor. */
export const StaticCode = memo(function StaticCode({
  source,
  language,
  error,
  placeholder,
  label,
  onWant,
  onType,
}: Given) {
  // A press says where the caret goes when it is let go; focus that comes any other way wants the text at once.
  const pressed = useRef(false);
  const want = (event: PointerEvent) => {
    pressed.current = false;
    if (event.button === 0 && getSelection()?.isCollapsed !== false) onWant?.({ x: event.clientX, y: event.clientY });
  };
  return (
    <pre
      className="code"
      tabIndex={0}
      role="textbox"
      aria-multiline="true"
      aria-readonly="true"
      aria-label={label}
      onKeyDown={(event) => {
        if (event.metaKey || event.ctrlKey || event.altKey) return;
        if (event.key.length === 1) onType?.(event.key);
        else if (event.key === 'Enter' && !event.shiftKey) onType?.('\n');
        else if (event.key === 'Backspace') onType?.(null);
        else return;
        event.preventDefault();
      }}
      onPointerDown={() => {
        pressed.current = true;
      }}
      onPointerUp={want}
      onFocus={() => {
        if (!pressed.current) onWant?.();
      }}
    >
      <code>
        {source === '' && placeholder ? <span className="ph">{placeholder}</span> : null}
        {linesOf(source, language).map((line, index) => (
          <Line key={index} parts={line} error={error?.position?.line === index + 1 ? error : null} />
        ))}
      </code>
    </pre>
  );
});

function Line({ parts, error }: { parts: Part[]; error: KernelError | null }) {
  return (
    <>
      <span className={error ? 'l bad' : 'l'}>
        {parts.map((part, index) => (
          <span key={index} className={part.kind ? classes[part.kind] : undefined}>
            {part.text}
          </span>
        ))}
        {'\n'}
      </span>
      {error && (
        <span className="l point">
          {' '.repeat(Math.max(0, (error.position?.column ?? 1) - 1))}^
          <span className="ptx">{pointWords[error.code]}</span>
          {'\n'}
        </span>
      )}
    </>
  );
}

/** What stands beside the caret under the place of an error; the sentence is below. */
export const pointWords: Record<KernelError['code'], string> = {
  syntax: 'not understood here',
  'unknown-name': 'no such name',
  'unknown-parameter': 'no such input',
  runtime: 'failed here',
  cancelled: '',
  timeout: '',
  memory: '',
  refused: 'not allowed',
  unsupported: 'not on this engine',
  lost: '',
};

interface Part {
  kind: CodeSpan['kind'] | null;
  text: string;
}

function linesOf(source: string, language: Language): Part[][] {
  const spans: CodeSpan[] = language === 'sql' ? spansOf(source) : typescriptSpans(source);
  const lines: Part[][] = [[]];
  const put = (kind: Part['kind'], text: string) => {
    for (const [index, piece] of text.split('\n').entries()) {
      if (index > 0) lines.push([]);
      if (piece) lines.at(-1)!.push({ kind, text: piece });
    }
  };
  let at = 0;
  for (const span of spans) {
    put(null, source.slice(at, span.from));
    put(span.kind, source.slice(span.from, span.to));
    at = span.to;
  }
  put(null, source.slice(at));
  return lines;
}
