/**
 * Slots: places drawn in advance for objects that come and go. An object keeps its slot for as
 * long as it is there, so nothing in a figure jumps; who comes takes the first free slot.
 */
export type Slots = readonly (string | undefined)[];

/**
 * The next occupation of `count` slots.
 * @param names who is there now, in the order in which they came
 */
export function occupy(before: Slots, names: readonly string[], count: number): Slots {
  const here = new Set(names);
  const slots = Array.from({ length: count }, (_, i) => {
    const name = before[i];
    return name !== undefined && here.has(name) ? name : undefined;
  });
  const seated = new Set(slots);
  const waiting = names.filter((name) => !seated.has(name));
  return slots.map((name) => name ?? waiting.shift());
}
