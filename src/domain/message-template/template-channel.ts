/** How a message is written: Telegram's HTML mode and mail, Telegram's MarkdownV2 mode, or as it is. */
export const templateChannels = ['html', 'telegram-markdown-v2', 'plain'] as const;
export type TemplateChannel = (typeof templateChannels)[number];

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Each makes the channel show any text as exactly this text. */
const escapes: Readonly<Record<TemplateChannel, (text: string) => string>> = {
  // Telegram knows four named entities and every numeric one, so the apostrophe is numeric.
  html: (text) => text.replace(/[&<>"']/g, (character) => entities[character] ?? character),
  // Every character of ASCII's punctuation that has a meaning somewhere in a message may be escaped everywhere; see
  // "MarkdownV2 style" in Telegram's Bot API.
  'telegram-markdown-v2': (text) =>
    text.replace(/[\\_*[\]()~`>#+\-=|{}.!]/g, (character) => `\\${character}`),
  plain: (text) => text,
};

export const escapeFor = (channel: TemplateChannel, text: string): string => escapes[channel](text);
