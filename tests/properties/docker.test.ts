import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Session } from '../../src/engine/session.ts';
import { DOCKERFILE, typedLine } from './docker-vocabulary.ts';
import { removeAll, rowsOf, wrongWith } from './docker-invariants.ts';

/**
 * Whatever is typed, the world stays sound: `SEQUENCES=5000 npm run unit -- tests/properties` for
 * more than the usual number.
 */
const SEQUENCES = Number(process.env.SEQUENCES ?? 100);
const LENGTH = 100;
const MINUTES = 60_000;

function host(seed: number): Session {
  const session = new Session({ preset: 'host', seed });
  session.write('Dockerfile', DOCKERFILE);
  session.write('page', 'first\n');
  for (const image of ['nginx:alpine', 'alpine', 'busybox'])
    session.type(`docker pull -q ${image}`);
  return session;
}

const hashOf = ({ world }: Session): string => world.kernel.hash();

test(
  'no sequence of commands breaks a host, and each can be taken back',
  { timeout: 30 * MINUTES },
  () => {
    const lines = fc.array(typedLine, { minLength: LENGTH, maxLength: LENGTH });
    const untouched = host(1);
    removeAll(untouched);
    const empty = rowsOf(untouched);
    fc.assert(
      fc.property(fc.nat(1000), lines, fc.nat(LENGTH - 1), (seed, typed, undone) => {
        const session = host(seed);
        for (const [i, line] of typed.entries()) {
          const before = i === undone ? hashOf(session) : '';
          session.type(line);
          expect(wrongWith(session), `after ${line}`).toEqual([]);
          if (i !== undone) continue;
          const after = hashOf(session);
          session.timeline.undo();
          expect(hashOf(session), `undo of ${line}`).toBe(before);
          session.type(line);
          expect(hashOf(session), `${line}, again`).toBe(after);
        }
        removeAll(session);
        expect(rowsOf(session)).toEqual(empty);
      }),
      { numRuns: SEQUENCES, endOnFailure: SEQUENCES <= 100, seed: 20_260_105 },
    );
  },
);

test('the same seed and the same commands give the same world', { timeout: 10 * MINUTES }, () => {
  const lines = fc.array(typedLine, { minLength: LENGTH, maxLength: LENGTH });
  const live = (seed: number, typed: readonly string[]): string => {
    const session = host(seed);
    const printed = typed.map((line) => session.type(line).printed);
    return `${hashOf(session)} ${printed.join('')}`;
  };
  fc.assert(
    fc.property(fc.nat(1000), lines, (seed, typed) => {
      expect(live(seed, typed)).toBe(live(seed, typed));
    }),
    { numRuns: Math.ceil(SEQUENCES / 20), seed: 20_260_105 },
  );
});
