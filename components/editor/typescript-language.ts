import type { Monaco } from './monaco.ts';

/*
 * TypeScript as a cell speaks it: each cell a module of its own, await at the top, and the names of the notebook as
 * globals with the types of their rows.
 */

export function setUpTypeScript(monaco: Monaco): void {
  const { typescriptDefaults, ScriptTarget, ModuleKind, ModuleResolutionKind } = monaco.typescript;
  typescriptDefaults.setCompilerOptions({
    target: ScriptTarget.ESNext,
    module: ModuleKind.ESNext,
    moduleResolution: ModuleResolutionKind.NodeJs,
    moduleDetection: 3,
    lib: ['esnext'],
    strict: true,
    noImplicitAny: false,
    allowNonTsExtensions: true,
  });
  // 1108: return at the top; 1375, 1378: await at the top of what is no module yet.
  typescriptDefaults.setDiagnosticsOptions({ diagnosticCodesToIgnore: [1108, 1375, 1378] });
  typescriptDefaults.setEagerModelSync(true);
}

let declared = '';
let shown: { dispose(): void } | null = null;

/** Replaces what TypeScript cells may name. */
export function declareNames(monaco: Monaco, declarations: string): void {
  if (declarations === declared) return;
  declared = declarations;
  shown?.dispose();
  shown = monaco.typescript.typescriptDefaults.addExtraLib(declarations, 'lodestar:names.d.ts');
}
