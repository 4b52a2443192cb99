/**
 * Select Graphic Rendition (ECMA-48, 8.3.117) as far as tools of the engine use it: bold, faint,
 * underlined, reversed, and sixteen colours, as classes of terminal.css. Other colours are passed over.
 */
export interface Rendition {
  readonly marks: readonly string[];
  /** 0–15, or undefined for the page's own. */
  readonly ink?: number;
  readonly ground?: number;
}

export const PLAIN: Rendition = { marks: [] };

const MARKS: Readonly<Record<number, string>> = {
  1: 'bold',
  2: 'faint',
  3: 'italic',
  4: 'underlined',
  7: 'reversed',
  9: 'struck',
};
/** What 22 and those that follow take back. */
const ENDS: Readonly<Record<number, readonly string[]>> = {
  22: ['bold', 'faint'],
  23: ['italic'],
  24: ['underlined'],
  27: ['reversed'],
  29: ['struck'],
};
const BRIGHT = 8;

/** @param parameters what stands between `ESC [` and `m` */
export function render(before: Rendition, parameters: string): Rendition {
  const codes = parameters.split(/[;:]/).map((text) => Number(text) || 0);
  let { marks, ink, ground } = before;
  for (let at = 0; at < codes.length; at++) {
    const code = codes[at]!;
    const mark = MARKS[code];
    const ends = ENDS[code];
    if (code === 0) [marks, ink, ground] = [[], undefined, undefined];
    else if (mark) marks = [...marks.filter((one) => one !== mark), mark];
    else if (ends) marks = marks.filter((one) => !ends.includes(one));
    else if (code >= 30 && code <= 37) ink = code - 30;
    else if (code >= 90 && code <= 97) ink = code - 90 + BRIGHT;
    else if (code >= 40 && code <= 47) ground = code - 40;
    else if (code >= 100 && code <= 107) ground = code - 100 + BRIGHT;
    else if (code === 39) ink = undefined;
    else if (code === 49) ground = undefined;
    else if (code === 38 || code === 48) at += codes[at + 1] === 5 ? 2 : 4;
  }
  return { marks, ...(ink !== undefined && { ink }), ...(ground !== undefined && { ground }) };
}

/** `is-bold ink-2`; empty for what is plain. */
export function classOf({ marks, ink, ground }: Rendition): string {
  const colours = [
    ...(ink === undefined ? [] : [`ink-${ink}`]),
    ...(ground === undefined ? [] : [`ground-${ground}`]),
  ];
  return [...marks.map((mark) => `is-${mark}`), ...colours].join(' ');
}
