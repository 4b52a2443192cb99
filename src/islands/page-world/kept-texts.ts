/** What the reader made of a page's files, kept while the tab is open, in the page's own order. */
const KEY = 'drydock-files:';

/** @returns texts by world and place, `page/0`; none when nothing is kept or can be */
function read(): Record<string, string> {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(keyHere()) ?? '{}');
    return isTexts(kept) ? kept : {};
  } catch {
    return {};
  }
}

const keyHere = (): string => KEY + location.pathname;

const isTexts = (value: unknown): value is Record<string, string> =>
  typeof value === 'object' &&
  value !== null &&
  Object.values(value).every((text) => typeof text === 'string');

export const keptText = (id: string): string | undefined => read()[id];

/** Keeps a text, or forgets it. @returns false where the browser keeps nothing */
export function keepText(id: string, text: string | undefined): boolean {
  const { [id]: _, ...others } = read();
  const all = text === undefined ? others : { ...others, [id]: text };
  try {
    sessionStorage.setItem(keyHere(), JSON.stringify(all));
    return true;
  } catch {
    return false;
  }
}
