const LONGEST = 500;

/** Whatever a transport has answered or thrown, as text that can be stored. */
export function inWords(error: unknown): string {
  const text = wordsOf(error);
  return text.replaceAll('\0', '').toWellFormed().slice(0, LONGEST).toWellFormed() || 'unknown';
}

function wordsOf(error: unknown): string {
  try {
    if (typeof error === 'string') return error;
    const { message, type } = (error ?? {}) as { readonly message?: unknown; readonly type?: unknown };
    const words = [type, message].filter((word) => typeof word === 'string' && word !== '');
    return words.length > 0 ? words.join(': ') : JSON.stringify(error);
  } catch {
    return 'unknown';
  }
}
