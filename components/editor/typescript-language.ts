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
  declare = declaring(monaco);
  declare(declared);
}

let declared = '';
let declare: ((declarations: string) => void) | null = null;

/** Replaces what TypeScript cells may name; kept until there is an editor to tell. */
export function sayNames(declarations: string): void {
  if (declarations === declared) return;
  declared = declarations;
  declare?.(declarations);
}

/** A later declaration replaces the one before. */
function declaring(monaco: Monaco): (declarations: string) => void {
  let shown: { dispose(): void } | null = null;
  return (declarations) => {
    shown?.dispose();
    shown = monaco.typescript.typescriptDefaults.addExtraLib(declarations, 'lodestar:names.d.ts');
  };
}
