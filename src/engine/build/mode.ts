/** Permissions as chmod takes them: `755`, `u=rwx,g+w`, `a+X`. */
const CLAUSE = /^([ugoa]*)((?:[+=-](?:[rwxXst]*|[ugo]))+)$/;

export const isSymbolicMode = (text: string): boolean =>
  text !== '' && text.split(',').every((clause) => CLAUSE.test(clause));

const BITS: Readonly<Record<string, number>> = { r: 0o444, w: 0o222, x: 0o111 };
const WHO: Readonly<Record<string, number>> = { u: 0o700, g: 0o070, o: 0o007 };

/** The permissions that come of a mode; unchanged when it is none. */
export function changeMode(mode: number, text: string, isDirectory: boolean): number {
  if (/^[0-7]+$/.test(text)) return parseInt(text, 8);
  if (!isSymbolicMode(text)) return mode;
  return text.split(',').reduce((bits, clause) => applyClause(bits, clause, isDirectory), mode);
}

function applyClause(start: number, clause: string, isDirectory: boolean): number {
  const [, who = '', changes = ''] = CLAUSE.exec(clause)!;
  const everyone = who === '' || who.includes('a');
  const mask = everyone ? 0o777 : [...who].reduce((sum, one) => sum | WHO[one]!, 0);
  let mode = start;
  for (const [, operator, letters = ''] of changes.matchAll(/([+=-])([rwxXstugo]*)/g)) {
    let bits = 0;
    let special = 0;
    for (const letter of letters) {
      if (letter === 'X') bits |= isDirectory || (mode & 0o111) !== 0 ? 0o111 : 0;
      else if (letter === 't') special |= 0o1000;
      else if (letter === 's') {
        special |= (mask & 0o700 ? 0o4000 : 0) | (mask & 0o070 ? 0o2000 : 0);
      } else if (letter in WHO) bits |= copied(mode, letter);
      else bits |= BITS[letter]!;
    }
    const own = (bits & mask) | special;
    if (operator === '+') mode |= own;
    else if (operator === '-') mode &= ~own;
    else mode = (mode & ~mask) | own;
  }
  return mode;
}

/** The permissions of one class, given to all. */
function copied(mode: number, who: string): number {
  const shift = who === 'u' ? 6 : who === 'g' ? 3 : 0;
  const own = (mode >> shift) & 7;
  return own * 0o111;
}
