import { parseUnsigned } from '../../go/numbers.ts';
import { isRefused } from '../../go/refused.ts';

/** The version that a change was made from; in words why it is none. */
export function readVersion(kind: string, text = ''): number | string {
  const version = parseUnsigned(text);
  if (!isRefused(version)) return version;
  const why = `strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`;
  return `invalid ${kind} version '${text}': ${why}`;
}
