import type { EvidentLine } from '../../scenarios/claims/evidence.ts';

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** Text as it stands between tags. */
export const escapeHtml = (text: string): string =>
  text.replace(/[&<>]/g, (one) => ENTITIES[one] ?? one);

/**
 * The lines of a `pre`, where every space counts: a command as it was typed, then what it printed,
 * with a mark at each line that proves something.
 *
 * @param sign what stands beside a line that proves these sentences
 */
export function screenHtml(
  command: string | undefined,
  lines: readonly EvidentLine[],
  sign: (sentences: readonly number[]) => string,
): string {
  const typed = command === undefined ? [] : command.split('\n');
  return [
    ...typed.map((line, i) => {
      const prompt = `<span class="prompt">${i === 0 ? '$' : '&gt;'} </span>`;
      return `<span class="line typed">${prompt}${escapeHtml(line)}</span>`;
    }),
    ...lines.map(({ text, proves }) =>
      proves.length === 0
        ? escapeHtml(text)
        : `<mark data-says="${sign(proves)}">${escapeHtml(text)}</mark>`,
    ),
  ].join('\n');
}
