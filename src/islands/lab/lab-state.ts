import { signal, type Signal } from '@preact/signals';
import { labStrings } from '../../i18n/lab.ts';
import type { Locale } from '../../i18n/locales.ts';
import { fill } from '../../i18n/strings.ts';
import type { OpenedWorld } from '../engine-room/world-messages.ts';
import { openFollowed, type FollowedWorld } from '../terminal/followed-world.ts';
import { writeAddress } from './address.ts';
import { BenchWorld } from './bench-world.ts';
import type { LabMeans } from './lab-means.ts';
import { openingOf, type LabRequest, type Opening } from './opening.ts';

type Opened = OpenedWorld & { readonly kind: 'open' };

/** What stands on the bench, without its look: nothing, a world on its way, or a world. */
export type BenchStatus =
  | { readonly kind: 'empty' }
  | { readonly kind: 'opening'; readonly title: string; readonly events: number }
  | { readonly kind: 'open'; readonly bench: BenchWorld };

export class LabState {
  readonly status: Signal<BenchStatus> = signal({ kind: 'empty' });
  /** What the reader should know: why something could not be done, or what is other than thought. */
  readonly notice = signal('');
  readonly means: LabMeans;
  /** Names the worlds of this page to the engine, each anew; the last one asked for counts. */
  #opened = 0;
  /** What is open, also while something else is on its way. */
  #before: BenchWorld | undefined;

  constructor(means: LabMeans) {
    this.means = means;
  }

  /** Opens what is asked for in the place of what is open; if that cannot be, all stays as it is. */
  async open(request: LabRequest): Promise<void> {
    const number = this.#begin();
    const isLast = (): boolean => number === this.#opened;
    try {
      const opening = await openingOf(request, this.means);
      if (!isLast()) return;
      if (opening) await this.#openNow(opening, number, isLast);
      else this.#refuse(fill(this.#words.notThere, { name: nameOf(request) }));
    } catch (fault) {
      // What was given up may fail: nobody waits for it any more.
      if (!isLast()) return;
      this.#refuse(this.#words.failed);
      throw fault;
    }
  }

  /** Gives up what is being opened, or clears the bench. */
  close(): void {
    const { value } = this.status;
    const world = nameOfWorld(this.#opened);
    this.#begin();
    if (value.kind === 'opening') {
      this.means.engine.ask('world/close', { world }).catch(() => undefined);
      this.status.value = this.#before ? { kind: 'open', bench: this.#before } : { kind: 'empty' };
      return;
    }
    this.#before?.end();
    this.#before = undefined;
    this.status.value = { kind: 'empty' };
  }

  #begin(): number {
    this.notice.value = '';
    this.#opened += 1;
    return this.#opened;
  }

  async #openNow(opening: Opening, number: number, isLast: () => boolean): Promise<void> {
    const { engine, locale } = this.means;
    const title = opening.title ?? titleWithout(opening, locale);
    let isOpening = true;
    // An open world tells of progress, too, while a command is looked through to its end.
    const progress = (events: number): void => {
      if (isOpening && isLast()) this.status.value = { kind: 'opening', title, events };
    };
    progress(0);
    const world = nameOfWorld(number);
    const result = await openFollowed(engine, { world, source: opening.source, locale, progress });
    isOpening = false;
    if (!isLast()) {
      if (result.kind === 'open') result.world.end();
      return;
    }
    if (result.kind === 'refused') {
      this.#refuse(this.#whyNot(result, opening));
      return;
    }
    const { world: followed, opened } = result;
    const bench = this.#benchOf(opening, followed, opened);
    const { address } = opening;
    if (address.kind === 'scenario' && address.atMs !== undefined && !opening.kept) {
      await bench.catchUp(address.atMs);
      if (!isLast()) {
        bench.end();
        return;
      }
    }
    this.#before?.end();
    this.#before = bench;
    this.status.value = { kind: 'open', bench };
    const unread = 'unread' in address ? address.unread : undefined;
    this.notice.value = [
      ...(opened.changed ? [fill(this.#words.changed, opened.changed)] : []),
      ...(unread === undefined ? [] : [fill(this.#words.unread, { part: unread })]),
    ].join(' ');
  }

  #benchOf(opening: Opening, world: FollowedWorld, opened: Opened): BenchWorld {
    const { catalogue, locale } = this.means;
    const { challenge: id } = opened;
    const ofExercise = id === undefined ? undefined : catalogue.titleOf({ kind: 'challenge', id });
    const title = opening.title ?? ofExercise ?? titleWithout(opening, locale);
    return new BenchWorld(this.means, { world, opened, title, opening });
  }

  get #words() {
    return labStrings[this.means.locale];
  }

  #refuse(why: string): void {
    this.status.value = this.#before ? { kind: 'open', bench: this.#before } : { kind: 'empty' };
    this.notice.value = this.#before ? `${why} ${this.#words.stayed}` : why;
  }

  #whyNot(
    { why, versions }: OpenedWorld & { kind: 'refused' },
    { source, address }: Opening,
  ): string {
    const t = this.#words;
    if (why === 'preset' && source.from === 'preset') {
      return fill(t.notThere, { name: writeAddress(address) });
    }
    if (why === 'broken' && source.from === 'file' && !source.text.includes('drydock-world')) {
      return t.notFile;
    }
    const words = {
      broken: t.refusedBroken,
      future: t.refusedFuture,
      preset: t.refusedPreset,
      machine: t.refusedMachine,
      events: t.refusedEvents,
      'beyond-the-engine': t.refusedBeyond,
    }[why];
    return versions ? `${words} ${fill(t.refusedVersions, versions)}` : words;
  }
}

const nameOfWorld = (number: number): string => `lab-${number}`;

const nameOf = (request: LabRequest): string =>
  request.from === 'address'
    ? writeAddress(request.address)
    : request.from === 'kept'
      ? request.kept.title
      : request.name;

function titleWithout({ source, address }: Opening, locale: Locale): string {
  const t = labStrings[locale];
  if (source.from === 'link') return t.fromLink;
  return source.from === 'file' ? t.fromFile : writeAddress(address);
}
