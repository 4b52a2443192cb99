import { computed, signal, type ReadonlySignal } from '@preact/signals';
import {
  present,
  speeds,
  stepAt,
  virtualTimeAt,
  type PlacedStep,
  type Presentation,
  type ShownStep,
  type Speed,
} from '../../diagram/presentation.ts';

/**
 * Where a player stands. The position on the presentation's timeline is the single truth; playing,
 * stepping and scrubbing only move it, and everything on screen follows from it.
 */
export class Playhead {
  readonly steps: readonly ShownStep[];
  readonly #presentations: Readonly<Record<Speed, Presentation>>;
  readonly #position = signal(0);
  readonly #speed = signal<Speed>(1);
  readonly #playing = signal(false);
  /** The step it was sent to, until it moves on by itself or by hand. */
  readonly #held = signal<number | undefined>(0);
  readonly #loops = signal(false);
  /** How long it has stood at the end, to begin again. */
  #stoodMs = 0;
  /** Where a single step comes to rest: its journey under way, the next step not begun. */
  readonly #restMs = signal<number | undefined>(undefined);

  readonly position: ReadonlySignal<number> = this.#position;
  readonly speed: ReadonlySignal<Speed> = this.#speed;
  readonly playing: ReadonlySignal<boolean> = this.#playing;
  /** Whether it begins again when it has come to the end. */
  readonly loops: ReadonlySignal<boolean> = this.#loops;
  readonly presentation: ReadonlySignal<Presentation>;
  readonly step: ReadonlySignal<number>;
  /** Virtual time shown: that of the step it was sent to, or what the position stands for. */
  readonly timeMs: ReadonlySignal<number>;
  readonly atStart: ReadonlySignal<boolean>;
  readonly atEnd: ReadonlySignal<boolean>;
  /** The position as words and scales tell it: while it plays ten times a second, for nobody reads faster. */
  readonly told: ReadonlySignal<number>;
  /** The virtual time there. */
  readonly toldMs: ReadonlySignal<number>;

  constructor(steps: readonly ShownStep[]) {
    this.steps = steps;
    const placed = speeds.map((speed) => [speed, present(steps, speed)] as const);
    this.#presentations = Object.fromEntries(placed) as Record<Speed, Presentation>;
    this.presentation = computed(() => this.#presentations[this.#speed.value]);
    this.step = computed(() => stepAt(this.presentation.value, this.#position.value));
    this.timeMs = computed(() => {
      const held = this.#held.value;
      if (held !== undefined) return steps[held]?.timeMs ?? 0;
      return virtualTimeAt(steps, this.presentation.value, this.#position.value);
    });
    this.atStart = computed(() => this.#position.value <= 0);
    this.atEnd = computed(() => this.#position.value >= this.presentation.value.lengthMs);
    this.told = computed(() => {
      const position = this.#position.value;
      return this.#playing.value ? Math.floor(position / TOLD_EVERY_MS) * TOLD_EVERY_MS : position;
    });
    this.toldMs = computed(() =>
      this.#held.value === undefined
        ? virtualTimeAt(steps, this.presentation.value, this.told.value)
        : this.timeMs.value,
    );
  }

  /** Whether the position changes by itself now. */
  get moving(): boolean {
    return this.#playing.value || this.#restMs.value !== undefined;
  }

  play(): void {
    if (this.atEnd.value) this.#position.value = 0;
    this.#restMs.value = undefined;
    this.#held.value = undefined;
    this.#playing.value = this.steps.length > 0;
  }

  pause(): void {
    this.#playing.value = false;
    this.#restMs.value = undefined;
  }

  /** Goes to a step and stays there. @param settle glides on until its journey is in sight */
  goTo(step: number, settle = false): void {
    this.pause();
    const { steps } = this.presentation.value;
    const wanted = Math.min(steps.length - 1, Math.max(0, step));
    const placed = steps[wanted];
    if (!placed) return;
    this.#position.value = placed.startMs;
    this.#held.value = wanted;
    if (settle) this.#restMs.value = restOf(placed, steps[wanted + 1]);
  }

  /** Goes to a place of the timeline; its step is the one under way there. */
  scrub(positionMs: number): void {
    this.pause();
    this.#held.value = undefined;
    this.#position.value = Math.min(this.presentation.value.lengthMs, Math.max(0, positionMs));
  }

  /** Changes the pace; the step and the share of it that has passed stay. */
  setSpeed(speed: Speed): void {
    const before = this.presentation.value;
    const at = this.step.value;
    const share = shareOf(before, at, this.#position.value);
    this.#restMs.value = undefined;
    this.#speed.value = speed;
    this.#position.value = positionOf(this.presentation.value, at, share);
  }

  setLoop(loops: boolean): void {
    this.#loops.value = loops;
  }

  /** Lets screen time pass. */
  tick(elapsedMs: number): void {
    const { lengthMs } = this.presentation.value;
    const limit = this.#restMs.value ?? lengthMs;
    if (!this.moving) return;
    const position = Math.min(limit, this.#position.value + elapsedMs);
    this.#position.value = position;
    if (position < limit) return;
    if (this.#restMs.value === undefined && this.#loops.value) this.#standAtEnd(elapsedMs);
    else this.pause();
  }

  #standAtEnd(elapsedMs: number): void {
    this.#stoodMs += elapsedMs;
    if (this.#stoodMs < LOOP_REST_MS) return;
    this.#stoodMs = 0;
    this.#position.value = 0;
  }
}

/** A layout of the page costs more than all that moves in a figure: between two of them. */
const TOLD_EVERY_MS = 100;

/** Between the end and the next beginning: what it came to is to be seen. */
const LOOP_REST_MS = 1500;

/** A little over half of the way is where what travels is best seen. */
const RESTING_SHARE = 0.55;

function restOf(placed: PlacedStep, next: PlacedStep | undefined): number {
  const wished = placed.startMs + (placed.endMs - placed.startMs) * RESTING_SHARE;
  return next ? Math.max(placed.startMs, Math.min(wished, next.startMs - 1)) : wished;
}

function endOf(presentation: Presentation, step: number): number {
  return presentation.steps[step + 1]?.startMs ?? presentation.lengthMs;
}

function shareOf(presentation: Presentation, step: number, positionMs: number): number {
  const startMs = presentation.steps[step]?.startMs ?? 0;
  const length = endOf(presentation, step) - startMs;
  return length > 0 ? (positionMs - startMs) / length : 0;
}

function positionOf(presentation: Presentation, step: number, share: number): number {
  const startMs = presentation.steps[step]?.startMs ?? 0;
  return startMs + (endOf(presentation, step) - startMs) * share;
}
