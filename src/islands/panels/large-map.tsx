import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { inspectStrings } from '../../i18n/inspect.ts';
import { panelStrings } from '../../i18n/panels.ts';
import { CELL_STATES } from '../engine-room/panels/cell-states.ts';
import type { Looking } from './looking.ts';
import { berthAt, layOut, placeOf, type MapLayout } from './map-layout.ts';
import type { MapModel } from './map-model.ts';
import { MapPainter, type MapColours, type MapView } from './map-painter.ts';
import { useSize } from './size.ts';
import { countsText } from './small-map.tsx';

/** How large a cell becomes at most, in px. */
const LARGEST_PX = 28;
const ZOOM_BY = 1.4;

interface LargeMapProps {
  readonly looking: Looking;
  readonly model: MapModel;
  /** Calls what it is given whenever berths look otherwise. @returns what ends that */
  readonly onTouched: (listener: (touched: ReadonlySet<number> | undefined) => void) => () => void;
  readonly open: (berth: number) => void;
}

/** A map of many nodes on a canvas: the wheel and + and - zoom, dragging and arrows move. */
export function LargeMap({ looking, model, onTouched, open }: LargeMapProps) {
  const words = panelStrings[looking.locale];
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const colours = useRef<HTMLSpanElement>(null);
  const size = useSize(box, { width: 0, height: 0 });
  const told = useSignal('');
  const sight = useRef<MapSight>(null);
  useEffect(() => {
    if (!canvas.current || !colours.current || size.width === 0) return undefined;
    const { width, height } = size;
    const made = new MapSight(canvas.current, model, colours.current, width, height, sight.current);
    sight.current = made;
    const end = onTouched((touched) => made.touched(touched));
    const theme = new MutationObserver(() => made.begin());
    theme.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    const light = matchMedia('(prefers-color-scheme: dark)');
    const begin = () => made.begin();
    light.addEventListener('change', begin);
    return () => {
      end();
      theme.disconnect();
      light.removeEventListener('change', begin);
    };
  }, [size.width, size.height, model.berths.length]);
  const tell = () => {
    const at = sight.current?.cursor ?? -1;
    const name = model.berths[at]?.name;
    if (name === undefined) return;
    const counts = countsText([...model.cellsOf(at)], inspectStrings[looking.locale]);
    told.value = `${name === '' ? words.waiting : name}. ${counts}`;
  };
  const zoom = (by: number) => sight.current?.zoom(by);
  return (
    <div class="map-large">
      <div class="map-canvas-box" ref={box}>
        <canvas
          ref={canvas}
          class="map-canvas"
          tabIndex={0}
          role="application"
          aria-label={`${words.map}. ${words.mapHelp}`}
          onKeyDown={(event) => {
            if (!sight.current?.key(event.key)) {
              if (event.key !== 'Enter') return;
              open(sight.current?.cursor ?? -1);
            }
            event.preventDefault();
            event.stopPropagation();
            tell();
          }}
          onWheel={(event) => {
            event.preventDefault();
            sight.current?.zoom(
              event.deltaY < 0 ? ZOOM_BY : 1 / ZOOM_BY,
              event.offsetX,
              event.offsetY,
            );
          }}
          onPointerDown={(event) => {
            event.currentTarget.setPointerCapture(event.pointerId);
            sight.current?.grab(event.offsetX, event.offsetY);
          }}
          onPointerMove={(event) => {
            if (event.buttons === 1) sight.current?.drag(event.offsetX, event.offsetY);
          }}
          onPointerUp={(event) => {
            const berth = sight.current?.letGo(event.offsetX, event.offsetY);
            if (berth === undefined) return;
            open(berth);
            tell();
          }}
        />
      </div>
      <span ref={colours} hidden>
        {CELL_STATES.map((state) => (
          <span key={state} class={`state-${state}`} />
        ))}
        <span class="map-colour-line" />
        <span class="map-colour-ink" />
        <span class="map-colour-accent" />
        <span class="map-colour-surface" />
      </span>
      <div class="map-tools">
        <button
          type="button"
          onClick={() => zoom(ZOOM_BY)}
          aria-label={words.zoomIn}
          title={words.zoomIn}
        >
          +
        </button>
        <button
          type="button"
          onClick={() => zoom(1 / ZOOM_BY)}
          aria-label={words.zoomOut}
          title={words.zoomOut}
        >
          −
        </button>
        <button type="button" onClick={() => sight.current?.fit()}>
          {words.fit}
        </button>
      </div>
      <p class="panel-unseen" role="status">
        {told.value}
      </p>
    </div>
  );
}

/** What is in sight of a large map, and the berth that keys have come to. */
class MapSight {
  cursor = -1;
  readonly #model: MapModel;
  readonly #painter: MapPainter;
  readonly #layout: MapLayout;
  readonly #colours: HTMLElement;
  readonly #width: number;
  readonly #height: number;
  #view: MapView = { x: 0, y: 0, scale: 1 };
  #touched: Set<number> | undefined;
  #isDue = false;
  #grabbed: { x: number; y: number; view: MapView } | undefined;

  constructor(
    canvas: HTMLCanvasElement,
    model: MapModel,
    colours: HTMLElement,
    width: number,
    height: number,
    before: MapSight | null,
  ) {
    this.#model = model;
    this.#colours = colours;
    this.#width = width;
    this.#height = height;
    this.#layout = layOut(model.berths.length, model.widest, width / Math.max(1, height));
    this.#painter = new MapPainter(canvas, model, this.#layout, coloursOf(colours));
    this.cursor = before?.cursor ?? -1;
    this.fit();
    this.begin();
  }

  /** All anew: another size, another light. */
  begin(): void {
    this.#painter.prepare(this.#layout, coloursOf(this.#colours), this.#width, this.#height);
    this.#due(undefined);
  }

  touched(berths: ReadonlySet<number> | undefined): void {
    if (!berths) this.begin();
    else if (berths.size > 0) this.#due(berths);
  }

  fit(): void {
    const { width, height } = this.#layout;
    const scale = Math.min(LARGEST_PX, this.#width / width, this.#height / height);
    const x = -(this.#width / scale - width) / 2;
    const y = -(this.#height / scale - height) / 2;
    this.#see({ x, y, scale });
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
    this.#view = view;
    this.#due(undefined);
  }

  #due(berths: ReadonlySet<number> | undefined): void {
    if (!this.#isDue) this.#touched = berths && new Set(berths);
    else if (!berths) this.#touched = undefined;
    else for (const berth of berths) this.#touched?.add(berth);
    if (this.#isDue) return;
    this.#isDue = true;
    requestAnimationFrame(() => {
      this.#isDue = false;
      this.#painter.paint(this.#view, this.#touched, this.cursor);
    });
  }
}

/** What the page's lights make of the states and lines; of forced colours, what the reader chose. */
function coloursOf(samples: HTMLElement): MapColours {
  const all = [...samples.children].map((sample) => getComputedStyle(sample).color);
  const [line = '', ink = '', accent = '', surface = ''] = all.slice(CELL_STATES.length);
  return { states: all.slice(0, CELL_STATES.length), line, ink, accent, surface };
}
