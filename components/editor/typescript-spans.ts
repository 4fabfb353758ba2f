/** A coloured stretch of TypeScript, for showing a cell before its editor has loaded. [from, to) in UTF-16 units. */
export interface CodeSpan {
  kind: 'keyword' | 'string' | 'number' | 'comment' | 'function' | 'type' | 'parameter' | 'identifier';
  from: number;
  to: number;
}

const keywords = new Set(
  `abstract any as async await boolean break case catch class const continue debugger declare default delete do else
enum export extends false finally for from function get if implements import in infer instanceof interface is keyof let
namespace never new null number object of private protected public readonly return satisfies set static string super
switch symbol this throw true try type typeof undefined unknown var void while yield`.split(/\s+/),
);

const pattern =
  /(?<comment>\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$))|(?<string>'(?:\\.|[^'\\\n])*'?|"(?:\\.|[^"\\\n])*"?|`(?:\\.|[^`\\])*`?)|(?<number>\b(?:0[xob][\da-f_]+|\d[\d_]*(?:\.\d+)?(?:e[+-]?\d+)?)n?\b)|(?<word>[A-Za-z_$][\w$]*)/gi;

export function typescriptSpans(source: string): CodeSpan[] {
  const spans: CodeSpan[] = [];
  for (const found of source.matchAll(pattern)) {
    const to = found.index + found[0].length;
    const kind = kindOf(found.groups ?? {}, source.slice(to));
    if (kind) spans.push({ kind, from: found.index, to });
  }
  return spans;
}

function kindOf(groups: Record<string, string | undefined>, after: string): CodeSpan['kind'] | null {
  if (groups.comment) return 'comment';
  if (groups.string) return 'string';
  if (groups.number) return 'number';
  const word = groups.word ?? '';
  if (keywords.has(word)) return 'keyword';
  if (/^\s*(?:<[^<>()]*>)?\(/.test(after)) return 'function';
  return /^[A-Z][a-z]/.test(word) ? 'type' : null;
}
