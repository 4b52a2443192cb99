import { fill } from '../../i18n/strings.ts';
import type { pageWorldStrings } from '../../i18n/page-world.ts';
import { button } from './button.ts';
import type { ScreenLine } from '../terminal/screen-line.ts';
import type { Difference } from './difference.ts';
import type { LivingWorld } from './living-world.ts';
import { ownTurn } from './own-turn.ts';
import { Pace } from './pace.ts';
import type { PageFence } from './fences.ts';
import { TurnView } from './turn-view.ts';

export type Words = (typeof pageWorldStrings)['en'];
export type World = LivingWorld<HTMLElement>;
type Transcript = Extract<PageFence<HTMLElement>, { kind: 'transcript' }>;

/** The reader's prompt below a block. */
export interface OwnPrompt {
  /** What stands at it now. */
  readonly lines: () => readonly ScreenLine[];
  readonly take: () => void;
}

export interface BlockDoing {
  /** Types further here, below what was printed. */
  readonly prompt: (place: HTMLElement, world: World) => Promise<OwnPrompt | undefined>;
  readonly toLab: (world: World) => Promise<void>;
  readonly again: () => Promise<void>;
  /** Runs the first so many commands of the block, of which some were run. */
  readonly goOn: (to: number) => Promise<void>;
}

/**
 * A transcript that is being run where it stands: the page's text makes room for what the engine
 * prints now, in the same place and as high, and then for the reader's own prompt.
 */
export class BlockView {
  readonly fence: Transcript;
  readonly #words: Words;
  readonly #doing: BlockDoing;
  readonly #still: HTMLElement;
  readonly #stillNote: HTMLElement | null;
  readonly #screen = document.createElement('div');
  readonly #promptPlace = document.createElement('div');
  readonly #bar = document.createElement('div');
  readonly #note = document.createElement('p');
  readonly #reached = document.createElement('span');
  #prompt: OwnPrompt | undefined;
  #pace = new Pace(true);
  #ran = 0;
  readonly #found: Difference[] = [];
  #isOpen = false;

  constructor(fence: Transcript, words: Words, doing: BlockDoing) {
    this.fence = fence;
    this.#words = words;
    this.#doing = doing;
    this.#still = fence.frame.querySelector<HTMLElement>(':scope > .screen')!;
    this.#stillNote = fence.frame.querySelector<HTMLElement>(':scope > .printed-by');
    this.#screen.className = 'screen';
    this.#screen.tabIndex = 0;
    this.#promptPlace.className = 'own-prompt';
    this.#bar.className = 'block-bar';
    this.#note.className = 'block-note';
    this.#note.setAttribute('role', 'status');
    this.#reached.className = 'block-reached';
    // It changes several times a second: that is for eyes alone.
    this.#reached.setAttribute('aria-hidden', 'true');
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Makes room, and says that what stands above is being lived. */
  begin(): void {
    this.dropPrompt();
    const { frame } = this.fence;
    // What was pressed goes with the page's text.
    const isHere = frame.contains(document.activeElement);
    const height = this.#still.offsetHeight;
    // As high as the page's text as long as anything is on its way: nothing below moves.
    if (height > 0) this.#screen.style.blockSize = `${height}px`;
    this.#screen.replaceChildren();
    this.#ran = 0;
    this.#found.length = 0;
    this.#still.hidden = true;
    if (this.#stillNote) this.#stillNote.hidden = true;
    if (!this.#isOpen) frame.append(this.#screen, this.#promptPlace, this.#bar);
    this.#isOpen = true;
    frame.classList.add('is-run');
    this.#reached.textContent = '';
    this.#say(this.#words.preparing, this.#reached);
    if (isHere) this.focus();
  }

  /**
   * Types commands of the block in its world, which stands there.
   *
   * @param to how many of them shall have been typed then
   */
  async run(world: World, to: number, isAnew: boolean): Promise<void> {
    this.#pace = new Pace(matchMedia('(prefers-reduced-motion: reduce)').matches);
    const finish = button(this.#words.finish, () => {
      this.#pace.finish();
    });
    this.#leavePrompt();
    this.#say(this.#words.running, this.#reached, finish);
    for (const command of this.fence.commands.slice(this.#ran, to)) {
      this.#found.push(await this.#turn(world, command));
      this.#ran += 1;
    }
    this.#screen.style.blockSize = '';
    this.#conclude(world, isAnew);
    this.#prompt = await this.#doing.prompt(this.#promptPlace, world);
  }

  /** Says how far what is waited for has come. */
  reach(text: string): void {
    this.#reached.textContent = text;
  }

  /** The prompt went on elsewhere: what was printed stays. */
  dropPrompt(): void {
    if (!this.#prompt) return;
    this.#leavePrompt();
    this.#say(this.#words.moved, this.#stillButton());
  }

  /** Says why it cannot be run, and shows the page's text again. */
  fail(): void {
    const { frame } = this.fence;
    const isHere = frame.contains(document.activeElement);
    this.close();
    if (isHere) frame.querySelector<HTMLButtonElement>('.run-here')?.focus();
    if (!this.#stillNote) return;
    const said = document.createElement('span');
    said.setAttribute('role', 'status');
    this.#stillNote.append(said);
    said.textContent = ` ${this.#words.failed}`;
  }

  close(): void {
    this.#prompt?.take();
    this.#prompt = undefined;
    this.#isOpen = false;
    for (const part of [this.#screen, this.#promptPlace, this.#bar]) part.remove();
    this.#still.hidden = false;
    if (this.#stillNote) this.#stillNote.hidden = false;
    this.fence.frame.classList.remove('is-run');
  }

  /** Leads who listens or uses keys to what is printed now. */
  focus(): void {
    this.#screen.focus({ preventScroll: true });
  }

  /** Takes the prompt away; what the reader did at it stays where it was done. */
  #leavePrompt(): void {
    const lines = this.#prompt?.lines() ?? [];
    this.#prompt?.take();
    this.#prompt = undefined;
    if (lines.length > 0) this.#screen.append(ownTurn(lines, this.#more));
  }

  readonly #more = (count: number): string => fill(this.#words.more, { count });

  async #turn(world: World, command: Transcript['commands'][number]): Promise<Difference> {
    const words = { more: this.#more, isNew: this.#words.isNew };
    const turn = new TurnView(command.text, words);
    this.#screen.append(turn.element);
    this.#toEnd();
    const pieces = await world.typeNext();
    await this.#pace.nextCommand();
    await turn.show(pieces, this.#pace, () => {
      this.#toEnd();
    });
    const printed = pieces.map(({ text }) => text).join('');
    const difference = turn.finish(printed.replace(/\n$/, ''), command);
    this.#toEnd();
    return difference;
  }

  #toEnd(): void {
    this.#screen.scrollTop = this.#screen.scrollHeight;
  }

  #conclude(world: World, isAnew: boolean): void {
    const { anew, same, missing, changed, differs, lab } = this.#words;
    const found = this.#found;
    const others = found.reduce((sum, { added }) => sum + added.size, 0);
    const gone = found.reduce((sum, one) => sum + Math.max(0, one.missing - one.added.size), 0);
    const why = world.isOwn ? changed : differs;
    const said = [
      ...(isAnew ? [anew] : []),
      ...(others > 0 ? [fill(why, { count: others })] : []),
      ...(gone > 0 ? [fill(missing, { count: gone })] : []),
      ...(others + gone === 0 ? [same] : []),
    ];
    const { classList } = this.fence.frame;
    classList.toggle('is-other', others + gone > 0);
    const toLab = button(lab, () => void this.#doing.toLab(world));
    const again = button(this.#words.again, () => void this.#doing.again());
    const next = button(this.#words.next, () => void this.#doing.goOn(this.#ran + 1));
    const isWhole = this.#ran === this.fence.commands.length;
    this.#say(said.join(' '), ...(isWhole ? [] : [next]), again, this.#stillButton(), toLab);
  }

  #stillButton(): HTMLButtonElement {
    return button(this.#words.still, () => {
      this.close();
      this.fence.frame.querySelector<HTMLButtonElement>('.run-here')?.focus();
    });
  }

  #say(text: string, ...buttons: readonly HTMLElement[]): void {
    const isHere = this.#bar.contains(document.activeElement);
    this.#note.textContent = text;
    this.#bar.replaceChildren(this.#note, ...buttons);
    if (isHere) this.focus();
  }
}
