import { stateGlyphs, type Glyph } from '../../diagram/state-glyphs.ts';
import { CELL_STATES } from '../engine-room/panels/cell-states.ts';
import { FRAME, placeOf, type MapLayout } from './map-layout.ts';
import type { MapModel } from './map-model.ts';

/**
 * Paints a large map on a canvas. From afar each cell is one point of a picture that is kept, of which
 * only what changed is written again; from near, the berths in sight are drawn with frame, name and,
 * where there is room, the glyphs of their states.
 */
export interface MapView {
  /** Where the upper left corner of the canvas lies on the map, in cells; and how large one is, in px. */
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

export interface MapColours {
  /** By the number of the state. */
  readonly states: readonly string[];
  readonly line: string;
  readonly ink: string;
  readonly accent: string;
  readonly surface: string;
  /** What the place is called where those are that have none. */
  readonly waterName: string;
  readonly font: string;
}

/** From this size of a cell on, berths are drawn one by one, and from that on, cells with glyphs. */
const NEAR_PX = 5;
const GLYPH_PX = 11;
/** From this size on, points stand apart. */
const APART_PX = 2.4;
/** More berths than this are sooner painted all at once. */
const PARTS_LIMIT = 150;

/** In pixels of the canvas. */
type Area = readonly [x: number, y: number, width: number, height: number];

export class MapPainter {
  readonly #canvas: HTMLCanvasElement;
  readonly #model: MapModel;
  readonly #afar = document.createElement('canvas');
  readonly #gaps = document.createElement('canvas');
  #gapsOfView: MapView | undefined;
  #picture: ImageData | undefined;
  #points = new Uint32Array(0);
  #layout: MapLayout;
  #colours: MapColours;
  #numbers: number[] = [];
  #lineNumber = 0;
  #ratio = 1;

  constructor(canvas: HTMLCanvasElement, model: MapModel, layout: MapLayout, colours: MapColours) {
    this.#canvas = canvas;
    this.#model = model;
    this.#layout = layout;
    this.#colours = colours;
  }

  /** Makes ready for a size, a layout and colours: all is painted anew. */
  prepare(layout: MapLayout, colours: MapColours, width: number, height: number): void {
    this.#layout = layout;
    this.#colours = colours;
    this.#gapsOfView = undefined;
    this.#ratio = Math.min(2, globalThis.devicePixelRatio || 1);
    this.#canvas.width = Math.round(width * this.#ratio);
    this.#canvas.height = Math.round(height * this.#ratio);
    this.#numbers = colours.states.map(numberOf);
    this.#lineNumber = numberOf(colours.line);
    this.#afar.width = layout.width;
    this.#afar.height = layout.height;
    this.#picture = new ImageData(layout.width, layout.height);
    this.#points = new Uint32Array(this.#picture.data.buffer);
    for (let berth = 0; berth < this.#model.berths.length; berth++) this.#point(berth);
    this.#afar.getContext('2d')?.putImageData(this.#picture, 0, 0);
  }

  /** @param touched berths that look otherwise than when it was last painted; undefined for all */
  paint(view: MapView, touched: ReadonlySet<number> | undefined, cursor: number): void {
    const context = this.#canvas.getContext('2d');
    if (!context || !this.#picture) return;
    if (touched) this.#write(touched);
    context.setTransform(this.#ratio, 0, 0, this.#ratio, 0, 0);
    if (view.scale < NEAR_PX) this.#paintAfar(context, view, touched);
    else this.#paintNear(context, view, touched);
    this.#paintCursor(context, view, cursor);
  }

  /** Writes into the picture what changed; where that is much, the picture is handed over whole. */
  #write(touched: ReadonlySet<number>): void {
    for (const berth of touched) this.#point(berth);
    const afar = this.#afar.getContext('2d');
    if (touched.size > PARTS_LIMIT) {
      afar?.putImageData(this.#picture!, 0, 0);
      return;
    }
    const { berthWidth, berthHeight } = this.#layout;
    for (const berth of touched) {
      const [x, y] = placeOf(this.#layout, berth);
      afar?.putImageData(this.#picture!, 0, 0, x, y, berthWidth, berthHeight);
    }
  }

  /** Writes a berth into the picture: a point for each cell, and around them the walls and the quay. */
  #point(berth: number): void {
    const { inner, innerRows, width } = this.#layout;
    const [left, top] = placeOf(this.#layout, berth);
    const cells = this.#model.cellsOf(berth);
    const first = (top + FRAME.top) * width + left + FRAME.left;
    const isWater = this.#model.berths[berth]?.name === '';
    const state = this.#model.berthStates[berth] ?? 0;
    const wall = isWater ? 0 : state === 1 ? this.#lineNumber : this.#numbers[state]!;
    for (let row = 0; row <= innerRows; row++) {
      const at = first + row * width;
      this.#points[at - 1] = this.#points[at + inner] = wall;
      for (let column = 0; column < inner; column++) {
        const code = cells[row * inner + column] ?? 0;
        const cell = code === 0 ? 0 : this.#numbers[code]!;
        this.#points[at + column] = row < innerRows ? cell : wall;
      }
    }
  }

  /** What changed, berth by berth, unless it is so much that all of it is done sooner. */
  #paintAfar(
    context: CanvasRenderingContext2D,
    view: MapView,
    touched: ReadonlySet<number> | undefined,
  ): void {
    const gaps = view.scale >= APART_PX ? this.#gapsOf(view) : undefined;
    context.imageSmoothingEnabled = view.scale < 1;
    context.setTransform(1, 0, 0, 1, 0, 0);
    if (!touched || touched.size > PARTS_LIMIT || view.scale < 1) {
      const { width, height } = this.#canvas;
      this.#paintArea(context, view, [0, 0, width, height], gaps);
    } else {
      for (const berth of touched) {
        const area = this.#areaOf(view, berth);
        if (area) this.#paintArea(context, view, area, gaps);
      }
    }
    context.setTransform(this.#ratio, 0, 0, this.#ratio, 0, 0);
  }

  /** The pixels of the canvas that a berth touches; undefined when it is out of sight. */
  #areaOf({ x, y, scale }: MapView, berth: number): Area | undefined {
    const [left, top] = placeOf(this.#layout, berth);
    const { berthWidth, berthHeight } = this.#layout;
    const cell = scale * this.#ratio;
    const from = [Math.max(0, (left - x) * cell), Math.max(0, (top - y) * cell)].map(Math.floor);
    const right = Math.min(this.#canvas.width, Math.ceil((left - x + berthWidth) * cell));
    const foot = Math.min(this.#canvas.height, Math.ceil((top - y + berthHeight) * cell));
    const [fromX = 0, fromY = 0] = from;
    return right > fromX && foot > fromY ? [fromX, fromY, right - fromX, foot - fromY] : undefined;
  }

  /** Paints some pixels of the canvas anew: of the kept picture, what lies there. */
  #paintArea(
    context: CanvasRenderingContext2D,
    view: MapView,
    area: Area,
    gaps: HTMLCanvasElement | undefined,
  ): void {
    const [x, y, width, height] = area;
    const cell = view.scale * this.#ratio;
    context.fillStyle = this.#colours.surface;
    context.fillRect(x, y, width, height);
    const from = [view.x + x / cell, view.y + y / cell] as const;
    context.drawImage(this.#afar, ...from, width / cell, height / cell, x, y, width, height);
    if (gaps) context.drawImage(gaps, x, y, width, height, x, y, width, height);
  }

  /** Lines of water between the points, so that cells stand apart: painted once for a view. */
  #gapsOf(view: MapView): HTMLCanvasElement {
    if (this.#gapsOfView === view) return this.#gaps;
    this.#gapsOfView = view;
    const { width, height } = this.#canvas;
    this.#gaps.width = width;
    this.#gaps.height = height;
    const context = this.#gaps.getContext('2d');
    if (!context) return this.#gaps;
    context.fillStyle = this.#colours.surface;
    const cell = view.scale * this.#ratio;
    const gap = cell * 0.22;
    const first = (from: number) => (Math.ceil(from) - from) * cell - gap / 2;
    for (let at = first(view.x); at < width; at += cell) context.fillRect(at, 0, gap, height);
    for (let at = first(view.y); at < height; at += cell) context.fillRect(0, at, width, gap);
    return this.#gaps;
  }

  #paintNear(
    context: CanvasRenderingContext2D,
    view: MapView,
    touched: ReadonlySet<number> | undefined,
  ): void {
    if (!touched) {
      context.fillStyle = this.#colours.surface;
      context.fillRect(0, 0, this.#canvas.width, this.#canvas.height);
    }
    const byState = CELL_STATES.map(() => new Path2D());
    const glyphs: (readonly [x: number, y: number, state: number])[] = [];
    for (const berth of this.#inSight(view)) {
      if (touched && !touched.has(berth)) continue;
      this.#frame(context, view, berth, touched !== undefined);
      this.#cellsInto(byState, glyphs, view, berth);
    }
    byState.forEach((path, state) => {
      if (state === 0) return;
      context.fillStyle = this.#colours.states[state]!;
      context.fill(path);
    });
    for (const [x, y, state] of glyphs) this.#glyph(context, x, y, view.scale, state);
  }

  #cellsInto(
    byState: readonly Path2D[],
    glyphs: (readonly [x: number, y: number, state: number])[],
    view: MapView,
    berth: number,
  ): void {
    const { inner, innerRows } = this.#layout;
    const [left, top] = placeOf(this.#layout, berth);
    const size = view.scale * 0.82;
    this.#model.cellsOf(berth).forEach((state, cell) => {
      if (state === 0 || cell >= inner * innerRows) return;
      const x = (left + FRAME.left + (cell % inner) - view.x) * view.scale;
      const y = (top + FRAME.top + Math.floor(cell / inner) - view.y) * view.scale;
      if (view.scale >= GLYPH_PX) glyphs.push([x, y, state]);
      else byState[state]!.rect(x, y, size, size);
    });
  }

  /** Berths of which anything is on the canvas. */
  *#inSight({ x, y, scale }: MapView): Generator<number, void> {
    const { berthWidth, berthHeight, columns, rows } = this.#layout;
    const width = this.#canvas.width / this.#ratio / scale;
    const height = this.#canvas.height / this.#ratio / scale;
    const fromColumn = Math.max(0, Math.floor(x / berthWidth));
    const toColumn = Math.min(columns - 1, Math.floor((x + width) / berthWidth));
    const toRow = Math.min(rows - 1, Math.floor((y + height) / berthHeight));
    for (let row = Math.max(0, Math.floor(y / berthHeight)); row <= toRow; row++) {
      for (let column = fromColumn; column <= toColumn; column++) {
        const berth = row * columns + column;
        if (berth < this.#model.berths.length) yield berth;
      }
    }
  }

  /** A berth: open to the water above, walls and quay around it, its name on the wall. */
  #frame(context: CanvasRenderingContext2D, view: MapView, berth: number, clears: boolean): void {
    const { berthWidth, berthHeight, inner, innerRows } = this.#layout;
    const { scale } = view;
    const [column, row] = placeOf(this.#layout, berth);
    const x = (column - view.x) * scale;
    const y = (row - view.y) * scale;
    if (clears) {
      context.fillStyle = this.#colours.surface;
      context.fillRect(x, y, berthWidth * scale, berthHeight * scale);
    }
    const state = this.#model.berthStates[berth] ?? 0;
    const isWell = state <= 1;
    const isWater = this.#model.berths[berth]?.name === '';
    context.strokeStyle = isWell ? this.#colours.line : this.#colours.states[state]!;
    context.lineWidth = isWell ? 1 : 2;
    context.setLineDash(CELL_STATES[state] === 'unknown' || isWater ? [2, 3] : []);
    context.beginPath();
    const wall = { left: x + 0.5 * scale, right: x + (FRAME.left + inner + 0.3) * scale };
    const foot = y + (FRAME.top + innerRows + 0.4) * scale;
    const top = isWater ? foot : y + FRAME.top * scale;
    context.moveTo(wall.left, top);
    context.lineTo(wall.left, foot);
    context.lineTo(wall.right, foot);
    context.lineTo(wall.right, top);
    context.stroke();
    context.setLineDash([]);
    context.fillStyle = this.#colours.ink;
    context.font = `${Math.max(9, Math.min(13, scale * 1.3))}px ${this.#colours.font}`;
    const name = isWater ? this.#colours.waterName : (this.#model.berths[berth]?.name ?? '');
    context.fillText(name, wall.left, y + FRAME.top * scale - 4, inner * scale);
  }

  #glyph(
    context: CanvasRenderingContext2D,
    x: number,
    y: number,
    scale: number,
    state: number,
  ): void {
    const name = CELL_STATES[state];
    if (name === 'running') {
      this.#ribbed(context, x, y, scale, state);
      return;
    }
    const glyph: Glyph | undefined = name && name !== 'empty' ? stateGlyphs[name] : undefined;
    if (!glyph) return;
    context.save();
    context.translate(x, y);
    context.scale((scale * 0.9) / 16, (scale * 0.9) / 16);
    context.fillStyle = context.strokeStyle = this.#colours.states[state]!;
    context.lineWidth = 1.8;
    context.setLineDash(glyph.dash ? glyph.dash.split(' ').map(Number) : []);
    if (glyph.fill) context.fill(pathOf(glyph.fill));
    if (glyph.line) context.stroke(pathOf(glyph.line));
    context.restore();
  }

  /** A container that runs: its box with ribs. */
  #ribbed(
    context: CanvasRenderingContext2D,
    x: number,
    y: number,
    scale: number,
    state: number,
  ): void {
    const size = scale * 0.86;
    context.fillStyle = this.#colours.states[state]!;
    context.fillRect(x, y, size, size);
    context.fillStyle = this.#colours.surface;
    for (const share of [0.26, 0.48, 0.7]) {
      context.fillRect(x + size * share, y + size * 0.25, Math.max(0.75, size * 0.07), size * 0.5);
    }
  }

  #paintCursor(context: CanvasRenderingContext2D, view: MapView, cursor: number): void {
    if (cursor < 0) return;
    const { berthWidth, berthHeight } = this.#layout;
    const [left, top] = placeOf(this.#layout, cursor);
    context.strokeStyle = this.#colours.accent;
    context.lineWidth = 2;
    context.strokeRect(
      (left - view.x) * view.scale,
      (top - view.y) * view.scale,
      berthWidth * view.scale,
      berthHeight * view.scale,
    );
  }
}

const paths = new Map<string, Path2D>();

function pathOf(data: string): Path2D {
  let path = paths.get(data);
  if (!path) paths.set(data, (path = new Path2D(data)));
  return path;
}

/** `rgb(22, 96, 66)` as a point of a picture: bytes of red, green, blue, opacity, the lowest first. */
function numberOf(colour: string): number {
  const [red = 0, green = 0, blue = 0] = (colour.match(/[\d.]+/g) ?? []).map(Number);
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}
