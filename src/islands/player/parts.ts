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
  const part = <Kind extends Element>(name: string): Kind => {
    const found = root.querySelector<Kind>(`[data-part="${name}"]`);
    assert(found, `the player has no part ${name}`);
    return found;
  };
  return {
    root,
    figure,
    drawing,
    prompt: part('prompt'),
    caption: part('caption'),
    notice: part('notice'),
    live: part('live'),
    timeline: part('timeline'),
    passed: part('passed'),
    marks: part('marks'),
    clock: part('clock'),
    skipped: part('skipped'),
    link: part('link'),
    inspector: part('inspector'),
  };
}

/** The button that does `act`. */
export function buttonOf(root: HTMLElement, act: string): HTMLButtonElement {
  const button = root.querySelector<HTMLButtonElement>(`button[data-act="${act}"]`);
  assert(button, `the player has no button ${act}`);
  return button;
}
