/** The part of a drawing that is shown, in the drawing's own units. */
export interface View {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** No closer than this many times the whole. */
export const closest = 8;

/** Shows `factor` times closer, with `at` staying where it is. */
export function zoomed(
  view: View,
  at: { readonly x: number; readonly y: number },
  factor: number,
): View {
  return {
    x: at.x - (at.x - view.x) / factor,
    y: at.y - (at.y - view.y) / factor,
    width: view.width / factor,
    height: view.height / factor,
  };
}

export function panned(view: View, dx: number, dy: number): View {
  return { ...view, x: view.x + dx, y: view.y + dy };
}

/** The nearest view that shows nothing beyond the whole and is not too close. Keeps its shape. */
export function clampView(view: View, whole: View): View {
  const width = Math.min(Math.max(view.width, whole.width / closest), whole.width);
  const height = (width * whole.height) / whole.width;
  const inside = (value: number, low: number, size: number, all: number) =>
    Math.min(Math.max(value, low), low + all - size);
  // A view that was resized stays centred on what it showed.
  const x = view.x + (view.width - width) / 2;
  const y = view.y + (view.height - height) / 2;
  return {
    x: inside(x, whole.x, width, whole.width),
    y: inside(y, whole.y, height, whole.height),
    width,
    height,
  };
}
