/**
 * Breaks lines at white space so that they hold at most so many characters; a longer word stands
 * alone (github.com/mitchellh/go-wordwrap v1.0.1 `WrapString`).
 */
export function wrapWords(text: string, limit: number): string {
  let lines = '';
  let current = 0;
  let word = '';
  let space = '';
  const flush = () => {
    current += space.length + word.length;
    lines += space + word;
    space = '';
    word = '';
  };
  for (const char of text) {
    if (char === '\n') {
      if (word !== '' || current + space.length <= limit) flush();
      space = '';
      lines += char;
      current = 0;
    } else if (/[ \t\r\f\v]/.test(char)) {
      if (space === '' || word !== '') flush();
      space += char;
    } else {
      word += char;
      if (current + space.length + word.length > limit && word.length < limit) {
        lines += '\n';
        current = 0;
        space = '';
      }
    }
  }
  if (word !== '' || current + space.length <= limit) flush();
  return lines;
}

/** Puts blanks before every line. */
export function indent(text: string, width: number): string {
  const pad = ' '.repeat(width);
  return pad + text.replaceAll('\n', `\n${pad}`);
}
