import { CELL_STATES } from '../engine-room/panels/cell-states.ts';
import { berthAt, layOut, placeOf, type MapLayout } from './map-layout.ts';
import type { MapModel } from './map-model.ts';
import { MapPainter, type MapColours, type MapView } from './map-painter.ts';
import { myTurn } from '../turns.ts';

/** How large a cell becomes at most, in px. */
const LARGEST_PX = 28;
export const ZOOM_BY = 1.4;

/** Where a map is painted. */
export interface MapPlace {
  readonly canvas: HTMLCanvasElement;
  /** Samples of the colours that the page has. */
  readonly colours: HTMLElement;
  readonly width: number;
  readonly height: number;
  readonly waterName: string;
}

/** What is in sight of a large map, and the berth that keys have come to. */
export class MapSight {
  cursor = -1;
  readonly #model: MapModel;
  readonly #painter: MapPainter;
  #layout: MapLayout;
  readonly #colours: HTMLElement;
  readonly #width: number;
  readonly #height: number;
  readonly #waterName: string;
  #view: MapView = { x: 0, y: 0, scale: 1 };
  #touched: Set<number> | undefined;
  #isDue = false;
  #isOver = false;
  /** All of it is shown, and stays so whatever the size. */
  #isWhole = true;
  #grabbed: { x: number; y: number; view: MapView } | undefined;

  constructor(
    { canvas, colours, width, height, waterName }: MapPlace,
    model: MapModel,
    before: MapSight | null,
  ) {
    this.#model = model;
    this.#colours = colours;
    this.#width = width;
    this.#height = height;
    this.#waterName = waterName;
    this.#layout = this.#layOut();
    this.#painter = new MapPainter(canvas, model, this.#layout, coloursOf(colours, waterName));
    this.cursor = before?.cursor ?? -1;
    this.fit();
    if (before && !before.#isWhole) this.#see(before.#view);
    this.begin();
  }

  /** All anew: another size, another light. */
  begin(): void {
    this.#layout = this.#layOut();
    const colours = coloursOf(this.#colours, this.#waterName);
    this.#painter.prepare(this.#layout, colours, this.#width, this.#height);
    if (this.#isWhole) this.fit();
    this.#due(undefined);
  }

  /** Paints no more: another one has its place. */
  end(): void {
    this.#isOver = true;
  }

  #layOut(): MapLayout {
    const { berths, widest } = this.#model;
    return layOut(berths.length, widest, this.#width / Math.max(1, this.#height));
  }

  touched(berths: ReadonlySet<number> | undefined): void {
    const isOutgrown = this.#model.widest > this.#layout.inner * this.#layout.innerRows;
    if (!berths || isOutgrown) this.begin();
    else if (berths.size > 0) this.#due(berths);
  }

  fit(): void {
    const { width, height } = this.#layout;
    const scale = Math.min(LARGEST_PX, this.#width / width, this.#height / height);
    const x = -(this.#width / scale - width) / 2;
    const y = -(this.#height / scale - height) / 2;
    this.#see({ x, y, scale });
    this.#isWhole = true;
  }

  zoom(by: number, atX = this.#width / 2, atY = this.#height / 2): void {
    const { x, y, scale } = this.#view;
    const smallest = Math.min(this.#width / this.#layout.width, this.#height / this.#layout.height);
    const next = Math.max(Math.min(1, smallest), Math.min(LARGEST_PX, scale * by));
    this.#see({ x: x + atX / scale - atX / next, y: y + atY / scale - atY / next, scale: next });
  }

  grab(x: number, y: number): void {
    this.#grabbed = { x, y, view: this.#view };
  }

  drag(x: number, y: number): void {
    if (!this.#grabbed) return;
    const { view } = this.#grabbed;
    const moved = { x: x - this.#grabbed.x, y: y - this.#grabbed.y };
    this.#see({ ...view, x: view.x - moved.x / view.scale, y: view.y - moved.y / view.scale });
  }

  /** @returns the berth that was pressed, unless the map was moved */
  letGo(x: number, y: number): number | undefined {
    const grabbed = this.#grabbed;
    this.#grabbed = undefined;
    if (!grabbed || Math.hypot(x - grabbed.x, y - grabbed.y) > 4) return undefined;
    const { scale } = this.#view;
    const place = [this.#view.x + x / scale, this.#view.y + y / scale] as const;
    const berth = berthAt(this.#layout, this.#model.berths.length, ...place);
    if (berth !== undefined) this.#go(berth);
    return berth;
  }

  /** @returns whether the key does something here */
  key(key: string): boolean {
    const { columns } = this.#layout;
    const by = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns }[
      key as 'ArrowRight'
    ] as number | undefined;
    if (by !== undefined) this.#go(this.cursor < 0 ? 0 : this.cursor + by);
    else if (key === '+' || key === '=') this.zoom(ZOOM_BY);
    else if (key === '-') this.zoom(1 / ZOOM_BY);
    else if (key === '0') this.fit();
    else if (key === 'Home') this.#go(0);
    else if (key === 'End') this.#go(this.#model.berths.length - 1);
    else return false;
    return true;
  }

  #go(berth: number): void {
    if (berth < 0 || berth >= this.#model.berths.length) return;
    this.cursor = berth;
    const [left, top] = placeOf(this.#layout, berth);
    const { scale } = this.#view;
    const { berthWidth, berthHeight } = this.#layout;
    const [width, height] = [this.#width / scale, this.#height / scale];
    const x = Math.min(left, Math.max(this.#view.x, left + berthWidth - width));
    const y = Math.min(top, Math.max(this.#view.y, top + berthHeight - height));
    this.#see({ x, y, scale });
  }

  #see(view: MapView): void {
    this.#isWhole = false;
    this.#view = view;
    this.#due(undefined);
  }

  /** What comes by itself is painted when it is its turn; what the reader does, in the next frame. */
  #due(berths: ReadonlySet<number> | undefined): void {
    if (!this.#isDue) this.#touched = berths && new Set(berths);
    else if (!berths) this.#touched = undefined;
    else for (const berth of berths) this.#touched?.add(berth);
    if (!berths) requestAnimationFrame(this.#paint);
    else if (!this.#isDue) void myTurn().then(this.#paint);
    this.#isDue = true;
  }

  readonly #paint = (): void => {
    if (!this.#isDue || this.#isOver) return;
    this.#isDue = false;
    this.#painter.paint(this.#view, this.#touched, this.cursor);
  };
}

/** What the page's lights make of the states and lines; of forced colours, what the reader chose. */
function coloursOf(samples: HTMLElement, waterName: string): MapColours {
  const font = getComputedStyle(samples).fontFamily;
  const all = [...samples.children].map((sample) => getComputedStyle(sample).color);
  const [line = '', ink = '', accent = '', surface = ''] = all.slice(CELL_STATES.length);
  return { states: all.slice(0, CELL_STATES.length), line, ink, accent, surface, waterName, font };
}
