import { assert } from './assert.ts';
import { atOnce, EVENTS_AT_ONCE, type Breathing } from './breath.ts';
import { withOneMore, workBetween } from './checkpoints.ts';
import { appendEntry, compareMoments, type Journal } from './journal.ts';
import type { Action, Checkpoint, Kernel, Moment } from './kernel.ts';

/**
 * A run that can be taken back. Seeking restores the nearest checkpoint before the wanted moment
 * and replays from there; checkpoints are references, so many are kept, and of a long run fewer of
 * what is long ago (checkpoints.ts). Acting after a seek forks: the run turns into another branch,
 * and the future it leaves stays and can be returned to.
 */
export interface BranchInfo {
  readonly id: number;
  /** The branch it left and where; undefined for the first. */
  readonly from?: { readonly branch: number; readonly moment: Moment };
  readonly journal: Journal;
  /** As far as it has been lived. */
  readonly end: Moment;
}

interface Branch extends BranchInfo {
  readonly checkpoints: readonly Checkpoint[];
}

/** Branches kept; the oldest that nobody stands on goes first. */
const BRANCH_LIMIT = 64;

export class Timeline {
  readonly #kernel: Kernel;
  readonly #branches = new Map<number, Branch>();
  #current: number;
  #nextBranch = 1;

  /** Takes over a kernel whose world was just built; `journal` is that world's, still empty. */
  constructor(kernel: Kernel, journal: Journal) {
    assert(journal.entries.length === 0, 'replay a journal with `replay`, on a fresh timeline');
    this.#kernel = kernel;
    this.#current = 0;
    const checkpoint = kernel.checkpoint();
    this.#branches.set(0, { id: 0, journal, end: kernel.moment, checkpoints: [checkpoint] });
  }

  get moment(): Moment {
    return this.#kernel.moment;
  }

  /** Names the whole state here; see {@link Kernel.hash}. */
  hash(): string {
    return this.#kernel.hash();
  }

  /** Where the run began. */
  get start(): Moment {
    return this.#branch.checkpoints[0]!.moment;
  }

  get journal(): Journal {
    return this.#branch.journal;
  }

  get branch(): BranchInfo {
    return this.#branch;
  }

  branches(): readonly BranchInfo[] {
    return [...this.#branches.values()];
  }

  /** True when what follows here has been lived before. */
  get inThePast(): boolean {
    return compareMoments(this.moment, this.#branch.end) < 0;
  }

  /** Carries out an action here and now; in the past, on a new branch. */
  dispatch(action: Action): void {
    if (this.inThePast) this.#fork();
    const { journal } = this.#branch;
    this.#change({ journal: appendEntry(journal, { moment: this.moment, action }) });
    this.#kernel.dispatch(action);
    this.#lived();
  }

  /** Lives on to a virtual time; in the past, along what has been lived before. */
  advance(toMs: number): void {
    while (this.step(toMs));
    if (this.#kernel.now < toMs) this.#kernel.advance(toMs);
    this.#lived();
  }

  /**
   * The next action of this branch or the next event, whichever comes first. False when neither
   * is there by `toMs`.
   */
  step(toMs = Number.MAX_SAFE_INTEGER): boolean {
    const kernel = this.#kernel;
    const due = this.inThePast ? this.#nextEntry() : undefined;
    const eventMs = kernel.nextEventMs;
    if (due?.moment.sequence === kernel.moment.sequence) {
      if (due.moment.timeMs > toMs) return false;
      // Events that are due in this very millisecond waited when it was done, and wait again.
      if (kernel.now < due.moment.timeMs) kernel.advance(due.moment.timeMs);
      kernel.dispatch(due.action);
    } else {
      if (eventMs === undefined || eventMs > toMs) return false;
      kernel.step();
    }
    this.#lived();
    return true;
  }

  /**
   * Lives on, as `live` does by `step` and `advance`, and stays there if it says so; else all is as
   * if it had not been tried. @returns what `live` said
   */
  *attempting(live: () => Breathing<boolean>): Breathing<boolean> {
    const branch = this.#branch;
    let stays = false;
    try {
      stays = yield* this.#kernel.attempting(live);
      return stays;
    } finally {
      if (!stays) this.#branches.set(branch.id, branch);
    }
  }

  /** @returns what takes the run back to here, its branches too, for work that failed half-way */
  bookmark(): () => void {
    const here = this.#kernel.checkpoint();
    const branches = [...this.#branches];
    const [current, next] = [this.#current, this.#nextBranch];
    return () => {
      this.#kernel.restore(here);
      this.#branches.clear();
      for (const [id, branch] of branches) this.#branches.set(id, branch);
      [this.#current, this.#nextBranch] = [current, next];
    };
  }

  /** Goes to a moment of this branch, back or forth. */
  seek(moment: Moment): void {
    atOnce(this.seeking(moment));
  }

  /** As `seek`, with breaths. */
  *seeking(moment: Moment): Breathing<void> {
    const { checkpoints, end } = this.#branch;
    assert(compareMoments(moment, end) <= 0, 'a seek beyond what has been lived');
    const nearest = checkpoints.findLast((c) => compareMoments(c.moment, moment) <= 0);
    assert(nearest, 'a branch begins with a checkpoint');
    const here = this.moment;
    const ahead = compareMoments(here, moment) <= 0 && compareMoments(nearest.moment, here) <= 0;
    if (!ahead) this.#kernel.restore(nearest);
    const isThere = () => this.moment.sequence >= moment.sequence;
    yield* this.#stepping(moment.timeMs, isThere);
    if (this.#kernel.now < moment.timeMs) this.#kernel.advance(moment.timeMs);
    assert(compareMoments(this.moment, moment) === 0, 'a replay came to another moment');
  }

  /** Goes to a virtual time of this branch, back or forth, or lives on to it. */
  seekTime(timeMs: number): void {
    atOnce(this.seekingTime(timeMs));
  }

  /** As `seekTime`, with breaths. */
  *seekingTime(timeMs: number): Breathing<void> {
    const { checkpoints, end } = this.#branch;
    if (timeMs >= end.timeMs) {
      yield* this.seeking(end);
    } else {
      const nearest = checkpoints.findLast(({ moment }) => moment.timeMs <= timeMs);
      assert(nearest, 'a branch begins with a checkpoint, and no time is before it');
      this.#kernel.restore(nearest);
    }
    yield* this.#stepping(timeMs);
    this.advance(timeMs);
  }

  /** Goes over to another branch, at the end of it. */
  switchTo(branch: number): void {
    atOnce(this.switchingTo(branch));
  }

  /** As `switchTo`, with breaths. */
  *switchingTo(branch: number): Breathing<void> {
    const target = this.#branches.get(branch);
    assert(target, `no branch ${branch}`);
    this.#current = branch;
    this.#kernel.restore(target.checkpoints[0]!);
    yield* this.seeking(target.end);
  }

  /**
   * Takes the last action back: this branch as it was just before it. @returns what was taken back;
   * undefined when nothing was done before here
   */
  undo(): Action | undefined {
    return atOnce(this.undoing());
  }

  /** As `undo`, with breaths. */
  *undoing(): Breathing<Action | undefined> {
    const last = this.#branch.journal.entries.findLast(
      (entry) => compareMoments(entry.moment, this.moment) < 0,
    );
    if (!last) return undefined;
    yield* this.seeking(last.moment);
    return last.action;
  }

  /** Lives a journal's entries on this fresh timeline, then on to `to`, if given. */
  replay(journal: Journal, to?: Moment): void {
    assert(this.#branch.journal.entries.length === 0, 'replay wants a fresh timeline');
    for (const entry of journal.entries) {
      if (to && compareMoments(entry.moment, to) >= 0) break;
      this.#liveTo(entry.moment);
      this.dispatch(entry.action);
    }
    if (to) this.#liveTo(to);
  }

  /** Steps as long as something is due by then, and it is not there yet. */
  *#stepping(toMs: number, isThere = (): boolean => false): Breathing<void> {
    for (let count = 1; !isThere() && this.step(toMs); count++) {
      if (count % EVENTS_AT_ONCE === 0) yield this.moment.sequence;
    }
  }

  #liveTo(moment: Moment): void {
    while (this.moment.sequence < moment.sequence && this.step(moment.timeMs));
    if (this.#kernel.now < moment.timeMs) this.advance(moment.timeMs);
  }

  get #branch(): Branch {
    return this.#branches.get(this.#current)!;
  }

  #change(change: Partial<Branch>): void {
    this.#branches.set(this.#current, { ...this.#branch, ...change });
  }

  /** The first action that is still to come, of a journal in order. */
  #nextEntry() {
    const { moment } = this;
    const { entries } = this.#branch.journal;
    let [from, to] = [0, entries.length];
    while (from < to) {
      const middle = (from + to) >>> 1;
      if (compareMoments(entries[middle]!.moment, moment) < 0) from = middle + 1;
      else to = middle;
    }
    return entries[from];
  }

  /** Notes how far the branch has come, and keeps a checkpoint now and then. */
  #lived(): void {
    const { checkpoints, end } = this.#branch;
    const { moment } = this;
    if (compareMoments(moment, end) <= 0) return;
    const { sequence } = moment;
    const due = workBetween(checkpoints.at(-1)!, { sequence, records: this.#kernel.recorded }) >= 1;
    this.#change({
      end: moment,
      checkpoints: due ? withOneMore(checkpoints, this.#kernel.checkpoint()) : checkpoints,
    });
  }

  #fork(): void {
    const { moment } = this;
    const parent = this.#branch;
    const entries = parent.journal.entries.filter(
      (entry) => compareMoments(entry.moment, moment) < 0,
    );
    const checkpoints = parent.checkpoints.filter((c) => compareMoments(c.moment, moment) <= 0);
    const id = this.#nextBranch++;
    this.#branches.set(id, {
      id,
      from: { branch: parent.id, moment },
      journal: { ...parent.journal, entries },
      end: moment,
      checkpoints,
    });
    this.#current = id;
    for (const [old] of this.#branches) {
      if (this.#branches.size <= BRANCH_LIMIT) break;
      if (old !== this.#current) this.#branches.delete(old);
    }
  }
}
