/** Named classes of characters, `[[:alpha:]]`, in the C locale (POSIX.1-2024, "RE Bracket Expression"). */
export const CHARACTER_CLASSES: ReadonlyMap<string, RegExp> = new Map(
  Object.entries({
    alpha: /[A-Za-z]/,
    digit: /[0-9]/,
    alnum: /[A-Za-z0-9]/,
    upper: /[A-Z]/,
    lower: /[a-z]/,
    space: /\s/,
    blank: /[ \t]/,
    punct: /[!-/:-@[-`{-~]/,
    xdigit: /[0-9A-Fa-f]/,
    cntrl: /[\0-\x1f\x7f]/,
    print: /[ -~]/,
    graph: /[!-~]/,
  }),
);
