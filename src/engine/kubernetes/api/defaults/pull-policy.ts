import { parseReference } from '../../../oci/reference.ts';
import type { PullPolicy } from '../container.ts';

/**
 * Always for `:latest` and for neither tag nor digest, else IfNotPresent; also for a name that is
 * none (`parsers.ParseImageName`, pkg/util/parsers/parsers.go, v1.36).
 */
export function pullPolicyOf(image: string): PullPolicy {
  const parsed = parseReference(image);
  if (!parsed.ok) return 'IfNotPresent';
  const { tag, digest } = parsed.reference;
  return tag === 'latest' || (!tag && !digest) ? 'Always' : 'IfNotPresent';
}
