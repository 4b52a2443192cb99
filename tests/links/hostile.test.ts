import { setTimeout } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { deflateSync, strToU8, zlibSync } from 'fflate';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toBase64Url } from '../../src/engine/link/base64url.ts';
import { readWorldFile, writeWorldFile } from '../../src/engine/link/world-file.ts';
import { decodeWorld, encodeWorld } from '../../src/engine/link/world-link.ts';
import { runOf, type DecodedWorld } from '../../src/engine/link/world-run.ts';
import { openWorld } from '../../src/engine/open-world.ts';
import { Session } from '../../src/engine/session.ts';
import { decodeLink, encodeLink } from '../../src/islands/link/payload.ts';

/**
 * Whatever somebody calls a link or a file gets an answer: no exception, no hang, and nothing stays
 * behind in memory.
 */
const PAYLOADS = 10_000;
const MINUTES = 60_000;
/** One payload, on a machine that does other things besides. */
const LONGEST_MS = 5_000;
const GROWTH_BYTES = 1 << 20;

function sent() {
  const session = new Session({ preset: 'host', seed: 3 });
  session.write('compose.yaml', 'services:\n  web:\n    image: nginx\n');
  session.type('docker create --name web nginx:alpine; sleep 3');
  session.type('echo "안녕" > a');
  const run = runOf(session.timeline);
  const encoded = encodeWorld(run);
  const moment = { timeMs: 1_000, sequence: 40 };
  const { hash, journal } = run;
  const figure = { scenario: 'delivery/code-to-cluster', figure: 'code-to-cluster', record: 1 };
  return {
    links: [
      encoded.kind === 'link' ? encoded.payload : expect.unreachable('it is short'),
      encodeLink({ ...figure, engine: journal.engine, moment, hash }),
    ],
    file: writeWorldFile(run)!,
  };
}

const { links, file } = sent();
const link = fc.constantFrom(...links);

/** A text of which a part is other characters, or missing, or there twice. */
const mutated = (text: fc.Arbitrary<string>) =>
  fc
    .tuple(text, fc.nat(), fc.nat(60), fc.oneof(fc.base64String(), fc.string(), fc.constant('')))
    .map(([whole, where, length, instead]) => {
      const at = where % whole.length;
      return whole.slice(0, at) + instead + whole.slice(at + length);
    });

const number = fc.oneof(fc.integer(), fc.double(), fc.constantFrom(0, -0, 1e308, 2 ** 53, -1));
const strange = fc.oneof(
  ...[number, fc.string(), fc.constantFrom(null, true, '__proto__', 'host', 'constructor')],
);
/** Of the right shape, and with any values in it. */
const entry = fc.array(fc.oneof(strange, number), { maxLength: 7 });
const parts = fc
  .tuple(strange, strange, number, number, number, strange, fc.array(entry, { maxLength: 50 }))
  .map((all) => JSON.stringify(all));
const deep = fc
  .tuple(fc.constantFrom('[', '{"a":', '[[],'), fc.nat(20_000))
  .map(([open, times]) => open.repeat(times));
const bomb = fc
  .tuple(fc.constantFrom(' ', '[', '"', '0,', '[],'), fc.nat(18))
  .map(([one, size]) => `[${one.repeat(2 ** size)}]`);
const text = fc.oneof(
  { weight: 6, arbitrary: parts },
  { weight: 2, arbitrary: fc.json() },
  { weight: 1, arbitrary: deep },
  { weight: 1, arbitrary: bomb },
);
const packed = fc.tuple(text, fc.constantFrom(1, 2, 2, 2, 3)).map(([content, version]) => {
  const bytes = strToU8(content);
  return `v${version}.${toBase64Url(version === 1 ? deflateSync(bytes) : zlibSync(bytes))}`;
});
const payload = fc.oneof(
  { weight: 4, arbitrary: mutated(link) },
  { weight: 4, arbitrary: packed },
  { weight: 1, arbitrary: fc.string({ unit: 'binary' }).map((any) => `#v2.${any}`) },
  { weight: 1, arbitrary: fc.base64String({ maxLength: 9_000 }).map((any) => `v2.${any}`) },
);
const record = fc.dictionary(fc.constantFrom('type', 'machine', 'line', '__proto__'), strange);
const looseFile = fc
  .record({
    format: fc.constant('drydock-world'),
    version: fc.oneof(fc.constant(1), strange),
    engine: strange,
    world: strange,
    seed: number,
    moment: fc.oneof(strange, fc.record({ timeMs: number, sequence: number })),
    hash: strange,
    entries: fc.oneof(strange, fc.array(fc.record({ moment: strange, action: record }))),
  })
  .map((all) => JSON.stringify(all));
const files = fc.oneof(
  { weight: 4, arbitrary: mutated(fc.constant(file)) },
  { weight: 4, arbitrary: looseFile },
  { weight: 1, arbitrary: deep },
  { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
);

const KINDS = ['none', 'moment', 'world', 'future', 'broken'];

/**
 * Reads each, and looks how long that took and what is left of it. All are read twice: what the first
 * time leaves in memory is our code, compiled, and the texts themselves.
 */
async function readAll(
  given: readonly string[],
  read: (one: string) => readonly { kind: string }[],
) {
  for (const one of given) read(one);
  const usedBefore = await usedBytes();
  const kinds = new Map<string, number>();
  for (const one of given) {
    const began = performance.now();
    for (const { kind } of read(one)) {
      expect(KINDS).toContain(kind);
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    }
    expect(performance.now() - began, one.slice(0, 200)).toBeLessThan(LONGEST_MS);
  }
  expect((await usedBytes()) - usedBefore, 'bytes left behind').toBeLessThan(GROWTH_BYTES);
  return kinds;
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** The least of a few looks: buffers are given back beside what runs, some time after collecting. */
async function usedBytes(): Promise<number> {
  let least = Infinity;
  for (let looks = 0; looks < 5; looks++) {
    collect();
    await setTimeout(100);
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    least = Math.min(least, heapUsed + arrayBuffers);
  }
  return least;
}

const samples = (arbitrary: fc.Arbitrary<string>): string[] =>
  fc.sample(arbitrary, { numRuns: PAYLOADS, seed: 20_260_105 });

test(`${PAYLOADS} links that nobody made`, { timeout: 5 * MINUTES }, async () => {
  const kinds = await readAll(samples(payload), (one) => [decodeLink(one), decodeWorld(one)]);
  for (const kind of KINDS) expect(kinds.get(kind) ?? 0, kind).toBeGreaterThan(0);
});

test(`${PAYLOADS} files that nobody wrote`, { timeout: 5 * MINUTES }, async () => {
  const kinds = await readAll(samples(files), (one) => [readWorldFile(one)]);
  for (const kind of ['none', 'world', 'future', 'broken']) {
    expect(kinds.get(kind) ?? 0, kind).toBeGreaterThan(0);
  }
});

test('what can be read can be opened, or is refused', { timeout: 5 * MINUTES }, () => {
  let opened = 0;
  const open = (decoded: DecodedWorld): void => {
    if (decoded.kind !== 'world') return;
    const opening = openWorld(decoded.run);
    // Somebody may have written down a hundred years: whoever waits gives up.
    for (let breaths = 0; breaths < 3; breaths++) {
      const { done, value } = opening.next();
      if (done !== true) continue;
      expect(['same', 'changed', 'refused']).toContain(value.kind);
      opened += 1;
      return;
    }
  };
  for (const one of samples(mutated(fc.constant(file))).slice(0, 400)) open(readWorldFile(one));
  expect(opened).toBeGreaterThan(20);
});
