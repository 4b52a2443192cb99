/** Escapes within double quotes: the shell's common ones and octal `\0123`; others stay. */
const ESCAPE = /\\(?:[abcfnrtv$"\\]|0\d{0,3})/g;

const CHARACTERS: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  '"': '"',
  // Two dollars are one to the expansion that follows.
  $: '$$',
};

export const expandEscapes = (text: string): string =>
  text.replace(ESCAPE, (match) => {
    const code = match.slice(1);
    if (!code.startsWith('0')) return CHARACTERS[code] ?? match;
    const digits = code.slice(1);
    return /^[0-3][0-7]{2}$/.test(digits)
      ? String.fromCharCode(Number.parseInt(digits, 8))
      : `\\${digits}`;
  });
