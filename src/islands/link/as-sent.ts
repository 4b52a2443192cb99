/** What people write behind a link, and programs take for a part of it: `)`, `.`, `를`. */
const BEHIND = /[)\]}>.,;:!?'"*~]|[^!-~]/;

/**
 * What stands behind the `#` of an address, as it was before it was sent: programs that pass links on
 * encode it, break it into lines, and add what stands behind it in a sentence. Nothing of ours ends
 * so.
 */
export function asSent(hash: string): string {
  const text = decoded(hash)
    .replaceAll('&amp;', '&')
    .split(/[\r\n]/)
    .map((line, _, { length }) => (length > 1 ? line.trim() : line))
    .join('');
  const [version = ''] = /^#?v\d+\./.exec(text) ?? [];
  // One by one from the end: a pattern would look at each place of a hostile address to its end.
  let { length } = text;
  while (length > version.length && BEHIND.test(text[length - 1]!)) length -= 1;
  return text.slice(0, length);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
