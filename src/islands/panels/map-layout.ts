/**
 * Where berths and their cells lie, in units of one cell: berths in rows, in each its cells from left
 * to right, a frame around them. The same for all berths, so a place is found by division.
 */
export interface MapLayout {
  readonly columns: number;
  readonly rows: number;
  /** Cells beside each other in a berth, and one above the other. */
  readonly inner: number;
  readonly innerRows: number;
  /** What a berth takes, its frame and the water around it included. */
  readonly berthWidth: number;
  readonly berthHeight: number;
  readonly width: number;
  readonly height: number;
}

/** Above and beside the cells of a berth: its name's line, its walls, the water. */
export const FRAME = { left: 1, top: 2, right: 2, bottom: 1 };

/**
 * @param aspect width by height of the place where it is shown
 */
export function layOut(berths: number, widest: number, aspect: number): MapLayout {
  const inner = Math.max(4, Math.ceil(Math.sqrt(widest * 1.8)));
  const innerRows = Math.max(2, Math.ceil(widest / inner));
  const berthWidth = FRAME.left + inner + FRAME.right;
  const berthHeight = FRAME.top + innerRows + FRAME.bottom;
  const columns = Math.max(
    1,
    Math.min(berths, Math.round(Math.sqrt((berths * aspect * berthHeight) / berthWidth))),
  );
  const rows = Math.max(1, Math.ceil(berths / columns));
  return {
    ...{ columns, rows, inner, innerRows, berthWidth, berthHeight },
    width: columns * berthWidth,
    height: rows * berthHeight,
  };
}

/** The upper left corner of a berth's place. */
export function placeOf(layout: MapLayout, berth: number): readonly [x: number, y: number] {
  const { columns, berthWidth, berthHeight } = layout;
  return [(berth % columns) * berthWidth, Math.floor(berth / columns) * berthHeight];
}

/** The berth at a place; undefined where there is none. */
export function berthAt(
  layout: MapLayout,
  berths: number,
  x: number,
  y: number,
): number | undefined {
  const column = Math.floor(x / layout.berthWidth);
  const row = Math.floor(y / layout.berthHeight);
  if (column < 0 || row < 0 || column >= layout.columns) return undefined;
  const berth = row * layout.columns + column;
  return berth < berths ? berth : undefined;
}
