import { displayWidth, shortId } from '../../units.ts';

/**
 * The view in which CLI 29 shows images when no format is told, and `--tree`, which adds a line for
 * each platform (docker/cli v29.7 `cli/command/image/tree.go`). Without a terminal the columns are
 * as wide as the widest name and nothing is left out.
 */
export interface ImageDetails {
  readonly id: string;
  readonly diskUsage: string;
  readonly contentSize: string;
  readonly inUse: boolean;
}

export interface ImageNode extends ImageDetails {
  /** In order; none for an image without a name. */
  readonly names: readonly string[];
  readonly children: readonly (ImageDetails & { readonly platform: string })[];
}

const GAP = '   ';
const ID_WIDTH = 12;
const USAGE_WIDTH = 10;
const CONTENT_WIDTH = 12;
const EXTRA_WIDTH = 5;

export const TREE_HEADINGS = ['IMAGE', 'ID', 'DISK USAGE', 'CONTENT SIZE', 'EXTRA'];

const left = (text: string, width: number): string =>
  text + ' '.repeat(Math.max(0, width - displayWidth(text)));
const right = (text: string, width: number): string =>
  ' '.repeat(Math.max(0, width - displayWidth(text))) + text;

function details(one: ImageDetails, marked: boolean): string {
  const extra = marked ? (one.inUse ? 'U' : ' ') : '';
  return [
    '',
    left(shortId(one.id), ID_WIDTH),
    right(one.diskUsage, USAGE_WIDTH),
    right(one.contentSize, CONTENT_WIDTH),
    left(extra, EXTRA_WIDTH),
  ].join(GAP);
}

/** Lines without their ends; named images first, by name. */
export function imageTree(images: readonly ImageNode[]): string[] {
  const named = [...images].sort((a, b) => {
    const [x = '', y = ''] = [a.names[0], b.names[0]];
    if ((x === '') !== (y === '')) return x === '' ? 1 : -1;
    return x < y ? -1 : x > y ? 1 : 0;
  });
  const branch = (at: number, count: number): string => (at === count - 1 ? '└─ ' : '├─ ');
  const first = (image: ImageNode): string[] => [
    ...(image.names.length === 0 ? ['<untagged>'] : image.names),
    // The branch counts seven: its bytes, not its letters.
    ...image.children.map(({ platform }) => `       ${platform}`),
  ];
  const width = Math.max(5, ...named.flatMap(first).map(displayWidth));
  const all = named.flatMap((image) => [image, ...image.children]);
  const marked = all.some(({ inUse }) => inUse);
  const spaced = named.some(({ children }) => children.length > 0);
  const [image = '', id = '', usage = '', content = '', extra = ''] = TREE_HEADINGS;
  const lines = [
    [
      left(image, width),
      left(id, ID_WIDTH),
      right(usage, USAGE_WIDTH),
      right(content, CONTENT_WIDTH),
      left(extra, EXTRA_WIDTH),
    ].join(GAP),
  ];
  for (const one of named) {
    const names = one.names.length === 0 ? ['<untagged>'] : one.names;
    lines.push(...names.slice(0, -1).map((name) => left(name, width)));
    lines.push(left(names.at(-1) ?? '', width) + details(one, marked));
    for (const [at, child] of one.children.entries()) {
      const text = branch(at, one.children.length) + child.platform;
      lines.push(left(text, width) + details(child, marked));
    }
    if (spaced) lines.push('');
  }
  return lines;
}
