import type { Monaco } from './monaco.ts';
import { keywords } from './sql-words.ts';
import { completeSql } from './completion.ts';

/** SQL as both DuckDB and Trino write it, with `{{parameters}}`. */
export function registerSql(monaco: Monaco): void {
  monaco.languages.register({ id: 'lodestar-sql' });
  monaco.languages.setLanguageConfiguration('lodestar-sql', {
    comments: { lineComment: '--', blockComment: ['/*', '*/'] },
    brackets: [
      ['(', ')'],
      ['[', ']'],
      ['{', '}'],
    ],
    autoClosingPairs: [
      { open: '(', close: ')' },
      { open: '[', close: ']' },
      { open: '{', close: '}' },
      { open: "'", close: "'", notIn: ['string', 'comment'] },
      { open: '"', close: '"', notIn: ['string', 'comment'] },
    ],
    surroundingPairs: [
      { open: '(', close: ')' },
      { open: "'", close: "'" },
      { open: '"', close: '"' },
    ],
  });
  monaco.languages.setMonarchTokensProvider('lodestar-sql', tokens);
  monaco.languages.registerCompletionItemProvider('lodestar-sql', completeSql(monaco));
}

const tokens = {
  ignoreCase: true,
  defaultToken: '',
  keywords,
  tokenizer: {
    root: [
      [/\{\{\s*[A-Za-z_]\w*\s*\}\}/, 'parameter'],
      [/--.*$/, 'comment'],
      [/\/\*/, { token: 'comment', next: '@comment' }],
      [/'/, { token: 'string', next: '@string' }],
      [/"/, { token: 'identifier', next: '@quoted' }],
      [/\$\$/, { token: 'string', next: '@dollar' }],
      [/\d+(\.\d*)?(e[+-]?\d+)?|\.\d+(e[+-]?\d+)?/, 'number'],
      [/[A-Za-z_]\w*(?=\s*\()/, { cases: { '@keywords': 'keyword', '@default': 'function' } }],
      [/[A-Za-z_]\w*/, { cases: { '@keywords': 'keyword', '@default': 'identifier' } }],
    ],
    comment: [
      [/[^*]+/, 'comment'],
      [/\*\//, { token: 'comment', next: '@pop' }],
      [/\*/, 'comment'],
    ],
    string: [
      [/[^']+/, 'string'],
      [/''/, 'string'],
      [/'/, { token: 'string', next: '@pop' }],
    ],
    quoted: [
      [/[^"]+/, 'identifier'],
      [/""/, 'identifier'],
      [/"/, { token: 'identifier', next: '@pop' }],
    ],
    dollar: [
      [/[^$]+/, 'string'],
      [/\$\$/, { token: 'string', next: '@pop' }],
      [/\$/, 'string'],
    ],
  },
} as Parameters<Monaco['languages']['setMonarchTokensProvider']>[1];
