import { describe, expect, test } from 'vitest';
import { Playhead } from './playhead.ts';

const steps = [
  { timeMs: 0, durationMs: 0 },
  { timeMs: 100, durationMs: 300 },
  { timeMs: 400, durationMs: 0 },
  { timeMs: 20_400, durationMs: 0 },
];

function playOn(head: Playhead, frames: number, elapsedMs = 16): void {
  for (let i = 0; i < frames; i++) head.tick(elapsedMs);
}

describe('a playhead', () => {
  test('plays from start to end and stops there', () => {
    const head = new Playhead(steps);
    head.play();
    const seen = new Set([head.step.value]);
    for (let i = 0; i < 1000 && head.playing.value; i++) {
      head.tick(16);
      seen.add(head.step.value);
    }
    expect([...seen]).toEqual([0, 1, 2, 3]);
    expect(head.atEnd.value).toBe(true);
    head.play();
    expect(head.step.value).toBe(0);
  });

  test('steps to the next step, glides into sight of it and never beyond it', () => {
    const head = new Playhead(steps);
    head.goTo(1, true);
    expect(head.position.value).toBe(240);
    playOn(head, 100);
    expect(head.step.value).toBe(1);
    expect(head.moving).toBe(false);
    expect(head.position.value).toBeGreaterThan(240);
    // What it was sent to is what the clock shows, however far it glided.
    expect(head.timeMs.value).toBe(100);
  });

  test('tells its place ten times a second while it plays, and exactly when it rests', () => {
    const head = new Playhead(steps);
    head.play();
    const told = new Set<number>();
    for (let i = 0; i < 50; i++) {
      head.tick(10);
      told.add(head.told.value);
    }
    expect([...told]).toEqual([0, 100, 200, 300, 400, 500]);
    head.tick(10);
    expect(head.toldMs.value).toBeLessThan(head.timeMs.value);
    head.pause();
    expect(head.told.value).toBe(510);
    expect(head.toldMs.value).toBe(head.timeMs.value);
    head.goTo(2);
    expect(head.toldMs.value).toBe(400);
  });

  test('scrubs to any place and back; the clock follows', () => {
    const head = new Playhead(steps);
    head.scrub(1e9);
    expect(head.atEnd.value).toBe(true);
    expect(head.timeMs.value).toBe(20_400);
    head.scrub(-5);
    expect(head.position.value).toBe(0);
    expect(head.timeMs.value).toBe(0);
  });

  test('keeps its step when the pace changes', () => {
    const head = new Playhead(steps);
    head.scrub(240 + 150);
    const before = head.timeMs.value;
    for (const speed of [10, 60, 1] as const) {
      head.setSpeed(speed);
      expect(head.step.value).toBe(1);
      expect(Math.abs(head.timeMs.value - before)).toBeLessThanOrEqual(1);
    }
    expect(head.position.value).toBeCloseTo(390);
  });

  test('an ordinary step ends a run', () => {
    const head = new Playhead(steps);
    head.play();
    head.goTo(2);
    expect(head.playing.value).toBe(false);
    playOn(head, 50);
    expect(head.step.value).toBe(2);
    expect(head.position.value).toBe(head.presentation.value.steps[2]!.startMs);
  });

  test('in a loop it rests at the end, and begins again', () => {
    const head = new Playhead(steps);
    head.setLoop(true);
    head.play();
    const { lengthMs } = head.presentation.value;
    playOn(head, Math.ceil(lengthMs / 16) + 10);
    expect([head.playing.value, head.position.value]).toEqual([true, lengthMs]);
    playOn(head, 100);
    expect(head.playing.value).toBe(true);
    expect(head.position.value).toBeLessThan(lengthMs / 2);
    head.setLoop(false);
    playOn(head, lengthMs);
    expect(head.playing.value).toBe(false);
  });

  test('has nothing to play without steps', () => {
    const head = new Playhead([]);
    head.play();
    head.goTo(3);
    head.tick(16);
    expect(head.playing.value).toBe(false);
    expect(head.step.value).toBe(-1);
  });
});
