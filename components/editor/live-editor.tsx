'use client';
import { Editor, type OnMount } from '@monaco-editor/react';
import type { editor as Code } from 'monaco-editor';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { Awareness } from 'y-protocols/awareness';
import type { Text } from 'yjs';
import type { KernelError } from '#kernels/kernel.ts';
import { bindText } from './binding.ts';
import { showCarets, type Who } from './carets.ts';
import { offerNames, type Names } from './completion.ts';
import { markError, markWrong } from './error-mark.ts';
import { sayEditor } from './live-editors.ts';
import type { Monaco } from './monaco.ts';
import type { Language } from './static-code.tsx';
import { useLatest } from './use-latest.ts';

/*
 * Monaco on a cell's Y.Text. Mounted once and then left alone: what is typed goes from Monaco to Yjs and back without
 * React, and props that change while it stands reach it through refs.
 */

export interface LiveGiven {
  cellId: string;
  text: Text;
  language: Language;
  label: string;
  readOnly: boolean;
  error: KernelError | null;
  /** What an engine says is wrong with the text as it stands, before it ran. */
  wrong: KernelError | null;
  origin: unknown;
  awareness: Awareness;
  who(clientId: number): Who | null;
  names(): Names;
  /** Where a pointer asked for it, in the page; true for the keyboard; null when nobody waits for it. */
  focus: { x: number; y: number } | true | null;
  /** It stands in its place, and may take the focus of who waits for it. */
  shown: boolean;
  /** What was typed while it was being fetched. */
  typed: { current: string };
  onLeave(): void;
  onUndo(): void;
  onRedo(): void;
  onReady(): void;
}

/** Monaco colours a text within this time (ms) of showing it. */
const colouring = 150;

const languages = { sql: 'lodestar-sql', typescript: 'typescript' };

export default function LiveEditor(given: LiveGiven) {
  const latest = useLatest(given);
  const [mounted, setMounted] = useState<{ view: Code.IStandaloneCodeEditor; monaco: Monaco } | null>(null);
  const [height, setHeight] = useState(() => 16 + 20 * given.text.toString().split('\n').length);
  const ends = useRef<(() => void)[]>([]);

  const onMount: OnMount = (view, ours) => {
    const monaco = ours as unknown as Monaco;
    view
      .getModel()
      ?.updateOptions({ bracketColorizationOptions: { enabled: false, independentColorPoolPerBracketType: false } });
    const fit = () => setHeight(view.getContentHeight());
    view.onDidContentSizeChange(fit);
    fit();
    const now = latest.current;
    ends.current = [
      bindText(monaco, now.text, view, now.origin),
      showCarets(monaco, view, now.text, now.awareness, (clientId) => latest.current.who(clientId)),
      offerNames(view.getModel()!.uri.toString(), () => latest.current.names()),
      sayEditor(now.cellId, view),
    ];
    bindKeys(monaco, view, latest);
    // Monaco does not take the focus where a press falls between its lines, as on the words under an error.
    view.onMouseUp(() => view.hasTextFocus() || view.focus());
    setMounted({ view, monaco });
    // Who waits gets it at once; else it comes when its colours have, so that the change is not seen.
    if (now.focus) now.onReady();
    else setTimeout(() => latest.current.onReady(), colouring);
  };

  useLayoutEffect(() => {
    if (mounted && given.shown && given.focus) takeFocus(mounted.view, given.focus, given.typed);
  }, [mounted, given.shown, given.focus, given.typed]);
  useEffect(() => () => ends.current.forEach((end) => end()), []);
  useEffect(() => mounted?.view.updateOptions({ readOnly: given.readOnly }), [mounted, given.readOnly]);
  useEffect(() => (mounted ? markError(mounted.monaco, mounted.view, given.error) : undefined), [mounted, given.error]);

  useEffect(() => (mounted ? markWrong(mounted.monaco, mounted.view, given.wrong) : undefined), [mounted, given.wrong]);

  return (
    <div className="live" style={{ height }}>
      <Editor
        defaultValue={given.text.toString()}
        language={languages[given.language]}
        path={`cell/${given.cellId}.${given.language === 'sql' ? 'sql' : 'ts'}`}
        theme="lodestar"
        loading={null}
        options={{ ...options, readOnly: given.readOnly, ariaLabel: given.label }}
        onMount={onMount}
      />
    </div>
  );
}

const options: Code.IStandaloneEditorConstructionOptions = {
  fontFamily: 'var(--font-code)',
  fontSize: 13,
  lineHeight: 20,
  fontLigatures: false,
  tabSize: 2,
  padding: { top: 8, bottom: 8 },
  lineNumbers: 'on',
  lineNumbersMinChars: 4,
  lineDecorationsWidth: 17,
  bracketPairColorization: { enabled: false },
  glyphMargin: false,
  folding: false,
  minimap: { enabled: false },
  scrollBeyondLastLine: false,
  scrollBeyondLastColumn: 2,
  scrollbar: {
    vertical: 'hidden',
    horizontalScrollbarSize: 6,
    alwaysConsumeMouseWheel: false,
    handleMouseWheel: true,
    ignoreHorizontalScrollbarInContentHeight: true,
    useShadows: false,
  },
  overviewRulerLanes: 0,
  overviewRulerBorder: false,
  hideCursorInOverviewRuler: true,
  renderLineHighlight: 'none',
  occurrencesHighlight: 'off',
  selectionHighlight: false,
  guides: { indentation: false },
  stickyScroll: { enabled: false },
  contextmenu: false,
  fixedOverflowWidgets: true,
  automaticLayout: true,
  wordBasedSuggestions: 'off',
  quickSuggestions: { other: true, comments: false, strings: false },
  suggest: { showIcons: true, showStatusBar: false, preview: false },
  unicodeHighlight: { ambiguousCharacters: false },
  roundedSelection: false,
  cursorWidth: 2,
  dragAndDrop: false,
  dropIntoEditor: { enabled: false },
  accessibilitySupport: 'auto',
};

/** The keys that are the notebook's and not Monaco's; the rest of the notebook's are heard before Monaco hears them. */
function bindKeys(monaco: Monaco, view: Code.IStandaloneCodeEditor, latest: { current: LiveGiven }): void {
  const quiet =
    '!suggestWidgetVisible && !findWidgetVisible && !renameInputVisible && !parameterHintsVisible && !editorHasMultipleSelections && !inSnippetMode';
  const { KeyMod, KeyCode } = monaco;
  const bind = (id: string, keybindings: number[], run: () => void, precondition?: string) =>
    view.addAction({ id: `lodestar.${id}`, label: id, keybindings, precondition, run });
  bind('leave', [KeyCode.Escape], () => latest.current.onLeave(), quiet);
  bind('undo', [KeyMod.CtrlCmd | KeyCode.KeyZ], () => latest.current.onUndo());
  bind('redo', [KeyMod.CtrlCmd | KeyMod.Shift | KeyCode.KeyZ, KeyMod.CtrlCmd | KeyCode.KeyY], () =>
    latest.current.onRedo(),
  );
}

/** Gives the focus to who waits for it, unless they have gone elsewhere meanwhile; what they typed comes with it. */
function takeFocus(
  view: Code.IStandaloneCodeEditor,
  focus: NonNullable<LiveGiven['focus']>,
  typed: { current: string },
): void {
  const active = document.activeElement;
  const waits = !active || active === document.body || active.closest('.code-box')?.contains(view.getDomNode());
  if (waits) {
    const position = focus === true ? null : view.getTargetAtClientPoint(focus.x, focus.y)?.position;
    if (position) view.setPosition(position);
    view.focus();
    if (typed.current) view.trigger('keyboard', 'type', { text: typed.current });
  }
  typed.current = '';
}
