/**
 * Paths and host names of rules, as Ingress and HTTPRoute compare them
 * (https://kubernetes.io/docs/concepts/services-networking/ingress/#path-types, Gateway API v1
 * `HTTPPathMatch`, `Hostname`).
 */

/** `/foo/bar?x=1` without what follows the question mark. */
export const pathOf = (target: string): string => target.split('?', 1)[0] ?? target;

/** Whether a path lies under a prefix, element by element: `/foo` holds `/foo/bar`, not `/foobar`. */
export function hasPrefix(path: string, prefix: string): boolean {
  const base = prefix.replace(/\/+$/, '');
  return path === base || path === `${base}/` || path.startsWith(`${base}/`) || base === '';
}

/** `shop.example.com:8080` without the port, in lower case. */
export const hostOf = (host: string): string => host.replace(/:\d+$/, '').toLowerCase();

/** How closely a rule's host names one: 2 itself, 1 by a wildcard, 0 any, undefined not at all. */
export function hostRank(
  host: string,
  rule: string | undefined,
  labels: 'one' | 'many',
): number | undefined {
  if (rule === undefined || rule === '') return 0;
  const wanted = rule.toLowerCase();
  if (wanted === host) return 2;
  if (!wanted.startsWith('*.') || !host.endsWith(wanted.slice(1))) return undefined;
  const rest = host.slice(0, -wanted.length + 1);
  const fits = rest !== '' && (labels === 'many' || !rest.includes('.'));
  return fits ? 1 : undefined;
}

/** Whether a match goes before another: the first rank in which they differ decides. */
export function isBefore(a: readonly number[], b: readonly number[]): boolean {
  const at = a.findIndex((rank, i) => rank !== b[i]);
  return at !== -1 && (a[at] ?? 0) > (b[at] ?? 0);
}
