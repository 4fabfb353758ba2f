import DOMPurify from 'dompurify';
import { marked } from 'marked';
import { useSyncExternalStore } from 'react';

/*
 * Markdown to HTML, sanitised at the sink, in the browser where it is shown: no script, no style, no frame, no form, no
 * image from elsewhere (an address fetched is a person told about). Links open beside the page and say nothing of it.
 */

const allowed = {
  ALLOWED_TAGS:
    'a b blockquote br code del em h1 h2 h3 h4 h5 h6 hr i img li ol p pre s strong sub sup table tbody td th thead tr ul'.split(
      ' ',
    ),
  ALLOWED_ATTR: ['href', 'title', 'align', 'start', 'src', 'alt'],
  ALLOW_DATA_ATTR: false,
  ALLOWED_URI_REGEXP: /^(?:https?:|mailto:|\/(?!\/)|#|data:image\/(?:png|jpeg|gif|webp);base64,)/i,
};

/** Sanitised HTML of a markdown text. Needs a DOM. */
export function markupOf(source: string): string {
  const purify = DOMPurify(window);
  purify.addHook('afterSanitizeAttributes', (node) => {
    if (node.tagName === 'A') {
      node.setAttribute('rel', 'noopener noreferrer nofollow');
      if (!node.getAttribute('href')?.startsWith('#')) node.setAttribute('target', '_blank');
    }
    if (node.tagName === 'IMG' && !/^(data:image\/|\/(?!\/))/i.test(node.getAttribute('src') ?? '')) node.remove();
  });
  return purify.sanitize(marked.parse(source, { async: false, gfm: true, breaks: false }), allowed);
}

const never = () => () => {};
const kept = new Map<string, string>();

/** The markup in the browser; '' on the server and in the first drawing, where there is no DOM to sanitise with. */
export function useMarkup(source: string): string {
  return useSyncExternalStore(
    never,
    () => remembered(source),
    () => '',
  );
}

function remembered(source: string): string {
  const known = kept.get(source);
  if (known !== undefined) return known;
  if (kept.size > 200) kept.clear();
  const html = markupOf(source);
  kept.set(source, html);
  return html;
}
