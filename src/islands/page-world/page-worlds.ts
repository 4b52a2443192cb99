/**
 * The worlds of a page, and the blocks and files in which the reader lives them. Comes when a block
 * is first run or a file edited; the engine comes with the first thing that is asked of it.
 */
import { isLocale, type Locale } from '../../i18n/locales.ts';
import { pageWorldStrings } from '../../i18n/page-world.ts';
import { fill } from '../../i18n/strings.ts';
import { connectEngine, type Engine } from '../engine-room/connect.ts';
import { clockText } from '../player/clock-text.ts';
import { BlockView, type OwnPrompt, type World, type Words } from './block-view.ts';
import { framesOf, proofOf } from './frames.ts';
import { fenceOf, type PageFence } from './fences.ts';
import { FileView } from './file-view.ts';
import { LivingWorld, type Reached } from './living-world.ts';
import { toLab } from './to-lab.ts';
import '../../styles/page-world.css';

type Fence = PageFence<HTMLElement>;

const QUIET_MS = 1_000;
const TOLD_EVERY_MS = 200;

class PageWorlds {
  readonly #locale: Locale;
  readonly #words: Words;
  readonly #engine: Engine;
  readonly #worlds = new Map<string, World>();
  readonly #blocks = new Map<HTMLElement, BlockView>();
  readonly #files = new Map<HTMLElement, FileView>();
  /** What is done in each world: one thing at a time, since it cannot be in two blocks at once. */
  readonly #atWork = new Map<World, Promise<unknown>>();

  constructor(frames: readonly HTMLElement[], locale: Locale, engine: Engine) {
    this.#locale = locale;
    this.#words = pageWorldStrings[locale];
    this.#engine = engine;
    const fences = frames.flatMap((frame) => fenceOf(frame, proofOf(frame)) ?? []);
    for (const name of new Set(fences.map(({ world }) => world))) {
      const own = fences.filter(({ world }) => world === name);
      const textOf = (_: string, fence: number) => this.#textOf(own[fence]);
      this.#worlds.set(name, new LivingWorld(engine, `page/${name}`, own, textOf));
      for (const [i, fence] of own.entries()) this.#take(fence, `${name}/${i}`);
    }
  }

  /** Runs a block where it stands, or its first commands. */
  async run(frame: HTMLElement, count?: number): Promise<void> {
    const found = this.#find(frame);
    const block = this.#blocks.get(frame);
    if (!found || !block) return;
    block.begin();
    await this.#alone(found.world, () => this.#live(found.world, block, count));
  }

  async edit(frame: HTMLElement): Promise<void> {
    await this.#files.get(frame)?.open();
  }

  #take(fence: Fence, id: string): void {
    if (fence.kind === 'transcript') {
      const block = new BlockView(fence, this.#words, {
        prompt: (place, world) => this.#prompt(place, world),
        toLab: (world) => toLab(this.#engine, world.name),
        again: () => this.run(fence.frame),
        goOn: (to) => this.#goOn(fence.frame, to),
      });
      this.#blocks.set(fence.frame, block);
      return;
    }
    const isStack = this.#isStack(fence.world);
    const check = (name: string, text: string) =>
      this.#engine.ask('editor/check', { name, text, ...(isStack && { isStack }) });
    const file = new FileView(fence, id, {
      words: this.#words,
      locale: this.#locale,
      doing: { check, apply: () => this.#apply(fence) },
    });
    this.#files.set(fence.frame, file);
  }

  /** A file that the page gives to `docker stack` is held to what that reads. */
  #isStack(world: string): boolean {
    const fences = this.#worlds.get(world)?.fences ?? [];
    const typed = fences.flatMap((one) => (one.kind === 'transcript' ? one.commands : []));
    return typed.some(({ text }) => /\bdocker stack (?:deploy|config)\b/.test(text));
  }

  #textOf(fence: Fence | undefined): string {
    if (fence?.kind !== 'file') return '';
    return this.#files.get(fence.frame)?.text ?? fence.text;
  }

  #find(frame: HTMLElement): { world: World; at: number } | undefined {
    for (const world of this.#worlds.values()) {
      const at = world.fences.findIndex((fence) => fence.frame === frame);
      if (at >= 0) return { world, at };
    }
    return undefined;
  }

  async #live(world: World, block: BlockView, count?: number): Promise<void> {
    const { fence } = block;
    const at = world.fences.findIndex((one) => one.frame === fence.frame);
    await this.#guarded(world, block, async () => {
      const isAnew = await world.standBefore(at);
      this.#leaveOthers(world, block, isAnew);
      await block.run(world, count ?? fence.commands.length, isAnew);
    });
  }

  async #guarded(world: World, block: BlockView, work: () => Promise<void>): Promise<void> {
    // What comes soon is not told: it would only flicker.
    let nextMs = performance.now() + QUIET_MS;
    world.onReached = (reached) => {
      if (performance.now() < nextMs) return;
      nextMs = performance.now() + TOLD_EVERY_MS;
      block.reach(this.#wordsFor(reached));
    };
    try {
      await work();
    } catch {
      world.forget();
      block.fail();
    }
    world.onReached = undefined;
  }

  #wordsFor({ events, sinceMs }: Reached): string {
    const { lived, reached } = this.#words;
    if (sinceMs !== undefined) return fill(reached, { time: clockText(sinceMs) });
    return fill(lived, { count: (events ?? 0).toLocaleString(this.#locale) });
  }

  async #goOn(frame: HTMLElement, to: number): Promise<void> {
    const world = this.#find(frame)?.world;
    const block = this.#blocks.get(frame);
    if (!world || !block) return;
    const goOn = () => block.run(world, to, false);
    await this.#alone(world, () => this.#guarded(world, block, goOn));
  }

  /** One world has one prompt; what stands below in a world that began anew is yet to come. */
  #leaveOthers(world: World, block: BlockView, isAnew: boolean): void {
    const at = world.fences.findIndex(({ frame }) => frame === block.fence.frame);
    for (const [i, { frame }] of world.fences.entries()) {
      const other = this.#blocks.get(frame);
      if (!other?.isOpen || other === block) continue;
      if (isAnew && i > at) other.close();
      else other.dropPrompt();
    }
  }

  /**
   * What the page runs after a file, up to the first block there that the reader had open, or else the
   * next one, with the file as it is now.
   */
  async #apply(fence: Fence): Promise<void> {
    const found = this.#find(fence.frame);
    if (!found) return;
    const blocks = found.world.fences
      .slice(found.at + 1)
      .flatMap(({ frame }) => this.#blocks.get(frame) ?? []);
    const opened = blocks.findIndex(({ isOpen }) => isOpen);
    const shown = blocks.slice(0, Math.max(0, opened) + 1);
    for (const block of shown) block.begin();
    await this.#alone(found.world, async () => {
      found.world.forget();
      for (const block of shown) await this.#live(found.world, block);
    });
    shown.at(-1)?.fence.frame.scrollIntoView({ block: 'nearest' });
  }

  async #prompt(place: HTMLElement, world: World): Promise<OwnPrompt | undefined> {
    const { opened, machine, length: from } = world;
    if (!opened) return undefined;
    const { mountPrompt } = await import('./prompt.tsx');
    const [engine, locale] = [this.#engine, this.#locale];
    return mountPrompt(place, { engine, world: world.name, opened, machine, locale, from });
  }

  async #alone(world: World, work: () => Promise<void>): Promise<void> {
    const mine = (this.#atWork.get(world) ?? Promise.resolve()).then(work);
    this.#atWork.set(
      world,
      mine.catch(() => undefined),
    );
    await mine;
  }
}

let here: PageWorlds | undefined;

/** The worlds of this page; made when first asked for. */
export function pageWorlds(): PageWorlds {
  const { lang } = document.documentElement;
  const locale = isLocale(lang) ? lang : 'en';
  return (here ??= new PageWorlds(framesOf(document), locale, connectEngine()));
}
