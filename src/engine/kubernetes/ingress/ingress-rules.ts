import type { HttpIngressPath, Ingress, IngressBackend } from '../api/networking.ts';
import { hasPrefix, hostOf, hostRank, isBefore, pathOf } from './paths.ts';

/**
 * Which backend of many Ingresses a request is for (staging/src/k8s.io/api/networking/v1/types.go;
 * ingress-nginx v1.13: exact hosts before wildcards, exact paths before prefixes, longer before
 * shorter; of equals the older Ingress).
 */
export interface Choice {
  readonly ingress: Ingress;
  readonly backend: IngressBackend;
  /** What the path is rewritten to, as the annotation asks. */
  readonly rewrite?: string;
}

const REWRITE = 'nginx.ingress.kubernetes.io/rewrite-target';

interface Candidate extends Choice {
  readonly rank: readonly number[];
}

export function chooseBackend(
  ingresses: readonly Ingress[],
  host: string,
  target: string,
): Choice | undefined {
  const asked = hostOf(host);
  const path = pathOf(target);
  let best: Candidate | undefined;
  for (const ingress of ingresses) {
    for (const candidate of candidatesOf(ingress, asked, path)) {
      if (!best || isBefore(candidate.rank, best.rank)) best = candidate;
    }
  }
  return best;
}

/** Whether an Ingress says anything of a host, which {@link hostOf} gave. */
export function concernsHost({ spec }: Ingress, host: string): boolean {
  const { defaultBackend, rules = [] } = spec;
  if (defaultBackend) return true;
  return rules.some((rule) => hostRank(host, rule.host, 'one') !== undefined);
}

function candidatesOf(ingress: Ingress, host: string, path: string): Candidate[] {
  const { defaultBackend, rules = [] } = ingress.spec;
  const rewrite = ingress.metadata.annotations?.[REWRITE];
  const found: Candidate[] = [];
  const common = { ingress, ...(rewrite !== undefined && { rewrite }) };
  for (const rule of rules) {
    const hostRanked = hostRank(host, rule.host, 'one');
    if (hostRanked === undefined) continue;
    for (const one of rule.http?.paths ?? []) {
      const pathRank = rankOf(one, path);
      if (!pathRank) continue;
      found.push({ ...common, backend: one.backend, rank: [hostRanked, ...pathRank] });
    }
  }
  if (defaultBackend) found.push({ ...common, backend: defaultBackend, rank: [-1, 0, 0] });
  return found;
}

/** Exact before prefix, long before short; undefined when the path is another. */
function rankOf({ path = '/', pathType }: HttpIngressPath, asked: string): number[] | undefined {
  if (asked === path) return [pathType === 'Exact' ? 1 : 0, path.length];
  if (pathType === 'Exact' || !hasPrefix(asked, path)) return undefined;
  return [0, path.length];
}
