import type { editor } from 'monaco-editor';
import type { KernelError } from '#kernels/kernel.ts';
import type { Monaco } from './monaco.ts';
import { pointWords } from './static-code.tsx';

/** Shows an error at its place: the line washed, the word underlined, a caret with a few words under it. */
export function markError(monaco: Monaco, view: editor.IStandaloneCodeEditor, error: KernelError | null): () => void {
  const model = view.getModel();
  const position = error?.position;
  if (!model || !error || !position || position.line > model.getLineCount()) return () => {};
  const length = position.length ?? wordLength(model, position.line, position.column);
  const range = new monaco.Range(position.line, position.column, position.line, position.column + length);
  const marks = view.createDecorationsCollection([
    { range, options: { isWholeLine: true, className: 'badline' } },
    { range, options: { inlineClassName: 'sq', hoverMessage: { value: error.message } } },
  ]);
  const zone = addPoint(view, error, position.line, position.column);
  const gone = model.onDidChangeContent(() => end());
  const end = () => {
    gone.dispose();
    marks.clear();
    view.changeViewZones((zones) => zones.removeZone(zone));
  };
  return end;
}

/** Underlines what an engine would refuse, at its place; hovering says why. The next key takes it away. */
export function markWrong(monaco: Monaco, view: editor.IStandaloneCodeEditor, wrong: KernelError | null): () => void {
  const model = view.getModel();
  if (!model) return () => {};
  const clear = () => monaco.editor.setModelMarkers(model, 'engine', []);
  const position = wrong?.position;
  if (!wrong || !position || position.line > model.getLineCount()) {
    clear();
    return () => {};
  }
  const length = position.length ?? wordLength(model, position.line, position.column);
  monaco.editor.setModelMarkers(model, 'engine', [
    {
      severity: monaco.MarkerSeverity.Error,
      message: wrong.message.replaceAll('`', ''),
      startLineNumber: position.line,
      startColumn: position.column,
      endLineNumber: position.line,
      endColumn: position.column + length,
    },
  ]);
  const gone = model.onDidChangeContent(clear);
  return () => {
    gone.dispose();
    if (!model.isDisposed()) clear();
  };
}

function addPoint(view: editor.IStandaloneCodeEditor, error: KernelError, line: number, column: number): string {
  const domNode = document.createElement('div');
  domNode.className = 'pointzone';
  domNode.textContent = `${' '.repeat(column - 1)}^`;
  const words = document.createElement('span');
  words.className = 'ptx';
  words.textContent = pointWords[error.code];
  domNode.append(words);
  let id = '';
  view.changeViewZones((zones) => {
    id = zones.addZone({ afterLineNumber: line, heightInLines: 1, domNode });
  });
  return id;
}

function wordLength(model: editor.ITextModel, lineNumber: number, column: number): number {
  const word = model.getWordAtPosition({ lineNumber, column });
  return word ? word.endColumn - column : 1;
}
