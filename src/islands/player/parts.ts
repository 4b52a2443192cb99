import { assert } from '../../engine/sim/assert.ts';

/** The parts of a player in its markup (`src/components/Run.astro`), by `data-part`. */
export interface Parts {
  readonly root: HTMLElement;
  /** The whole figure, the drawing included. */
  readonly figure: HTMLElement;
  readonly drawing: SVGSVGElement;
  readonly prompt: HTMLElement;
  readonly caption: HTMLElement;
  readonly notice: HTMLElement;
  readonly live: HTMLElement;
  readonly timeline: HTMLInputElement;
  readonly passed: SVGElement;
  readonly marks: SVGElement;
  readonly clock: HTMLElement;
  readonly skipped: HTMLElement;
  readonly link: HTMLInputElement;
  readonly inspector: HTMLElement;
}

/** @throws when the markup and the island do not belong together */
export function findParts(root: HTMLElement): Parts {
  const figure = root.closest<HTMLElement>('figure');
  const drawing = figure?.querySelector<SVGSVGElement>('.figure-drawing:not(.is-still)');
  assert(figure && drawing, 'a player stands in a figure with a drawing');
  const part = <E extends Element>(name: string, kind: new () => E): E => {
    const found = root.querySelector(`[data-part="${name}"]`);
    assert(found instanceof kind, `the player has no part ${name}`);
    return found;
  };
  return {
    root,
    figure,
    drawing,
    prompt: part('prompt', HTMLElement),
    caption: part('caption', HTMLElement),
    notice: part('notice', HTMLElement),
    live: part('live', HTMLElement),
    timeline: part('timeline', HTMLInputElement),
    passed: part('passed', SVGElement),
    marks: part('marks', SVGElement),
    clock: part('clock', HTMLElement),
    skipped: part('skipped', HTMLElement),
    link: part('link', HTMLInputElement),
    inspector: part('inspector', HTMLElement),
  };
}

/** The button that does `act`. */
export function buttonOf(root: HTMLElement, act: string): HTMLButtonElement {
  const button = root.querySelector<HTMLButtonElement>(`button[data-act="${act}"]`);
  assert(button, `the player has no button ${act}`);
  return button;
}
