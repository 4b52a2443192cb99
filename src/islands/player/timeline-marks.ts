import { effect } from '@preact/signals';
import { markPaths } from '../../diagram/event-marks.ts';
import { marksOf } from './events.ts';
import type { Session } from './session.ts';

const SVG = 'http://www.w3.org/2000/svg';

/** Faults and failures on the timeline, each by a shape of its own, where they begin at this pace. */
export function attachMarks({ parts, head, run }: Session): () => void {
  const layer = document.createElementNS(SVG, 'g');
  const marks = marksOf(run.film).map(({ step, kind }) => {
    // A drawing of its own: only that can stand at a share of the width.
    const place = document.createElementNS(SVG, 'svg');
    place.setAttribute('class', `run-event is-${kind}`);
    place.setAttribute('y', '8');
    const path = document.createElementNS(SVG, 'path');
    path.setAttribute('d', markPaths[kind]);
    place.append(path);
    layer.append(place);
    return { step, place };
  });
  parts.marks.after(layer);
  const end = effect(() => {
    const { steps, lengthMs } = head.presentation.value;
    for (const { step, place } of marks) {
      const share = (steps[step]?.startMs ?? lengthMs) / Math.max(1, lengthMs);
      place.setAttribute('x', `${(share * 100).toFixed(2)}%`);
    }
  });
  return () => {
    end();
    layer.remove();
  };
}
