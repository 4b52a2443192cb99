/**
 * Where a text stops being base64, as Go's decoder counts; undefined when all of it is
 * (encoding/base64 `decodeQuantum`, Go 1.25). Line breaks are passed over.
 */
export function base64Fault(text: string): number | undefined {
  let digits = 0;
  for (let i = 0; i < text.length; i += 1) {
    const char = text[i] ?? '';
    if (isBreak(char)) continue;
    if (char === '=') return paddingFault(text, i, digits);
    if (!DIGIT.test(char)) return i;
    digits = (digits + 1) % 4;
  }
  return digits === 0 ? undefined : text.length - digits;
}

const DIGIT = /[A-Za-z0-9+/]/;
const isBreak = (char: string): boolean => char === '\n' || char === '\r';

/** A quantum ends in one `=` after three digits or two after two, and so does the text. */
function paddingFault(text: string, at: number, digits: number): number | undefined {
  if (digits < 2) return at;
  let next = at + 1;
  const skipBreaks = () => {
    while (isBreak(text[next] ?? '')) next += 1;
  };
  if (digits === 2) {
    skipBreaks();
    if (next === text.length) return text.length;
    if (text[next] !== '=') return next;
    next += 1;
  }
  skipBreaks();
  return next < text.length ? next : undefined;
}
