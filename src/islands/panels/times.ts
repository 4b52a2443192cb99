import { clockText } from '../player/clock-text.ts';
import type { Looking } from './looking.ts';

/** A virtual time as the reader counts it: since the world began for them. */
export const timeText = ({ state }: Looking, timeMs: number): string =>
  clockText(timeMs - state.peek().startMs);
