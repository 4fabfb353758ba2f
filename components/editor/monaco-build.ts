// Monaco with its editing features and TypeScript, without the eighty languages no cell is written in.
import 'monaco-editor/features/register.all.js';
import 'monaco-editor/languages/definitions/typescript/register.js';
export * as typescript from 'monaco-editor/languages/features/typescript/register.js';
export * from 'monaco-editor/editor/editor.api.js';
