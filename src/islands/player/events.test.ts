import { describe, expect, test } from 'vitest';
import type { Film, FilmStep } from '../engine-room/run-messages.ts';
import { eventsOfNode, landmarksOf, marksOf, nextOf } from './events.ts';
import { transcriptText } from './transcript-text.ts';

const step = (timeMs: number, more: Partial<FilmStep> = {}): FilmStep => ({
  ...{ record: timeMs, moment: { timeMs, sequence: timeMs }, durationMs: 0 },
  ...{ caption: `at ${timeMs}`, actor: 'kubelet/node-1', object: 'Node node-1' },
  ...more,
});

const film: Film = {
  engine: '0',
  scenario: 'a/b',
  start: { timeMs: 1000, sequence: 0 },
  steps: [
    step(1000),
    step(2000, { mark: 'failure', object: 'Pod default/web-1' }),
    step(2400, { mark: 'failure' }),
    step(2600, { mark: 'fault', acting: 'hand' }),
    step(9000, { object: 'Pod default/web-1' }),
    step(9500, { mark: 'failure' }),
  ],
  chapters: [
    { id: 'one', title: 'One', command: 'kubectl apply', firstStep: 0 },
    { id: 'two', title: 'Two', command: 'drydock fault', firstStep: 3 },
  ],
  nodes: {
    slot: [
      [0, { state: 'empty' }],
      [1, { state: 'starting', object: 'Pod default/web-1' }],
      [5, { state: 'running', object: 'Pod default/web-2' }],
    ],
    hand: [[0, { state: 'running' }]],
  },
};

describe('events of a film', () => {
  test('failures that follow closely are one mark, faults each their own', () => {
    expect(marksOf(film)).toEqual([
      { step: 1, kind: 'failure' },
      { step: 3, kind: 'fault' },
      { step: 5, kind: 'failure' },
    ]);
  });

  test('of a node are its changes, its acts and what is done to what it shows', () => {
    expect(eventsOfNode(film, 'slot')).toEqual([1, 4, 5]);
    expect(eventsOfNode(film, 'hand')).toEqual([3]);
    expect(eventsOfNode(film, 'nobody')).toEqual([]);
  });

  test('lead on and back, and end', () => {
    const events = landmarksOf(film);
    expect(events).toEqual([0, 1, 3, 5]);
    expect(nextOf(events, 1, 1)).toBe(3);
    expect(nextOf(events, 2, -1)).toBe(1);
    expect(nextOf(events, 5, 1)).toBeUndefined();
    expect(nextOf(events, 0, -1)).toBeUndefined();
  });
});

test('a transcript tells every command, time, caption and mark', () => {
  const text = transcriptText(film, { fault: 'FAULT', failure: 'FAILED' });
  expect(text).toBe(`$ kubectl apply
00:00:00.0  at 1000
00:00:01.0  [FAILED] at 2000
00:00:01.4  [FAILED] at 2400

$ drydock fault
00:00:01.6  [FAULT] at 2600
00:00:08.0  at 9000
00:00:08.5  [FAILED] at 9500
`);
});
