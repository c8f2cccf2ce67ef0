const MAX_LENGTH = 2000;

/** What has to be told apart: names in quotes stay, everything that can hold a value goes. */
const parts = [
  String.raw`("(?:[^"]|"")*")`,
  String.raw`--[^\n]*|/\*[\s\S]*?\*/`,
  String.raw`[eE]'(?:[^'\\]|\\[\s\S]|'')*'|'(?:[^']|'')*'`,
  String.raw`\$((?:[a-z_]\w*)?)\$[\s\S]*?\$\2\$`,
  String.raw`\$\d+`,
  String.raw`(?<![\w$])\d[\w.]*`,
];

const part = new RegExp(parts.join('|'), 'gi');

/**
 * A statement without the values it is about, so that two that differ in nothing else have the same shape: values and
 * constants are `?`, lists of values `?, …`, and rows of such lists are one. 2,000 characters at most.
 */
export function shapeOf(sql: string): string {
  const shape = sql
    .replaceAll(part, (found: string, name?: string) => name ?? (/^(--|\/\*)/.test(found) ? ' ' : '?'))
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/\?(?:, ?\?)+/g, '?, …')
    .replaceAll(/(\(\?(?:, …)?\))(?:, ?\1)+/g, '$1, …')
    .trim();
  return shape.length <= MAX_LENGTH ? shape : `${shape.slice(0, MAX_LENGTH - 1)}…`;
}
