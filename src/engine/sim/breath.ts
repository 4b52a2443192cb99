/**
 * Work in pieces, for a page that must not stand still: between two pieces it yields how many events
 * the world has lived, and whoever drives it shows that, lets others in, or gives up. Until it is
 * done the world is somewhere on the way: nobody else may act in it or rely on what they see.
 */
export type Breathing<T> = Generator<number, T, void>;

/** Events of one piece: a few milliseconds where much happens. */
export const EVENTS_AT_ONCE = 64;

/** Does it without a breath, for whoever can wait. */
export function atOnce<T>(work: Breathing<T>): T {
  for (;;) {
    const { done, value } = work.next();
    if (done === true) return value;
  }
}
