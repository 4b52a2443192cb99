import type { EventMark } from '../../diagram/event-marks.ts';
import type { Film } from '../engine-room/run-messages.ts';
import { clockText } from './clock-text.ts';

/** A whole run as plain text: what was typed, and when what followed. */
export function transcriptText(
  { steps, chapters, start }: Film,
  names: Readonly<Record<EventMark, string>>,
): string {
  const lines: string[] = [];
  for (const [i, { command, firstStep }] of chapters.entries()) {
    const end = chapters[i + 1]?.firstStep ?? steps.length;
    if (i > 0) lines.push('');
    lines.push(`$ ${command}`);
    for (const { moment, caption, mark } of steps.slice(firstStep, end)) {
      const told = mark ? `[${names[mark]}] ${caption}` : caption;
      lines.push(`${clockText(moment.timeMs - start.timeMs)}  ${told}`);
    }
  }
  return `${lines.join('\n')}\n`;
}
