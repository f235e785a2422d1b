/** Text made safe inside HTML and SVG, in content and in quoted attributes alike. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** A piece of markup, as opposed to text that still has to be escaped. */
export interface Markup {
  readonly markup: string;
}

/** What may be put into an `html` template: text is escaped, markup is not, lists are joined. */
export type Part = string | number | Markup | readonly Part[];

/**
 * A template whose values are escaped unless they are markup themselves:
 *
 *     html`<p>${userText}</p>`
 */
export function html(literals: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  let markup = literals[0];
  parts.forEach((part, i) => {
    markup += render(part) + literals[i + 1];
  });
  return { markup };
}

/** Markup that was made elsewhere, such as an SVG. */
export function raw(markup: string): Markup {
  return { markup };
}

/** Nothing. */
export const nothing: Markup = { markup: '' };

function render(part: Part): string {
  if (typeof part === 'string') return escapeHtml(part);
  if (typeof part === 'number') return String(part);
  if ('markup' in part) return part.markup;
  return part.map(render).join('');
}
