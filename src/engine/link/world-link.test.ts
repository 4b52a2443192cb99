import { inflateSync, strFromU8, strToU8, zlibSync } from 'fflate';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromBase64Url, toBase64Url } from './base64url.ts';
import { readWorldFile, writeWorldFile } from './world-file.ts';
import { decodeWorld, encodeWorld, LINK_LIMIT } from './world-link.ts';
import type { WorldJournal, WorldRun } from './world-run.ts';

const machine = 'host';
const at = (timeMs: number, sequence: number) => ({ timeMs, sequence });
const entries: WorldJournal['entries'] = [
  { moment: at(0, 0), action: { type: 'save', machine, path: '/root/a', content: 'ein\n' } },
  {
    moment: at(0, 1),
    action: { type: 'shell', machine, line: 'docker logs -f "컨테이너" \ud83d\ude00' },
  },
  { moment: at(60_000, 90), action: { type: 'interrupt', machine } },
];
const journal = { engine: '0.5.0', world: 'host', seed: 7, entries };
const run: WorldRun = { journal, moment: at(61_000, 99), hash: '0123456789abc' };

const payloadOf = (one: WorldRun): string => {
  const encoded = encodeWorld(one);
  return encoded.kind === 'link' ? encoded.payload : expect.unreachable('it is too long');
};
const packed = (data: unknown): string =>
  `v2.${toBase64Url(zlibSync(strToU8(typeof data === 'string' ? data : JSON.stringify(data))))}`;
const good = ['0.5.0', 'host', 7, 61_000, 99, 'abc', [[0, 0, 1, machine]]];
const but = (at: number, value: unknown): unknown[] => good.with(at, value as string);

describe('a link to a world', () => {
  it('comes back as it went, behind a # and in an address too', () => {
    const payload = payloadOf(run);
    for (const link of [payload, `#${payload}`, `https://example.org/ko/lab/#${payload}`]) {
      expect(decodeWorld(link)).toEqual({ kind: 'world', run });
    }
  });

  it('is a zlib stream of JSON, for whoever wants to look', () => {
    const bytes = fromBase64Url(payloadOf(run).slice('v2.'.length));
    const [engine, world, seed] = JSON.parse(
      strFromU8(inflateSync(bytes.subarray(2))),
    ) as unknown[];
    expect([engine, world, seed]).toEqual(['0.5.0', 'host', 7]);
  });

  it('that would be too long says how long, and fits into a file', () => {
    const noise = Array.from({ length: 9_000 }, (_, i) => ((i * i * 7919) % 9973).toString(36));
    const action = { type: 'save', machine, path: '/b', content: noise.join('') } as const;
    const long = { ...run, journal: { ...journal, entries: [{ moment: at(0, 0), action }] } };
    const encoded = encodeWorld(long);
    expect(encoded.kind).toBe('too-long');
    expect(encoded.kind === 'too-long' && encoded.length).toBeGreaterThan(LINK_LIMIT);
    expect(readWorldFile(writeWorldFile(long)!)).toEqual({ kind: 'world', run: long });
  });

  it('of pages that repeat themselves is refused before it is larger than what is read', () => {
    const action = { type: 'save', machine, path: '/b', content: 'x'.repeat(2 << 20) } as const;
    const long = { ...run, journal: { ...journal, entries: [{ moment: at(0, 0), action }] } };
    expect(encodeWorld(long).kind).toBe('too-long');
  });

  it('is told apart from headings, from moments of figures and from what comes later', () => {
    for (const link of ['', '#', '#isolation', 'v2', '#v2-changes', 'https://example.org/#a']) {
      expect(decodeWorld(link), link).toEqual({ kind: 'none' });
    }
    expect(decodeWorld('#v1.abcd')).toEqual({ kind: 'moment' });
    expect(decodeWorld('#v3.abcd')).toEqual({ kind: 'future' });
    expect(decodeWorld('#v99999999999999999999.')).toEqual({ kind: 'future' });
  });

  it('has no part of what stands behind an &', () => {
    const decoded = decodeWorld(`#${payloadOf(run)}&challenge=full-disk&%00`);
    expect(decoded).toEqual({ kind: 'world', run });
    expect(decodeWorld('#v2.&v2.')).toEqual({ kind: 'broken' });
  });

  it('is broken when any part of it cannot be', () => {
    expect(decodeWorld(packed(good)).kind).toBe('world');
    const whole = payloadOf(run);
    const broken: readonly string[] = [
      ...['v2.', 'v0.abcd', 'v2.%%%', 'v2.한글', 'v2.abcd', `v2.${'A'.repeat(8_000)}`],
      whole.slice(0, -1),
      whole.slice(0, -9),
      `${whole}A`,
      packed('x'.repeat(3_000_000)),
      packed(`[${' '.repeat(3_000_000)}]`),
      packed('['.repeat(500_000)),
      packed('{"a":'.repeat(100_000)),
      packed({ engine: '0.5.0' }),
      packed(good.slice(1)),
      ...[but(0, ''), but(0, 'x'.repeat(101)), but(1, 7), but(2, 1.5), but(2, '7')].map(packed),
      ...[but(3, -1), but(3, 1e18), but(4, 0.5), but(5, null), but(6, {}), but(6, 'x')].map(packed),
      packed(JSON.stringify(good).replace('61000', '1e999')),
      ...[[null], [[]], [[0, 0]], [[0, 0, 9, machine]], [[0, 0, 1]]].map((e) => packed(but(6, e))),
      ...[[[0, 0, 1, '__proto__']], [[0, 0, 1, machine, 'more']]].map((e) => packed(but(6, e))),
      ...[[[0, 0, '__proto__', machine]], [[0, 0, 1.5, machine]]].map((e) => packed(but(6, e))),
      ...[[[0, -1, 1, machine]], [[61_001, 0, 1, machine]]].map((e) => packed(but(6, e))),
      packed(
        but(6, [
          [0, 9, 1, machine],
          [0, 0, 1, machine],
        ]),
      ),
      packed(but(6, [[0, 99, 1, machine]])),
      packed(but(6, [[0, 0, 2, machine, 'relative', 'x']])),
    ];
    for (const link of broken) {
      expect(decodeWorld(link), link.slice(0, 60)).toEqual({ kind: 'broken' });
    }
  });

  it('is broken when a single digit of it is another', () => {
    const stored = zlibSync(strToU8(JSON.stringify(good)), { level: 0 });
    const sent = (bytes: Uint8Array) => decodeWorld(`v2.${toBase64Url(bytes)}`).kind;
    expect(sent(stored)).toBe('world');
    const digit = stored.indexOf('7'.charCodeAt(0), 12);
    expect(sent(stored.with(digit, '8'.charCodeAt(0)))).toBe('broken');
  });

  it('begins with the seed 0 where somebody wrote -0', () => {
    const decoded = decodeWorld(packed(JSON.stringify(good).replace('7', '-0')));
    expect(decoded.kind === 'world' && Object.is(decoded.run.journal.seed, 0)).toBe(true);
  });

  it('holds whatever can be typed', () => {
    const text = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(fc.array(text, { maxLength: 30 }), fc.maxSafeInteger(), (lines, seed) => {
        const typed = lines.map((line, i) => ({
          moment: at(i * 10, i * 3),
          action: { type: 'shell', machine, line } as const,
        }));
        const one = { ...run, journal: { ...journal, seed: seed + 0, entries: typed } };
        const encoded = encodeWorld(one);
        if (encoded.kind === 'link') {
          expect(decodeWorld(encoded.payload)).toEqual({ kind: 'world', run: one });
        }
        expect(readWorldFile(writeWorldFile(one)!)).toEqual({ kind: 'world', run: one });
      }),
      { numRuns: 50 },
    );
  });
});

describe('a file of a world', () => {
  const text = writeWorldFile(run)!;
  const data = JSON.parse(text) as Record<string, unknown>;
  const read = (change: Record<string, unknown>) =>
    readWorldFile(JSON.stringify({ ...data, ...change })).kind;

  it('comes back as it went, as editors of any system save it', () => {
    expect(readWorldFile(text)).toEqual({ kind: 'world', run });
    expect(readWorldFile(`\uFEFF${text.replaceAll('\n', '\r\n')}`)).toEqual({ kind: 'world', run });
  });

  it('is told apart from other files, later ones and broken ones', () => {
    for (const other of ['', '{}', '[]', 'null', '"drydock-world"', 'a: 1', '{"a']) {
      expect(readWorldFile(other), other.slice(0, 20)).toEqual({ kind: 'none' });
    }
    expect(read({})).toBe('world');
    expect(readWorldFile(text.slice(0, -9))).toEqual({ kind: 'broken' });
    expect(read({ version: 2 })).toBe('future');
    expect(read({ version: 2, engine: undefined })).toBe('broken');
    expect(readWorldFile('{"format":"drydock-world","version":2}')).toEqual({ kind: 'broken' });
    for (const change of [
      ...[{ version: 0 }, { version: '1' }, { seed: 0.1 }, { moment: [] }, { hash: {} }],
      ...[{ entries: {} }, { entries: [null] }, { entries: [{}] }, { world: undefined }],
      { entries: [{ moment: { timeMs: 0, sequence: 0 }, action: { type: 'exec', machine } }] },
      { entries: [{ moment: { timeMs: 0, sequence: 0 }, action: { type: 'shell', machine } }] },
    ]) {
      expect(read(change), JSON.stringify(change)).toBe('broken');
    }
    expect(readWorldFile(`${text}${' '.repeat(4 << 20)}`)).toEqual({ kind: 'broken' });
  });

  it('brings nothing along that is not asked for', () => {
    const sly = text.replace('"line":', '"__proto__": {"line": "x"}, "constructor": 1, "line":');
    expect(readWorldFile(sly)).toEqual({ kind: 'world', run });
    const inherited = text.replace('"type": "interrupt"', '"__proto__": {"type": "interrupt"}');
    expect(readWorldFile(inherited)).toEqual({ kind: 'broken' });
  });
});
