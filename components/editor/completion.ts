import type { Monaco } from './monaco.ts';
import { functions, keywords } from './sql-words.ts';
import { trinoOffers, type CatalogueNames } from './trino-completion.ts';

/*
 * What can be written at the caret: columns after `name.`, otherwise cells, datasets and files with their columns,
 * parameters inside `{{`, functions and keywords. The names are those of the notebook the text belongs to.
 */

export interface Named {
  name: string;
  /** "cell", "dataset", "file". */
  what: string;
  columns: { name: string; type: string }[];
}

export interface Names {
  relations: Named[];
  /** Names of input cells. */
  inputs: string[];
  /** The catalogue of the cluster the text is for; its dialect is then Trino's. */
  catalogue?: CatalogueNames | null;
}

export interface Offer {
  label: string;
  kind: 'relation' | 'column' | 'input' | 'function' | 'keyword';
  detail: string;
  insert: string;
}

const sources = new Map<string, () => Names>();

/** Says which names the text under this URI may use; returns how to stop. */
export function offerNames(uri: string, names: () => Names): () => void {
  sources.set(uri, names);
  return () => sources.delete(uri);
}

/** What to offer after `before`, the text of the line up to the caret. */
export function offersFor(before: string, names: Names): Offer[] {
  if (/\{\{\s*\w*$/.test(before)) return names.inputs.map((name) => offer(name, 'input', 'input'));
  const owner = /([A-Za-z_]\w*)\.\w*$/.exec(before)?.[1];
  const owned = names.relations.find((relation) => relation.name === owner);
  if (owned) return columnsOf(owned);
  return unique([
    ...names.relations.map((relation) => offer(relation.name, 'relation', relation.what)),
    ...names.relations.flatMap(columnsOf),
    ...names.inputs.map((name) => ({ ...offer(`{{${name}}}`, 'input', 'input'), insert: `{{${name}}}` })),
    ...functions.map((name) => ({ ...offer(name, 'function', ''), insert: `${name}($0)` })),
    ...keywords.map((word) => offer(word.toUpperCase(), 'keyword', '')),
  ]);
}

type Provider = Parameters<Monaco['languages']['registerCompletionItemProvider']>[1];

export function completeSql(monaco: Monaco): Provider {
  const kinds = {
    relation: monaco.languages.CompletionItemKind.Struct,
    column: monaco.languages.CompletionItemKind.Field,
    input: monaco.languages.CompletionItemKind.Variable,
    function: monaco.languages.CompletionItemKind.Function,
    keyword: monaco.languages.CompletionItemKind.Keyword,
  };
  return {
    triggerCharacters: ['.', '{'],
    async provideCompletionItems(model, position) {
      const names = sources.get(model.uri.toString())?.();
      if (!names) return { suggestions: [] };
      const before = model.getLineContent(position.lineNumber).slice(0, position.column - 1);
      const word = model.getWordUntilPosition(position);
      const range = new monaco.Range(position.lineNumber, word.startColumn, position.lineNumber, word.endColumn);
      const offers = names.catalogue
        ? await trinoOffers(model.getValue(), model.getOffsetAt(position), names, names.catalogue)
        : offersFor(before, names);
      const suggestions = offers.map((each, index) => ({
        label: each.label,
        kind: kinds[each.kind],
        detail: each.detail,
        insertText: each.insert,
        insertTextRules:
          each.kind === 'function' ? monaco.languages.CompletionItemInsertTextRule.InsertAsSnippet : undefined,
        sortText: String(index).padStart(5, '0'),
        range,
      }));
      return { suggestions };
    },
  };
}

function columnsOf(relation: Named): Offer[] {
  return relation.columns.map((column) => ({
    ...offer(column.name, 'column', column.type.toLowerCase()),
    insert: /^[a-z_][a-z0-9_]*$/i.test(column.name) ? column.name : `"${column.name.replaceAll('"', '""')}"`,
  }));
}

function offer(label: string, kind: Offer['kind'], detail: string): Offer {
  return { label, kind, detail, insert: label };
}

function unique(offers: Offer[]): Offer[] {
  return [...new Map(offers.toReversed().map((each) => [each.label, each])).values()].reverse();
}
