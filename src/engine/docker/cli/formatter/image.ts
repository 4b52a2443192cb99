import { familiarName, parseReference } from '../../../oci/reference.ts';
import type { ImageSummary } from '../../api.ts';
import { humanSize, shortId } from '../../units.ts';
import { Subject } from '../../../go/template/value.ts';
import type { RowOptions } from './container.ts';
import { goTime, ofUnixSeconds, since } from './time.ts';
import type { Headings } from './write.ts';

/**
 * Rows of `docker images` (docker/cli v29.7 `cli/command/formatter/image.go`): one for each tag,
 * and one for a repository of which only digests are known.
 */
const CREATED = '{{if .CreatedSince }}{{.CreatedSince}}{{else}}N/A{{end}}';
const NAMED = 'table {{.Repository}}\t{{.Tag}}';
const REST = `{{.ID}}\t${CREATED}\t{{.Size}}`;

export const IMAGE_HEADINGS: Headings = {
  ID: 'IMAGE ID',
  Repository: 'REPOSITORY',
  Tag: 'TAG',
  Digest: 'DIGEST',
  CreatedSince: 'CREATED',
  CreatedAt: 'CREATED AT',
  Size: 'SIZE',
  Containers: 'CONTAINERS',
  SharedSize: 'SHARED SIZE',
  UniqueSize: 'UNIQUE SIZE',
};

/** A row of `GET /images/json`, with what newer daemons add. */
export type ImageRow = ImageSummary & {
  readonly Containers?: number;
  readonly SharedSize?: number;
  readonly Labels?: Readonly<Record<string, string>> | null;
};

export function imageFormat(source: string, quiet: boolean, digests: boolean): string {
  if (source === 'table' || source === '') {
    if (quiet) return '{{.ID}}';
    return digests ? `${NAMED}\t{{.Digest}}\t${REST}` : `${NAMED}\t${REST}`;
  }
  if (source === 'raw') {
    if (quiet) return 'image_id: {{.ID}}';
    const digest = digests ? 'digest: {{.Digest}}\n' : '';
    return (
      `repository: {{ .Repository }}\ntag: {{.Tag}}\n${digest}image_id: {{.ID}}\n` +
      'created_at: {{.CreatedAt}}\nvirtual_size: {{.Size}}\n'
    );
  }
  const more = source.startsWith('table') && digests && !source.includes('{{.Digest}}');
  return more ? `${source}\t{{.Digest}}` : source;
}

interface Name {
  readonly repository: string;
  readonly tag: string;
  readonly digest: string;
}

const NONE: Name = { repository: '<none>', tag: '<none>', digest: '<none>' };

export const isDangling = ({ RepoTags, RepoDigests }: ImageRow): boolean =>
  (RepoTags ?? []).every((name) => name === '<none>:<none>') &&
  (RepoDigests ?? []).every((name) => name === '<none>@<none>');

export interface ImageOptions extends RowOptions {
  /** `--digests`. */
  readonly digests: boolean;
  readonly format: string;
}

export function imageRows(images: readonly ImageRow[], options: ImageOptions): Subject[] {
  return images.flatMap((image) =>
    namesOf(image, options).map((name) => imageRow(image, name, options)),
  );
}

function namesOf(image: ImageRow, { digests, format }: ImageOptions): readonly Name[] {
  if (isDangling(image)) return [NONE];
  const tags = new Map<string, string[]>();
  const known = new Map<string, string[]>();
  const add = (map: Map<string, string[]>, text: string, part: 'tag' | 'digest'): void => {
    const parsed = parseReference(text);
    const value = parsed.ok ? parsed.reference[part] : undefined;
    if (!parsed.ok || value === undefined) return;
    const name = familiarName(parsed.reference);
    map.set(name, [...(map.get(name) ?? []), value]);
  };
  for (const text of image.RepoTags ?? []) add(tags, text, 'tag');
  for (const text of image.RepoDigests ?? []) add(known, text, 'digest');
  const wanted = digests || format.includes('{{.Digest}}');
  const names: Name[] = [];
  for (const [repository, all] of tags) {
    const shown = wanted ? (known.get(repository) ?? ['<none>']) : ['<none>'];
    known.delete(repository);
    for (const tag of all) for (const digest of shown) names.push({ repository, tag, digest });
  }
  for (const [repository, all] of known) {
    for (const digest of digests ? all : ['']) names.push({ repository, tag: '<none>', digest });
  }
  return names;
}

/** Before 1970: no time at all. */
const hasNoTime = ({ Created }: ImageRow): boolean => Created < 0;

const orUnknown = (value: number | undefined, show: (value: number) => string): string =>
  value === undefined || value === -1 ? 'N/A' : show(value);

export function imageRow(image: ImageRow, name: Name, { truncate, nowMs }: RowOptions): Subject {
  const created = ofUnixSeconds(image.Created);
  const shared = image.SharedSize ?? -1;
  return new Subject('*formatter.imageContext', {
    Containers: () => orUnknown(image.Containers, String),
    CreatedAt: () => goTime(created),
    CreatedSince: () => (hasNoTime(image) ? '' : since(created, nowMs)),
    Digest: () => name.digest,
    ID: () => (truncate ? shortId(image.Id) : image.Id),
    Repository: () => name.repository,
    SharedSize: () => orUnknown(shared, (size) => humanSize(size, 4)),
    Size: () => humanSize(image.Size),
    Tag: () => name.tag,
    UniqueSize: () => orUnknown(shared, (size) => humanSize(image.Size - size, 4)),
  });
}

/** The first name alone: in `docker system df -v`. */
export function firstName(image: ImageRow): Name {
  const [first] = isDangling(image) ? [] : (image.RepoTags ?? []);
  const parsed = first === undefined ? undefined : parseReference(first);
  if (!parsed?.ok) return NONE;
  return {
    repository: familiarName(parsed.reference),
    tag: parsed.reference.tag ?? '<none>',
    digest: '',
  };
}
