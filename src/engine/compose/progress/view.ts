import { displayWidth } from '../../docker/units.ts';
import type { Resource } from './resource.ts';

export interface Task extends Resource {
  readonly startMs: number;
  readonly endMs: number;
}

const WIDTH = 80;
const LEAST_ID = 10;
const SIGNS = { working: '⠿', done: '✔', warning: '!', error: '✘' };

/** The view as it stands at the end (docker/compose v5.5 `cmd/display/tty.go` print). */
export function finalView(operation: string, tasks: readonly Task[], nowMs: number): string {
  const finished = tasks.filter(({ status }) => status !== 'working').length;
  const shown = tasks.filter(({ parent }) => parent === undefined);
  const timers = shown.map((task) => timerOf(task, nowMs));
  const timerWidth = Math.max(...timers.map((timer) => timer.length));
  const statusWidth = Math.max(...shown.map(({ text }) => text.length));
  const longest = WIDTH - 3 - 1 - statusWidth - 1 - timerWidth;
  const ids = shown.map(({ id }) => shortened(id, Math.max(LEAST_ID, longest)));
  const idWidth = Math.max(...ids.map(displayWidth));
  const lines = shown.map(({ status, text, details = '' }, at) => {
    const id = ids[at] ?? '';
    const name = `${id}${' '.repeat(idWidth - displayWidth(id))}`;
    const left = ` ${SIGNS[status]} ${name} ${text}`;
    const room = WIDTH - displayWidth(left) - timerWidth;
    const told = details === '' ? '' : ` ${fitting(details, room - 2)}`;
    const whole = told === ' ' ? left : left + told;
    const gap = ' '.repeat(Math.max(1, WIDTH - displayWidth(whole) - timerWidth));
    return `${whole}${gap}${(timers[at] ?? '').padStart(timerWidth)}\n`;
  });
  return `[+] ${operation} ${finished}/${tasks.length}\n${lines.join('')}`;
}

function timerOf({ status, startMs, endMs }: Task, nowMs: number): string {
  const tookMs = (status === 'working' ? nowMs : endMs) - startMs;
  return `${(tookMs / 1000).toFixed(1)}s`;
}

const shortened = (text: string, width: number): string =>
  text.length <= width ? text : `${text.slice(0, width - 3)}...`;

const fitting = (text: string, width: number): string =>
  text.length <= width ? text : width > 3 ? `${text.slice(0, width - 3)}...` : '';
