import { refuse, type Refused } from '../../../go/refused.ts';

/** `--device /dev/a:/dev/b:rwm` (docker/cli v29.7 `cli/command/container/opts.go`). */
export interface DeviceMapping {
  readonly PathOnHost: string;
  readonly PathInContainer: string;
  readonly CgroupPermissions: string;
}

const isMode = (text: string): boolean => /^[rwm]{1,3}$/.test(text) && !/(.).*\1/.test(text);

const clean = (path: string): string =>
  path.replace(/\/{2,}/g, '/').replace(/(?<=.)\/$/, '') || '.';

export function parseDevice(text: string): DeviceMapping | Refused {
  const parts = text.split(':');
  const [source = '', second, third] = parts;
  if (parts.length > 3 || source === '') return refuse(`bad format for path: ${text}`);
  const mode = third ?? (second !== undefined && isMode(second) ? second : undefined);
  const inside = second === undefined || (third === undefined && mode === second) ? source : second;
  if (third !== undefined && !isMode(third)) return refuse(`bad mode specified: ${third}`);
  if (!inside.startsWith('/')) return refuse(`${clean(inside)} is not an absolute path`);
  return {
    PathOnHost: third === undefined && inside === source ? clean(source) : source,
    PathInContainer: third === undefined ? clean(inside) : inside,
    CgroupPermissions: mode ?? 'rwm',
  };
}

/** `cdi.example.com/class=device`: a device that its vendor describes. */
export const isQualifiedDevice = (text: string): boolean =>
  /^[a-zA-Z0-9][\w.-]*\/[a-zA-Z][\w-]*=[\w.:-]+$/.test(text);
