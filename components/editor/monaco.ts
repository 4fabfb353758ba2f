import type * as Build from './monaco-build.ts';

/*
 * Monaco, brought in when a cell's text is first wanted and never before the first rows: our own build, our own
 * workers from this origin, handed to @monaco-editor/react so that it asks no one else for it.
 */

export type Monaco = typeof Build;

let loading: Promise<Monaco> | null = null;

export function loadMonaco(): Promise<Monaco> {
  loading ??= load();
  return loading;
}

async function load(): Promise<Monaco> {
  globalThis.MonacoEnvironment = { getWorker };
  const [monaco, react, { registerSql }, { wearTheme }, { setUpTypeScript }] = await Promise.all([
    import('./monaco-build.ts'),
    import('@monaco-editor/react'),
    import('./sql-language.ts'),
    import('./theme.ts'),
    import('./typescript-language.ts'),
  ]);
  react.loader.config({
    monaco: monaco as unknown as NonNullable<Parameters<typeof react.loader.config>[0]['monaco']>,
  });
  registerSql(monaco);
  setUpTypeScript(monaco);
  wearTheme(monaco);
  return monaco;
}

function getWorker(_: string, label: string): Worker {
  if (label === 'typescript' || label === 'javascript') {
    return new Worker(new URL('monaco-editor/language/typescript/ts.worker', import.meta.url), { type: 'module' });
  }
  return new Worker(new URL('monaco-editor/editor/editor.worker', import.meta.url), { type: 'module' });
}
