import type { Kernel } from '../sim/kernel.ts';
import type { Processes } from '../sim/processes.ts';
import type { Addresses } from './address.ts';
import {
  plainAnswer,
  type DnsAnswer,
  type DnsQuestion,
  type QueryFinder,
  type QueryMarks,
} from './dns-message.ts';
import type { Asked, LookupListener, NameFinder } from './interface.ts';

/** Docker's own name server gives every name so long, seconds (`resolver.go`, `respTTL`). */
const OTHERS_TTL = 600;

/** What names stand for, by what containers, clusters and the world say, in that order. */
export class Names {
  readonly #kernel: Kernel;
  readonly #addresses: Addresses;
  readonly #finders: NameFinder[] = [];
  readonly #listeners: LookupListener[] = [];
  readonly #queryFinders: QueryFinder[] = [];

  constructor(kernel: Kernel, processes: Processes, addresses: Addresses) {
    this.#kernel = kernel;
    this.#addresses = addresses;
    processes.service<Asked>('net/resolve', (asked) => this.#ask(asked)[0]);
    processes.service<Asked>('net/lookup', (asked) => this.#ask(asked));
    processes.service<{ place: string }>('net/silent', ({ place }) =>
      this.#finders.some((finder) => finder(place, '') === 'silent'),
    );
    processes.service<DnsQuestion>('net/query', (question) => this.query(question));
    processes.service<{ place: string }>('net/query-marks', ({ place }) => this.#marks(place));
  }

  /** Finders are asked in the order they were added; the first that knows decides. */
  finder(finder: NameFinder, listener?: LookupListener): void {
    this.#finders.push(finder);
    if (listener) this.#listeners.push(listener);
  }

  queryFinder(finder: QueryFinder): void {
    this.#queryFinders.push(finder);
  }

  #ask(asked: Asked): readonly string[] {
    const found = this.lookup(asked.name, asked.place);
    for (const listener of this.#listeners) listener(asked, found);
    return found;
  }

  lookup(name: string, place?: string): readonly string[] {
    if (place?.includes('/')) {
      for (const finder of this.#finders) {
        const found = finder(place, name);
        if (found) return found === 'silent' ? [] : found;
      }
    }
    const ip = this.#addresses.resolve(name);
    return ip === undefined ? [] : [ip];
  }

  /** A name server knows of the world what machines and containers know. */
  query(question: DnsQuestion): DnsAnswer | 'silent' {
    for (const finder of this.#queryFinders) {
      const found = finder(question);
      if (found) return found;
    }
    const { name, type, place } = question;
    const bare = name.replace(/\.$/, '');
    return plainAnswer(bare, type, this.lookup(bare, place), OTHERS_TTL);
  }

  #marks(place: string): QueryMarks {
    const draw = this.#kernel.random('net', 'query', place, this.#kernel.now);
    return { id: draw.integer(0, 65_535), cookie: draw.text(16, '0123456789abcdef') };
  }

  isUnknown(name: string, place: string): boolean {
    for (const finder of this.#finders) {
      const found = finder(place, name);
      if (found) return found === 'silent' || found.length === 0;
    }
    return false;
  }
}
