import { describe, expect, it } from 'vitest';
import { drawingName, normaliseSource } from './figure-source.ts';

const versions = { mermaid: '12.3.0', font: '1.3.9' };
const nameOf = (fence: string) => drawingName('web', normaliseSource(fence).text, versions);

describe('the source of a figure', () => {
  it('forgets what does not change the drawing and remembers lines', () => {
    const source = normaliseSource(
      '\r\n%% bind node a = etcd\r\nflowchart LR  \r\n\r\n  a --> b\r\n\r\n',
    );
    expect(source.text).toBe('flowchart LR\n\n  a --> b\n');
    expect(source.lines).toEqual([3, 4, 5]);
  });

  it('names a drawing after all that shapes it', () => {
    const name = nameOf('flowchart LR\n  a --> b');
    expect(name).toMatch(/^[0-9a-f]{20}$/);
    expect(nameOf('%% bind node a = etcd\nflowchart LR \n  a --> b\n')).toBe(name);
    expect(nameOf('flowchart LR\n  a --> c')).not.toBe(name);
    expect(drawingName('api', 'flowchart LR\n  a --> b\n', versions)).not.toBe(name);
    for (const changed of [{ mermaid: '12.4.0' }, { font: '1.4.0' }]) {
      const next = { ...versions, ...changed };
      expect(drawingName('web', 'flowchart LR\n  a --> b\n', next)).not.toBe(name);
    }
  });
});
