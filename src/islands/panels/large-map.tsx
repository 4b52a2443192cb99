import { useSignal } from '@preact/signals';
import type { RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { inspectStrings } from '../../i18n/inspect.ts';
import { panelStrings } from '../../i18n/panels.ts';
import { CELL_STATES } from '../engine-room/panels/cell-states.ts';
import { onLights } from '../lights.ts';
import type { Looking } from './looking.ts';
import type { MapModel } from './map-model.ts';
import { MapSight, ZOOM_BY } from './map-sight.ts';
import { useSize } from './size.ts';
import { countsText } from './small-map.tsx';

interface LargeMapProps {
  readonly looking: Looking;
  readonly model: MapModel;
  /** Calls what it is given whenever berths look otherwise. @returns what ends that */
  readonly onTouched: (listener: (touched: ReadonlySet<number> | undefined) => void) => () => void;
  readonly open: (berth: number) => void;
}

/** A map of many nodes on a canvas: the wheel and + and - zoom, dragging and arrows move. */
export function LargeMap(props: LargeMapProps) {
  const { looking, model, open } = props;
  const words = panelStrings[looking.locale];
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const samples = useRef<HTMLSpanElement>(null);
  const told = useSignal('');
  const sight = useSight(props, { box, canvas, samples });
  const tell = () => {
    const at = sight.current?.cursor ?? -1;
    const name = model.berths[at]?.name;
    if (name === undefined) return;
    const counts = countsText([...model.cellsOf(at)], inspectStrings[looking.locale]);
    told.value = `${name === '' ? words.waiting : name}. ${counts}`;
  };
  return (
    <div class="map-large">
      <div class="map-canvas-box" ref={box}>
        <canvas
          ref={canvas}
          class="map-canvas"
          tabIndex={0}
          role="application"
          aria-label={`${words.map}. ${words.mapHelp}`}
          {...handlersOf(sight, open, tell)}
        />
      </div>
      <span ref={samples} class="map-samples" hidden>
        {CELL_STATES.map((state) => (
          <span key={state} class={`state-${state}`} />
        ))}
        <span class="map-colour-line" />
        <span class="map-colour-ink" />
        <span class="map-colour-accent" />
        <span class="map-colour-surface" />
      </span>
      <Tools looking={looking} sight={sight} />
      <p class="panel-unseen" role="status">
        {told.value}
      </p>
    </div>
  );
}

function Tools({ looking, sight }: { looking: Looking; sight: RefObject<MapSight | null> }) {
  const words = panelStrings[looking.locale];
  const zooms = [
    ['+', words.zoomIn, ZOOM_BY],
    ['−', words.zoomOut, 1 / ZOOM_BY],
  ] as const;
  return (
    <div class="map-tools">
      {zooms.map(([sign, label, by]) => (
        <button
          key={sign}
          type="button"
          aria-label={label}
          title={label}
          onClick={() => sight.current?.zoom(by)}
        >
          {sign}
        </button>
      ))}
      <button type="button" onClick={() => sight.current?.fit()}>
        {words.fit}
      </button>
    </div>
  );
}

interface Parts {
  readonly box: RefObject<HTMLDivElement | null>;
  readonly canvas: RefObject<HTMLCanvasElement | null>;
  readonly samples: RefObject<HTMLSpanElement | null>;
}

/** The sight of the map, made anew when its place has another size. */
function useSight(
  { looking, model, onTouched }: LargeMapProps,
  parts: Parts,
): RefObject<MapSight | null> {
  const { box, canvas, samples } = parts;
  const { width, height } = useSize(box, { width: 0, height: 0 });
  const sight = useRef<MapSight>(null);
  useEffect(() => {
    if (!canvas.current || !samples.current || width === 0) return undefined;
    const waterName = panelStrings[looking.locale].waiting;
    const place = { canvas: canvas.current, colours: samples.current, width, height, waterName };
    const made = new MapSight(place, model, sight.current);
    sight.current = made;
    const end = onTouched((touched) => made.touched(touched));
    const stopLights = onLights(() => made.begin());
    return () => {
      end();
      stopLights();
      made.end();
    };
  }, [width, height, model.berths.length]);
  return sight;
}

/** What keys, wheel and pointer do on the canvas. */
function handlersOf(
  sight: RefObject<MapSight | null>,
  open: (berth: number) => void,
  tell: () => void,
) {
  return {
    onKeyDown: (event: KeyboardEvent) => {
      if (!sight.current?.key(event.key)) {
        if (event.key !== 'Enter') return;
        open(sight.current?.cursor ?? -1);
      }
      event.preventDefault();
      event.stopPropagation();
      tell();
    },
    onWheel: (event: WheelEvent) => {
      event.preventDefault();
      const by = event.deltaY < 0 ? ZOOM_BY : 1 / ZOOM_BY;
      sight.current?.zoom(by, event.offsetX, event.offsetY);
    },
    onPointerDown: (event: PointerEvent) => {
      (event.currentTarget as Element).setPointerCapture(event.pointerId);
      sight.current?.grab(event.offsetX, event.offsetY);
    },
    onPointerMove: (event: PointerEvent) => {
      if (event.buttons === 1) sight.current?.drag(event.offsetX, event.offsetY);
    },
    onPointerUp: (event: PointerEvent) => {
      const berth = sight.current?.letGo(event.offsetX, event.offsetY);
      if (berth === undefined) return;
      open(berth);
      tell();
    },
  };
}
