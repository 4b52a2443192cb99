/** IP addresses as Go's `net.ParseIP` and `net/netip` take and print them. */
export const isIpv4 = (text: string): boolean =>
  /^(\d{1,3}\.){3}\d{1,3}$/.test(text) &&
  text.split('.').every((part) => Number(part) <= 255 && !/^0\d/.test(part));

/** The eight groups of an IPv6 address; undefined when it is none. */
export function ipv6Groups(text: string): number[] | undefined {
  let plain = text;
  const four = /(?<=:)((?:\d{1,3}\.){3}\d{1,3})$/.exec(text)?.[1];
  if (four !== undefined) {
    if (!isIpv4(four)) return undefined;
    const [a = 0, b = 0, c = 0, d = 0] = four.split('.').map(Number);
    const tail = `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
    plain = text.slice(0, -four.length) + tail;
  }
  const halves = plain.split('::');
  if (halves.length > 2 || !plain.includes(':')) return undefined;
  const [head = [], tail = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const groups = [...head, ...tail];
  if (!groups.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return undefined;
  const missing = 8 - groups.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  const filled = [...head, ...Array.from({ length: Math.max(missing, 0) }, () => '0'), ...tail];
  return filled.map((group) => Number.parseInt(group, 16));
}

export const isAddress = (text: string): boolean => isIpv4(text) || ipv6Groups(text) !== undefined;

/** The shortest form: `2001:db8::1`; an IPv4 address as it is. */
export function canonicalAddress(text: string): string {
  const groups = isIpv4(text) ? undefined : ipv6Groups(text);
  if (!groups) return text;
  let best = { at: -1, length: 1 };
  for (let at = 0; at < 8; at++) {
    let length = 0;
    while (at + length < 8 && groups[at + length] === 0) length += 1;
    if (length > best.length) best = { at, length };
  }
  const hex = groups.map((group) => group.toString(16));
  if (best.at === -1) return hex.join(':');
  return `${hex.slice(0, best.at).join(':')}::${hex.slice(best.at + best.length).join(':')}`;
}

/** `92:d0:c6:0a:29:33`, also with `-` or as `92d0.c60a.2933`: in lower case with colons. */
export function parseMac(text: string): string | undefined {
  const colons = /^([0-9a-fA-F]{2})(?:([:-])[0-9a-fA-F]{2})(?:\2[0-9a-fA-F]{2}){4,18}$/;
  if (colons.test(text) && [17, 23, 59].includes(text.length)) {
    return text.replaceAll('-', ':').toLowerCase();
  }
  if (!/^[0-9a-fA-F]{4}(\.[0-9a-fA-F]{4}){2,3}$/.test(text)) return undefined;
  return (text.replaceAll('.', '').match(/../g) ?? []).join(':').toLowerCase();
}
