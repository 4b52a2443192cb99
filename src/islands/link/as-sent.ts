/** What people write behind a link, and programs take for a part of it: `)`, `.`, `를`. */
const BEHIND = /(?:[)\]}>.,;:!?'"*~]|[^!-~])+$/u;

/**
 * What stands behind the `#` of an address, as it was before it was sent: programs that pass links on
 * encode it, break it into lines, and add what stands behind it in a sentence. Nothing of ours ends
 * so.
 */
export function asSent(hash: string): string {
  const text = decoded(hash)
    .replaceAll('&amp;', '&')
    .replaceAll(/\s*[\r\n]\s*/gu, '');
  const [version = ''] = /^#?v\d+\./.exec(text) ?? [];
  return version + text.slice(version.length).replace(BEHIND, '');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
