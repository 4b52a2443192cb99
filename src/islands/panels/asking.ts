import { effect, useSignal, type ReadonlySignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Look } from '../engine-room/panels/messages.ts';
import type { Looking } from './looking.ts';
import { myTurn } from '../turns.ts';

/** Between two questions of one panel: often enough to follow, seldom enough to leave time. */
const EVERY_MS = 160;

/** An answer to the last question that was answered; undefined before the first. */
export interface Answered<Answer> {
  readonly answer: ReadonlySignal<Answer | undefined>;
  /** In words, when the last question was not answered. */
  readonly fault: ReadonlySignal<string | undefined>;
}

/**
 * Asks anew whenever the world has changed or `about` is another: one question at a time, and no
 * more often than one can follow. What comes of itself is shown when it is this panel's turn, and what
 * says the same as before is what was there before: nothing is drawn anew for it.
 */
export function useAnswer<Answer>(
  looking: Looking,
  ask: () => Promise<Answer>,
  about: string,
): Answered<Answer> {
  const before = useRef<{ readonly text: string | undefined; readonly told: Answer }>(undefined);
  const take = (told: Answer): Answer => {
    const text = JSON.stringify(told) as string | undefined;
    if (!before.current || before.current.text !== text) before.current = { text, told };
    return before.current.told;
  };
  return useTaken(looking, ask, take, about);
}

/**
 * The same, with what was told taken in when it is to be shown.
 * @param take gives what it gave before where nothing is otherwise
 */
export function useTaken<Told, Answer>(
  { state }: Looking,
  ask: () => Promise<Told>,
  take: (told: Told) => Answer,
  about: string,
): Answered<Answer> {
  const answer = useSignal<Answer | undefined>(undefined);
  const fault = useSignal<string | undefined>(undefined);
  const asking = useRef({ ask, take });
  asking.current = { ask, take };
  useEffect(() => {
    let isOver = false;
    let isFirst = true;
    let isUnderWay = false;
    let isDue = false;
    async function go(): Promise<void> {
      if (isUnderWay) {
        isDue = true;
        return;
      }
      isUnderWay = true;
      isDue = false;
      try {
        const told = await asking.current.ask();
        // What the reader has just asked for waits for nobody.
        if (!isFirst) await myTurn();
        if (isOver) return;
        isFirst = false;
        answer.value = asking.current.take(told);
        fault.value = undefined;
      } catch (error) {
        if (!isOver)
          fault.value = error instanceof Error ? firstLine(error.message) : String(error);
      }
      setTimeout(() => {
        isUnderWay = false;
        if (isDue && !isOver) void go();
      }, EVERY_MS);
    }
    const end = effect(() => {
      if (state.value) void go();
    });
    return () => {
      isOver = true;
      end();
    };
  }, [about, state]);
  return { answer, fault };
}

const firstLine = (text: string): string => text.split('\n', 1)[0] ?? '';

/** What every question says of where it looks. */
export function lookOf({ world, locale, state }: Looking): Look {
  const { step } = state.peek();
  return { world, locale, ...(step !== undefined && { step }) };
}
