import type { Monaco } from './monaco.ts';

/*
 * Monaco wants colours as hex, so its theme is read from the tokens on the page, and read again whenever the page
 * changes between light and dark.
 */

const rules = [
  ['keyword', '--syn-key'],
  ['string', '--syn-str'],
  ['number', '--syn-num'],
  ['function', '--syn-fn'],
  ['type', '--syn-type'],
  ['comment', '--syn-com'],
  ['parameter', '--syn-par'],
  ['', '--ink'],
] as const;

const colours = {
  'editor.background': '--sunken',
  'editor.foreground': '--ink',
  'editorLineNumber.foreground': '--ink-3',
  'editorLineNumber.activeForeground': '--ink-2',
  'editorCursor.foreground': '--accent',
  'editor.selectionBackground': '--selected',
  'editor.inactiveSelectionBackground': '--selected',
  'editorBracketMatch.border': '--line-strong',
  'editorBracketMatch.background': '--hover',
  'editorWidget.background': '--raised',
  'editorWidget.border': '--line',
  'editorHoverWidget.background': '--raised',
  'editorHoverWidget.border': '--line',
  'editorSuggestWidget.background': '--raised',
  'editorSuggestWidget.border': '--line',
  'editorSuggestWidget.foreground': '--ink',
  'editorSuggestWidget.selectedBackground': '--selected',
  'editorSuggestWidget.selectedForeground': '--ink',
  'editorSuggestWidget.highlightForeground': '--accent',
  'editorSuggestWidget.focusHighlightForeground': '--accent',
  'list.hoverBackground': '--hover',
  'editorError.foreground': '--fail',
  'editorWarning.foreground': '--warn',
  'scrollbarSlider.background': '--line-strong',
  'scrollbarSlider.hoverBackground': '--ink-4',
  'scrollbarSlider.activeBackground': '--ink-4',
  'input.background': '--paper',
  'input.border': '--line-strong',
  focusBorder: '--accent',
  'editor.wordHighlightBackground': '--hover',
  'editor.findMatchBackground': '--warn-wash',
  'editor.findMatchHighlightBackground': '--warn-wash',
} as const;

/** Wears the page's colours now and whenever they change. */
export function wearTheme(monaco: Monaco): void {
  const wear = () => {
    monaco.editor.defineTheme('lodestar', themeOf(getComputedStyle(document.documentElement)));
    monaco.editor.setTheme('lodestar');
  };
  wear();
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', wear);
  new MutationObserver(wear).observe(document.documentElement, { attributeFilter: ['data-theme'] });
}

function themeOf(style: CSSStyleDeclaration): Parameters<Monaco['editor']['defineTheme']>[1] {
  const hex = (token: string) => style.getPropertyValue(token).trim();
  const seen = Object.entries(colours).map(([key, token]) => [key, hex(token)]);
  const none = [
    'editorGutter.background',
    'editor.lineHighlightBackground',
    'editor.lineHighlightBorder',
    'scrollbar.shadow',
    'widget.shadow',
  ];
  return {
    base: style.colorScheme.includes('dark') ? 'vs-dark' : 'vs',
    inherit: false,
    rules: rules.map(([token, name]) => ({ token, foreground: hex(name).slice(1) })),
    colors: Object.fromEntries([...seen, ...none.map((key) => [key, '#00000000'])]),
  };
}
