import { parse, type Node, type Program } from 'acorn';
import { analyze } from 'periscopic';
import { transform } from 'sucrase';
import type { KernelError, Position } from '#kernels/kernel.ts';
import { isGlobal } from './globals.ts';

/*
 * A TypeScript cell as a function the sandbox can run. Types are cut away and nothing moves to another line, so a line
 * of an error is a line of the source. Top-level `await` and `return` work; `export` is only a word; `import` is refused.
 * The value of the last expression, or what is returned, is the cell's value; without one, what it declares is.
 */

export interface CompiledCell {
  ok: true;
  /** The body of an async function that leaves `value` and `names` in `__cell`, unless it returns a value. */
  body: string;
  /** Free names that no JavaScript engine defines: relations, inputs, or mistakes. In first-use order. */
  reads: string[];
  /** Names declared at the top. */
  declares: string[];
}

export interface Uncompiled {
  ok: false;
  error: KernelError;
}

/** The object the body leaves its value and names in. */
const slot = '__cell';

export function compile(source: string): CompiledCell | Uncompiled {
  try {
    const script = transform(source, {
      transforms: ['typescript'],
      disableESTransforms: true,
      keepUnusedImports: true,
    });
    const program = parse(script.code, options);
    const refusal = findImport(program);
    if (refusal) return { ok: false, error: importError(refusal) };
    const { declares, reads } = namesOf(program);
    return { ok: true, body: bodyOf(script.code, program, declares), reads, declares };
  } catch (error) {
    return { ok: false, error: syntaxError(error) };
  }
}

/** The free names of a source; none when it cannot be compiled. */
export function readsOf(source: string): string[] {
  const compiled = compile(source);
  return compiled.ok ? compiled.reads : [];
}

const options = {
  ecmaVersion: 'latest',
  sourceType: 'module',
  allowReturnOutsideFunction: true,
  locations: true,
} as const;

interface Cut {
  from: number;
  to: number;
  text: string;
}

function bodyOf(code: string, program: Program, declares: string[]): string {
  const cuts = program.body.flatMap((node, index) => cutsOf(node, index === program.body.length - 1));
  return `${apply(code, cuts)}\n${ending(declares)}`;
}

/** The top-level names as they are at the end. */
function ending(names: string[]): string {
  return `;${slot}.names = { ${names.join(', ')} };`;
}

function cutsOf(node: Program['body'][number], isLast: boolean): Cut[] {
  switch (node.type) {
    case 'ExportNamedDeclaration':
      return node.declaration
        ? [{ from: node.start, to: node.declaration.start, text: '' }]
        : [{ from: node.start, to: node.end, text: '' }];
    case 'ExportDefaultDeclaration':
      return [{ from: node.start, to: node.declaration.start, text: `${slot}.value = ` }];
    case 'ExpressionStatement':
      return isLast ? lastCuts(node) : [];
    default:
      return [];
  }
}

function lastCuts(node: Node & { expression: Node }): Cut[] {
  return [{ from: node.start, to: node.start, text: `${slot}.value = ` }];
}

function apply(code: string, cuts: Cut[]): string {
  return cuts.toReversed().reduce((text, { from, to, text: put }) => text.slice(0, from) + put + text.slice(to), code);
}

function namesOf(program: Program): { declares: string[]; reads: string[] } {
  const { globals, scope } = analyze(program as unknown as Parameters<typeof analyze>[0]);
  const found = [...globals].map(([name, node]) => ({ name, start: (node as unknown as Node).start }));
  const names = found.toSorted((a, b) => a.start - b.start).map(({ name }) => name);
  return { declares: [...scope.declarations.keys()], reads: names.filter((name) => !isGlobal(name)) };
}

/** The first `import` or `export … from`, wherever it stands. */
function findImport(program: Program): Node | null {
  return findNode(program, (node) => {
    if (node.type === 'ImportDeclaration' || node.type === 'ImportExpression') return true;
    return (
      (node.type === 'ExportNamedDeclaration' || node.type === 'ExportAllDeclaration') &&
      'source' in node &&
      !!node.source
    );
  });
}

function findNode(value: unknown, isWanted: (node: Node) => boolean): Node | null {
  if (Array.isArray(value))
    return value.map((each) => findNode(each, isWanted)).find((found) => found !== null) ?? null;
  if (!isNode(value)) return null;
  if (isWanted(value)) return value;
  return findNode(Object.values(value), isWanted);
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

function importError(node: Node): KernelError {
  return {
    code: 'refused',
    message: 'A cell cannot import: it runs in a sandbox without a network.',
    hint: 'Read other cells by their names; paste small functions into the cell.',
    ...(node.loc && { position: { line: node.loc.start.line, column: node.loc.start.column + 1 } }),
  };
}

/** Sucrase and acorn both throw errors with `loc` and say the place again in the message; acorn counts columns from 0. */
function syntaxError(error: unknown): KernelError {
  const { message = String(error), loc } = error as { message?: string; loc?: { line: number; column: number } };
  const words = message.replace(/^Error transforming [^:]*: /, '').replace(/ \(\d+:\d+\)$/, '');
  const isAcorn = typeof error === 'object' && error !== null && 'raisedAt' in error;
  const position: Position | undefined = loc && { line: loc.line, column: isAcorn ? loc.column + 1 : loc.column };
  return { code: 'syntax', message: `${words}.`, ...(position && { position }) };
}
