/**
 * What a page's worlds are made of, read from the page itself: nothing of it stands in the HTML twice.
 * Each `figure.code` with a file's name is a file of its world, each with a screen a transcript; they
 * are lived in document order, as `src/build/transcripts` lives the fences they come from.
 */

/** As much of an element as is looked at. */
export interface Markup {
  readonly tagName: string;
  readonly className: string;
  readonly textContent: string | null;
  readonly children: ArrayLike<Markup>;
  getAttribute(name: string): string | null;
}

/** What was typed, lines joined, and what the page says it printed, without the last line end. */
export interface PageCommand {
  readonly text: string;
  readonly printed: string;
}

export type PageFence<Frame extends Markup> =
  | {
      readonly kind: 'transcript';
      readonly frame: Frame;
      readonly world: string;
      readonly preset?: string;
      readonly commands: readonly PageCommand[];
    }
  | {
      readonly kind: 'file';
      readonly frame: Frame;
      readonly world: string;
      readonly path: string;
      readonly text: string;
    };

/** The world of fences that name none. */
const PAGE_WORLD = 'page';

/**
 * The fence that a frame of code is; undefined for other code.
 *
 * @param proof what proves a cell of a comparison is a world of its own: its name and preset
 */
export function fenceOf<Frame extends Markup>(
  frame: Frame,
  proof?: { readonly world: string; readonly preset: string },
): PageFence<Frame> | undefined {
  const world = proof?.world ?? frame.getAttribute('data-world') ?? PAGE_WORLD;
  const path = frame.getAttribute('data-file');
  if (path !== null) {
    const pre = childrenOf(frame).find(isPre);
    const written = pre?.textContent ?? '';
    // A proof shows its file as it is; of a fence the last line end is no line.
    return { kind: 'file', frame, world, path, text: proof ? written : `${written}\n` };
  }
  const screen = childrenOf(frame).find((child) => hasClass(child, 'screen'));
  if (!screen) return undefined;
  const preset = proof?.preset ?? frame.getAttribute('data-preset');
  return {
    kind: 'transcript',
    frame,
    world,
    ...(preset === null ? {} : { preset }),
    commands: commandsOf(screen, proof !== undefined),
  };
}

/** The commands of a screen: folded or not, every line of it. */
function commandsOf(screen: Markup, isProof: boolean): PageCommand[] {
  const commands: { text: string; printed: string[] }[] = [];
  for (const block of blocksOf(screen)) {
    const code = block.children[0] ?? block;
    const typed = childrenOf(code).filter((child) => hasClass(child, 'typed')).length;
    const lines = (code.textContent ?? '').split('\n');
    // Each line of a page's transcript ends; in a proof they are divided.
    if (!isProof) lines.pop();
    if (typed > 0) {
      const text = lines.slice(0, typed).map((line) => line.slice('$ '.length));
      commands.push({ text: text.join('\n'), printed: [] });
    }
    commands.at(-1)?.printed.push(...lines.slice(typed));
  }
  return commands.map(({ text, printed }) => ({ text, printed: printed.join('\n') }));
}

function blocksOf(screen: Markup): Markup[] {
  return childrenOf(screen).flatMap((child) => {
    if (isPre(child)) return [child];
    return child.tagName.toLowerCase() === 'details' ? childrenOf(child).filter(isPre) : [];
  });
}

const childrenOf = ({ children }: Markup): Markup[] => Array.from(children);

const isPre = ({ tagName }: Markup): boolean => tagName.toLowerCase() === 'pre';

const hasClass = ({ className }: Markup, name: string): boolean =>
  className.split(' ').includes(name);
