import { describe, expect, it } from 'vitest';
import { countdown, nodeMarks, ringDashes } from './marks.ts';
import { writeXml } from './xml.ts';

const box = { x: 0, y: 0, width: 100, height: 40 };
const wait = { untilMs: 100_000, wholeMs: 40_000, leftMs: 30_000 };

describe('what a node waits for', () => {
  it('is a ring of the share that is left, and counted down in place of the badge', () => {
    const drawn = writeXml(nodeMarks(box, { state: 'waiting', badge: '1.0', wait })!);
    expect(drawn).toContain('class="lamp-wait"');
    expect(drawn).toContain('stroke-dasharray="75.0 200"');
    expect(drawn).toContain('>30s<');
    expect(drawn).not.toContain('1.0<');
  });

  it('is not drawn where nothing waits', () => {
    expect(writeXml(nodeMarks(box, { state: 'running' })!)).not.toContain('lamp-wait');
  });

  it('closes to nothing, and counts a second until it is over', () => {
    expect(ringDashes(wait, 0)).toBe('0.0 200');
    expect([300_000, 61_000, 59_001, 1, 0].map(countdown)).toEqual([
      '5m 0s',
      '1m 1s',
      '1m 0s',
      '1s',
      '0s',
    ]);
  });
});
