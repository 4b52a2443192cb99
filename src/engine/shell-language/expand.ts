import type { Word, WordPart } from './ast.ts';

export type Variables = Readonly<Record<string, string>>;

/** What a part stands for; unset variables are empty. */
function valueOf(part: WordPart, variables: Variables): string {
  if (part.kind === 'text') return part.text;
  const value = Object.hasOwn(variables, part.name) ? variables[part.name] : undefined;
  const operand = part.operand ?? '';
  switch (part.operator) {
    case undefined:
      return value ?? '';
    case ':-':
      return value === undefined || value === '' ? operand : value;
    case '-':
      return value ?? operand;
    case ':+':
      return value === undefined || value === '' ? '' : operand;
    case '+':
      return value === undefined ? '' : operand;
  }
}

/** A word as one text, never split: the right side of `=`, the target of `>`. */
export function expandText(word: Word, variables: Variables): string {
  return word.map((part) => valueOf(part, variables)).join('');
}

/**
 * A word as the fields it becomes: unquoted variables split at blanks, quoted text stays together,
 * an empty unquoted variable leaves no field. A leading `~` is the home directory.
 */
export function expandWord(word: Word, variables: Variables): string[] {
  const fields: string[] = [];
  let current: string | undefined;
  word.forEach((part, i) => {
    const value = valueOf(part, variables);
    if (part.kind === 'text' || part.quoted) {
      const home = i === 0 && part.kind === 'text' && !part.quoted && /^~(\/|$)/.test(value);
      current = (current ?? '') + (home ? (variables.HOME ?? '~') + value.slice(1) : value);
      return;
    }
    const pieces = value.split(/[ \t\n]+/);
    pieces.forEach((piece, n) => {
      if (n > 0 && current !== undefined) {
        fields.push(current);
        current = undefined;
      }
      if (piece !== '') current = (current ?? '') + piece;
    });
  });
  if (current !== undefined) fields.push(current);
  return fields;
}
