import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { challengeIds, readChallengeFolder } from '../../src/build/challenges/challenges.ts';
import type { Session } from '../../src/engine/session.ts';
import { typeScript } from '../../src/engine/typed-script.ts';
import { beginChallenge } from '../../src/scenarios/challenges/begin-challenge.ts';
import { judgeChallenge, type Verdict } from '../../src/scenarios/challenges/judge-challenge.ts';

/**
 * Every exercise can be solved, in more ways than one, and is not solved by doing nothing, by what
 * first comes to mind, or by cheating. The ways are scripts in `challenges/<id>/`: `solution-*.sh`
 * meet the whole goal, `wrong-*.sh` all but the parts (`limits`, `set-up`) that their first line names.
 */
const FOLDER = join(import.meta.dirname, 'challenges');
const LEAST_CHALLENGES = 8;
const LIMIT_MS = 120_000;

interface Way {
  readonly name: string;
  readonly script: string;
}

function waysOf(id: string, kind: 'solution' | 'wrong'): readonly Way[] {
  return globSync(`${id}/${kind}-*.sh`, { cwd: FOLDER })
    .sort()
    .map((file) => ({
      name: basename(file, '.sh'),
      script: readFileSync(join(FOLDER, file), 'utf8'),
    }));
}

/** `# Misses: a, b` */
const namedBy = ({ script }: Way): readonly string[] =>
  (/^# Misses: (.*)$/m.exec(script)?.[1] ?? '').split(', ');

function missed({ begun, parts, broken }: Verdict): readonly string[] {
  const unmet = parts.flatMap(({ id, met }) => (met ? [] : [id]));
  return [...unmet, ...(begun ? [] : ['set-up']), ...(broken.length > 0 ? ['limits'] : [])];
}

const toldOf = ({ parts }: Verdict): string => parts.flatMap(({ why }) => why ?? []).join('\n\n');

function typed(session: Session, { script }: Way): string {
  let printed = '';
  typeScript(session, script, (text) => {
    printed += text;
  });
  return printed;
}

describe.each(challengeIds().map((id) => readChallengeFolder(id)))('challenge $id', (challenge) => {
  const solutions = waysOf(challenge.id, 'solution');
  const wrongs = waysOf(challenge.id, 'wrong');

  it('has two solutions and an attempt that is wrong', () => {
    expect(solutions.length).toBeGreaterThanOrEqual(2);
    expect(wrongs.length).toBeGreaterThanOrEqual(1);
  });

  it(
    'is not met by doing nothing, and asking changes nothing',
    () => {
      const session = beginChallenge(challenge);
      const { world, timeline, machine } = session;
      const before = { hash: world.kernel.hash(), moment: timeline.moment };
      const entries = timeline.journal.entries.length;
      const shown = world.terminals.row(machine).printed.length;
      const verdict = judgeChallenge(session, challenge);
      const file = `src/scenarios/challenges/${challenge.id}/challenge.yaml`;
      const told = `${file}: the goal is met from the start. Ask for what the set-up does not have.`;
      expect(verdict.met, told).toBe(false);
      expect({ hash: world.kernel.hash(), moment: timeline.moment }).toEqual(before);
      expect(timeline.journal.entries).toHaveLength(entries);
      expect(world.terminals.row(machine).printed).toHaveLength(shown);
      expect(judgeChallenge(session, challenge)).toEqual(verdict);
    },
    LIMIT_MS,
  );

  it.each(solutions)(
    'is met by $name',
    (way) => {
      const session = beginChallenge(challenge);
      const printed = typed(session, way);
      const verdict = judgeChallenge(session, challenge);
      expect(missed(verdict), `${printed}\n${toldOf(verdict)}`).toEqual([]);
      expect(verdict.met).toBe(true);
    },
    LIMIT_MS,
  );

  it.each(wrongs)(
    'is not met by $name',
    (way) => {
      const session = beginChallenge(challenge);
      const printed = typed(session, way);
      const verdict = judgeChallenge(session, challenge);
      expect(missed(verdict), `${printed}\n${toldOf(verdict)}`).toEqual(namedBy(way));
      expect(verdict.met).toBe(false);
    },
    LIMIT_MS,
  );
});

describe('the exercises', () => {
  it('are eight or more, and every folder of ways belongs to one', () => {
    const ids = challengeIds();
    expect(ids.length).toBeGreaterThanOrEqual(LEAST_CHALLENGES);
    expect(globSync('*', { cwd: FOLDER }).sort()).toEqual(ids);
  });
});
