/** Texts that a careless layer changes, cuts or executes. Each must come back exactly as it went in. */
export const hostileTexts: readonly string[] = [
  `O'Brien "the" \`tick\` \\ back\\slash`,
  `'; drop table city; --`,
  `Robert'); DELETE FROM slotwise.slot; /* $1 :name ?? %s {0} */`,
  '<script>alert(1)</script> &amp; &#0;',
  '👩‍👩‍👧‍👦 🇺🇦 𝒳 emoji with joiners',
  'שלום \u202Eמרחבא\u202C right to left',
  'Z\u0351\u036B\u0343a\u0321l\u035Eg\u0321o combining',
  'e\u0301 is not \u00E9',
  'Straße ŞIĞ ıİ case folding',
  '  spaces around \t tab \r\n line \u2028 \u00A0 ',
  'byte order mark \uFEFF zero width \u200B bell \u0007',
  '__proto__ constructor null undefined NaN',
];

/** Texts that must be refused wherever text of at most `max` characters is asked for. */
export const refusedTexts = (max: number): readonly string[] => [
  '',
  '   ',
  '\t\n\u00A0',
  'x'.repeat(max + 1),
  '👩'.repeat(max + 1),
  'x'.repeat(1_000_000),
  'with \0 inside',
  'lone \uD800 surrogate',
  '\uDC00',
  '\uFEFFbyte order mark in front',
];

/** Numbers that are no id. */
export const refusedIds: readonly number[] = [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53];

/** A well-formed id that no row has. */
export const UNKNOWN_ID = 2_000_000_000_000;
