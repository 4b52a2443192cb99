import { refuse, type Refused } from '../../../go/refused.ts';

/**
 * `-v SOURCE:TARGET:OPTIONS` (docker/cli v29.7 `internal/volumespec/volumespec.go`): a source that
 * begins as a path does is one, any other is a volume's name; without source the volume is
 * anonymous. The daemon judges the options.
 */
export interface VolumeSpec {
  readonly type: 'bind' | 'volume';
  readonly source: string;
  readonly target: string;
}

const isPath = (source: string): boolean =>
  /^[./~]/.test(source) || source.startsWith('\\\\') || /^[a-zA-Z]:/.test(source);

export function parseVolume(text: string): VolumeSpec | Refused {
  if (text === '') return refuse('invalid empty volume spec');
  if (text.length <= 2) return { type: 'volume', source: '', target: text };
  // A letter and a colon at the start of a part are a drive of Windows.
  const parts =
    text.match(/(?:(?<=^|:)[a-zA-Z]:[^:]*|[^:]*)(?::|$)/g)?.map((part) => part.replace(/:$/, '')) ??
    [];
  if (!text.endsWith(':')) parts.length = Math.max(1, parts.length - (parts.at(-1) === '' ? 1 : 0));
  const wrong = (why: string): Refused => refuse(`invalid spec: ${text}: ${why}`);
  const empty = parts.findIndex((part) => part === '');
  if (parts.length > 3 && (empty === -1 || empty > 2)) return wrong('too many colons');
  if (empty !== -1) return wrong('empty section between colons');
  const [first = '', second] = parts;
  if (second === undefined) return { type: 'volume', source: '', target: first };
  return { type: isPath(first) ? 'bind' : 'volume', source: first, target: second };
}
