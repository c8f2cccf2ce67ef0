/** Text that is HTML already. */
export class Markup {
  readonly html: string;

  constructor(html: string) {
    this.html = html;
  }
}

type Part = string | number | Markup | readonly Markup[];

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const htmlOf = (part: Part): string => {
  if (typeof part === 'object')
    return part instanceof Markup ? part.html : part.map(({ html }) => html).join('');
  return String(part).replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);
};

/** HTML and SVG: whatever is put in is text, unless it is markup itself. */
export const markup = (texts: TemplateStringsArray, ...parts: readonly Part[]): Markup =>
  new Markup(texts.reduce((html, text, index) => html + htmlOf(parts[index - 1] ?? '') + text));
