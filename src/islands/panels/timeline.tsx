import { useSignal, type Signal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { panelStrings } from '../../i18n/panels.ts';
import { fill } from '../../i18n/strings.ts';
import type { Mark } from '../engine-room/panels/messages.ts';
import { lookOf } from './asking.ts';
import { Branches } from './branches.tsx';
import { markPath } from './chart.tsx';
import type { Looking } from './looking.ts';
import { usePast } from './past.ts';
import { useSize } from './size.ts';
import { timeText } from './times.ts';

const HEIGHT = 40;
const AXIS = 26;
const SIDE = 10;
/** A timeline is that long at least. */
const LEAST_MS = 10_000;
const SCRUB_EVERY_MS = 90;
const SAID_EVERY_MS = 5_000;

/** Virtual time with what happened in it; it is gone through like a slider. */
export function TimelineBar({ looking }: { looking: Looking }) {
  // Whoever shows it has a clock that goes on: of that nothing here is drawn anew.
  return useMemo(() => <Bar looking={looking} />, [looking]);
}

function Bar({ looking }: { looking: Looking }) {
  const words = panelStrings[looking.locale];
  const { marks } = usePast(looking);
  const note = useSignal('');
  return (
    <section class="panel panel-timeline" aria-label={words.timeline}>
      <div class="panel-timeline-row">
        <Jump looking={looking} note={note} back={true} />
        <Scrubber looking={looking} marks={marks} />
        <Jump looking={looking} note={note} back={false} />
      </div>
      <p class="panel-note" role="status">
        {note.value}
      </p>
      <Branches looking={looking} />
      <MarkList looking={looking} marks={marks} />
    </section>
  );
}

/** To the next thing that was done to the selected object, or the one before. */
function Jump({
  looking,
  note,
  back,
}: {
  readonly looking: Looking;
  readonly note: Signal<string>;
  readonly back: boolean;
}) {
  const words = panelStrings[looking.locale];
  const object = looking.selected.value?.object;
  const label = back ? words.previousOf : words.nextOf;
  const jump = async (): Promise<void> => {
    if (object === undefined) return;
    const { timeMs } = looking.state.peek().moment;
    const about = { ...lookOf(looking), object, timeMs, back };
    const place = await looking.engine.ask('panels/next', about);
    note.value = place ? '' : words.noNext;
    if (place) looking.go(place);
  };
  return (
    <button
      type="button"
      class="panel-jump"
      aria-label={label}
      title={label}
      disabled={object === undefined}
      onClick={() => void jump()}
    >
      <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
        <path d={back ? 'M10 3L5 8L10 13M13 3L8 8L13 13' : 'M6 3L11 8L6 13M3 3L8 8L3 13'} />
      </svg>
    </button>
  );
}

function Scrubber({ looking, marks }: { looking: Looking; marks: readonly Mark[] }) {
  const words = panelStrings[looking.locale];
  const box = useRef<HTMLDivElement>(null);
  const { width } = useSize(box);
  const last = useRef(0);
  const { startMs, moment, end } = looking.state.value;
  const nowMs = moment.timeMs;
  const endMs = Math.max(end.timeMs, nowMs);
  const toMs = Math.max(endMs, startMs + LEAST_MS);
  const x = (timeMs: number) => SIDE + ((timeMs - startMs) / (toMs - startMs)) * (width - 2 * SIDE);
  const go = (timeMs: number) =>
    looking.go({ timeMs: Math.round(Math.min(endMs, Math.max(startMs, timeMs))) });
  const scrub = (event: PointerEvent, isLast: boolean) => {
    const place = event.currentTarget as HTMLElement;
    const isHeld = isLast || event.buttons === 1;
    if (!isHeld || (!isLast && event.timeStamp - last.current < SCRUB_EVERY_MS)) return;
    last.current = event.timeStamp;
    const { left } = place.getBoundingClientRect();
    const share = (event.clientX - left - SIDE) / (width - 2 * SIDE);
    go(startMs + share * (toMs - startMs));
  };
  const keys: Readonly<Record<string, number>> = {
    ...{ ArrowRight: nowMs + 1_000, ArrowUp: nowMs + 1_000 },
    ...{ ArrowLeft: nowMs - 1_000, ArrowDown: nowMs - 1_000 },
    ...{ PageUp: nowMs + 10_000, PageDown: nowMs - 10_000, Home: startMs, End: endMs },
  };
  const told = { time: timeText(looking, nowMs), end: timeText(looking, endMs) };
  const said = useSaid(box, { nowMs, text: fill(words.now, told) });
  return (
    <div
      class="panel-scrubber"
      ref={box}
      role="slider"
      tabIndex={0}
      aria-label={words.timeline}
      aria-valuemin={0}
      aria-valuemax={endMs - startMs}
      aria-valuenow={said.value.nowMs - startMs}
      aria-valuetext={said.value.text}
      onKeyDown={(event) => {
        const to = keys[event.key];
        if (to === undefined) return;
        event.preventDefault();
        event.stopPropagation();
        said.due();
        go(to);
      }}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        scrub(event, true);
      }}
      onPointerMove={(event) => scrub(event, false)}
    >
      <Axis
        looking={looking}
        marks={marks}
        width={width}
        x={x}
        ends={[startMs, nowMs, endMs, toMs]}
      />
      <output class="panel-time">{told.time}</output>
    </div>
  );
}

interface Said {
  readonly nowMs: number;
  readonly text: string;
}

/** A screen reader reads the slider on which it is at each change: while time runs, now and then. */
function useSaid(box: { readonly current: HTMLElement | null }, now: Said) {
  const said = useSignal(now);
  const saidAtMs = useRef(-Infinity);
  const isHere = box.current !== null && document.activeElement === box.current;
  useEffect(() => {
    if (said.peek().text === now.text) return undefined;
    const say = (): void => {
      saidAtMs.current = performance.now();
      said.value = now;
    };
    const waitMs = isHere ? saidAtMs.current + SAID_EVERY_MS - performance.now() : 0;
    const timer = setTimeout(say, Math.max(0, waitMs));
    return () => clearTimeout(timer);
  }, [now.text, isHere]);
  return {
    value: isHere ? said.value : now,
    /** The reader moves it: that is said at once. */
    due: () => (saidAtMs.current = -Infinity),
  };
}

interface AxisProps {
  readonly looking: Looking;
  readonly marks: readonly Mark[];
  readonly width: number;
  readonly x: (timeMs: number) => number;
  /** Where it begins, where time is, how far it was lived, how far it is drawn. */
  readonly ends: readonly [startMs: number, nowMs: number, endMs: number, toMs: number];
}

function Axis({ looking, marks, width, x, ends: [startMs, nowMs, endMs, toMs] }: AxisProps) {
  return (
    <svg width={width} height={HEIGHT} viewBox={`0 0 ${width} ${HEIGHT}`} aria-hidden="true">
      <line class="time-ahead" x1={SIDE} x2={width - SIDE} y1={AXIS} y2={AXIS} />
      <line class="time-lived" x1={x(startMs)} x2={x(endMs)} y1={AXIS} y2={AXIS} />
      <line class="time-gone" x1={x(startMs)} x2={x(nowMs)} y1={AXIS} y2={AXIS} />
      {marks.map((mark, at) =>
        mark.timeMs < startMs || mark.timeMs > toMs ? null : (
          <path key={at} class={`mark-${mark.kind}`} d={markPath(mark.kind, x(mark.timeMs), 12)}>
            <title>{`${timeText(looking, mark.timeMs)} ${mark.text}`}</title>
          </path>
        ),
      )}
      <circle class="time-now" cx={x(nowMs)} cy={AXIS} r="6" />
    </svg>
  );
}

/** The same in words: each mark is a place to go to. */
function MarkList({ looking, marks }: { looking: Looking; marks: readonly Mark[] }) {
  const words = panelStrings[looking.locale];
  return (
    <details class="panel-twin">
      <summary>
        {words.marks} ({marks.length})
      </summary>
      <ol class="panel-marks">
        {marks.map(({ timeMs, kind, text }, at) => (
          <li key={at}>
            <button type="button" class="panel-cause" onClick={() => looking.go({ timeMs })}>
              <span class="panel-time">{timeText(looking, timeMs)}</span>
              <span>
                <span class={`panel-mark-kind is-${kind}`}>{words[kind]}</span> {text}
              </span>
            </button>
          </li>
        ))}
      </ol>
    </details>
  );
}
