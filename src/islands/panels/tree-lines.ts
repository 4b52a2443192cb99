import type { BranchAnswer, BranchAsk, ObjectRow } from '../engine-room/panels/messages.ts';

/**
 * The lines of a tree of which only a part is known: branches by id, of each how many lines it has,
 * and those lines that were asked for. Lines are numbered from the top as they would stand if all of
 * them were there; a window of them is found without making the others.
 */
interface Branch {
  total: number;
  readonly rows: Map<number, ObjectRow>;
}

/** Lines of one branch, one after the other, with no open branch in between. */
interface Span {
  readonly branch: string;
  readonly from: number;
  readonly first: number;
  readonly count: number;
  readonly depth: number;
}

export interface Line {
  readonly number: number;
  readonly depth: number;
  readonly branch: string;
  /** Its place in its branch, from 0, and how many are there. */
  readonly at: number;
  readonly of: number;
  /** Undefined until it has been answered. */
  readonly row: ObjectRow | undefined;
}

const DEPTH_LIMIT = 12;

export class TreeLines {
  readonly #branches = new Map<string, Branch>();
  /** Open branches, and the place of the line that opened each in its own branch. */
  readonly #open = new Map<string, { readonly branch: string; at: number }>();
  #spans: Span[] = [];
  #total = 0;

  get total(): number {
    return this.#total;
  }

  isOpen(id: string): boolean {
    return this.#open.has(id);
  }

  toggle(line: Line): void {
    const { row, branch, at } = line;
    if (!row?.opens) return;
    if (!this.#open.delete(row.id)) this.#open.set(row.id, { branch, at });
    this.#arrange();
  }

  /** Opens a line's branch, if it can be and is not. */
  open(line: Line): void {
    if (line.row && !this.#open.has(line.row.id)) this.toggle(line);
  }

  /** Takes in what was answered; lines that are no longer there close what they had opened. */
  take(answers: readonly BranchAnswer[]): void {
    for (const { id, from, total, rows } of answers) {
      const branch: Branch = {
        total,
        rows: this.#branches.get(id)?.rows ?? new Map<number, ObjectRow>(),
      };
      this.#branches.set(id, branch);
      for (const at of branch.rows.keys()) if (at >= total) branch.rows.delete(at);
      rows.forEach((row, i) => {
        branch.rows.set(from + i, row);
        const opened = this.#open.get(row.id);
        if (opened?.branch === id) opened.at = from + i;
      });
      this.#closeGone(id, branch);
    }
    this.#arrange();
  }

  /** What has to be asked to show the lines from `first` on: each open branch, at least its size. */
  asks(first: number, count: number): BranchAsk[] {
    const wanted = new Map<string, { from: number; to: number }>([['', { from: 0, to: 0 }]]);
    for (const id of this.#open.keys()) wanted.set(id, { from: 0, to: 0 });
    for (const span of this.#spans) {
      const from = Math.max(span.first, first) - span.first + span.from;
      const to = Math.min(span.first + span.count, first + count) - span.first + span.from;
      const known = wanted.get(span.branch);
      if (to <= from || !known) continue;
      const isFirst = known.to === 0;
      wanted.set(span.branch, {
        from: isFirst ? from : Math.min(known.from, from),
        to: Math.max(known.to, to),
      });
    }
    return [...wanted].map(([id, { from, to }]) => {
      const isNew = !this.#branches.has(id);
      return { id, from, count: isNew ? count : to - from };
    });
  }

  line(number: number): Line | undefined {
    const span = this.#spans.find(({ first, count }) => number >= first && number < first + count);
    if (!span) return undefined;
    const at = span.from + number - span.first;
    const { total = 0, rows } = this.#branches.get(span.branch) ?? {};
    const { depth, branch } = span;
    return { number, depth, branch, at, of: total, row: rows?.get(at) };
  }

  window(first: number, count: number): Line[] {
    const lines: Line[] = [];
    for (let number = Math.max(0, first); number < first + count; number++) {
      const line = this.line(number);
      if (!line) break;
      lines.push(line);
    }
    return lines;
  }

  /** The line that opened the branch in which a line stands. */
  parent({ branch }: Line): number | undefined {
    const opened = this.#open.get(branch);
    if (!opened) return undefined;
    const span = this.#spans.find(
      (one) =>
        one.branch === opened.branch && opened.at >= one.from && opened.at < one.from + one.count,
    );
    return span && span.first + opened.at - span.from;
  }

  #closeGone(id: string, branch: Branch): void {
    for (const [opened, place] of this.#open) {
      if (place.branch !== id) continue;
      const now = branch.rows.get(place.at);
      const isGone = place.at >= branch.total || (now && now.id !== opened);
      if (isGone) this.#open.delete(opened);
    }
  }

  #arrange(): void {
    this.#spans = [];
    this.#total = this.#place('', 0, 0);
  }

  /** Places a branch's lines from `first` on; gives the number of the line after them. */
  #place(id: string, depth: number, first: number): number {
    const branch = this.#branches.get(id);
    if (!branch || depth > DEPTH_LIMIT) return first;
    const open = [...this.#open]
      .filter(([, place]) => place.branch === id)
      .sort(([, a], [, b]) => a.at - b.at);
    let next = first;
    let from = 0;
    for (const [child, { at }] of open) {
      const count = Math.min(at + 1, branch.total) - from;
      if (count <= 0) continue;
      this.#spans.push({ branch: id, from, first: next, count, depth });
      next = this.#place(child, depth + 1, next + count);
      from += count;
    }
    const rest = branch.total - from;
    if (rest > 0) this.#spans.push({ branch: id, from, first: next, count: rest, depth });
    return next + rest;
  }
}
