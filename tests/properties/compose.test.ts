import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Session, type TypedLine } from '../../src/engine/session.ts';
import { JOB, drawnFile, textOf, usedBy, type FileModel } from './compose-files.ts';
import {
  isHook,
  isOneOff,
  nameOf,
  ownOf,
  PROJECT,
  seenOf,
  serviceOf,
  wrongOrder,
  wrongWithProject,
} from './compose-invariants.ts';
import { drawnStep, type Step } from './compose-vocabulary.ts';
import { wrongWith } from './docker-invariants.ts';

/**
 * Whatever happened to a project, `docker compose up -d` makes it what its file says, and `down`
 * takes it away: `SEQUENCES=1000 npm run unit -- tests/properties/compose` for more than the usual
 * number.
 */
const SEQUENCES = Number(process.env.SEQUENCES ?? 100);
const LENGTH = 14;
const MINUTES = 60_000;
const SETTLE_MS = 1000;
const OTHER = 'services: {bystander: {image: "alpine:3.22", command: sleep 100000}}\n';

interface Life {
  readonly session: Session;
  /** What the file says. */
  file: FileModel;
}

/** A host on which another project runs, and a directory for this one. */
function born(seed: number, file: FileModel): Life {
  const session = new Session({ preset: 'host', seed });
  session.type('mkdir app');
  session.type('cd app');
  session.write('page', 'first\n');
  session.write('Dockerfile', 'FROM alpine:3.22\nCOPY page /page\nCMD ["sleep", "10000"]\n');
  session.write('../other.yaml', OTHER);
  session.type('docker build -q -t built .');
  const life = { session, file };
  edit(life, file);
  return life;
}

function edit(life: Life, file: FileModel): void {
  life.file = file;
  life.session.write('compose.yaml', textOf(file));
}

function take(life: Life, step: Step): TypedLine {
  if ('edit' in step) {
    edit(life, step.edit);
    return { printed: '', exitCode: 0 };
  }
  const namesOf = (): unknown => {
    const { containers, networks, volumes } = seenOf(life.session);
    return { containers: containers.map(nameOf), networks, volumes };
  };
  const isDry = step.line.includes('--dry-run');
  const before = isDry ? namesOf() : undefined;
  const typed = life.session.type(step.line);
  if (isDry) expect(namesOf(), step.line).toEqual(before);
  return typed;
}

/** What must succeed. */
function must({ session }: Life, line: string): string {
  const { printed, exitCode } = session.type(line);
  expect(exitCode, `${line}: ${printed}`).toBe(0);
  return printed;
}

/**
 * Mends what Compose cannot know of or leaves to a person: it starts no container that is paused,
 * and of one that does not run it does not ask which networks it has, nor whether these are still
 * there (docker/compose v5.5 reconcile.go).
 */
function mend(life: Life): void {
  const { session } = life;
  for (const line of [
    'sleep 30s',
    'drydock fault daemon host start; sleep 2',
    'drydock fault registry docker.io up',
    'docker compose -p other -f ../other.yaml up -d',
    'docker build -q -t built .',
    // A service that is never pulled does not have the images of its hooks pulled either.
    'docker pull -q alpine:3.22',
    'docker unpause $(docker ps -q --filter status=paused)',
  ]) {
    session.type(line);
  }
  const { world, machine } = session;
  const networks = world.look<{ Id: string }[]>(machine, '/networks');
  const networkIds = new Set(networks.map(({ Id }) => Id));
  for (const one of seenOf(session).containers) {
    session.type(`drydock fault container ${nameOf(one)} mend`);
    const service = life.file.find(({ name }) => name === serviceOf(one));
    const keys = service?.networks.length ? service.networks : ['default'];
    const isWhole = keys.every((key) => {
      const { NetworkID = '' } = one.NetworkSettings.Networks[`${PROJECT}_${key}`] ?? {};
      return NetworkID !== '' && networkIds.has(NetworkID);
    });
    if (!isWhole && !one.State.Running) session.type(`docker rm -f ${nameOf(one)}`);
  }
  session.type('sleep 70s');
}

const hashesOf = (life: Life): Map<string, string> =>
  new Map(
    must(life, "docker compose config --hash '*'")
      .trim()
      .split('\n')
      .map((line) => line.split(' ') as [string, string]),
  );

const lives = ({ session }: Life, project: string) =>
  seenOf(session, project).containers.map(({ Id, State }) => [Id, State.StartedAt]);

/** Up, and up again. */
function checkUp(life: Life): void {
  const { session, file } = life;
  const others = lives(life, 'other');
  const before = seenOf(session);
  const names = file.map(({ name }) => name as string);
  const isOrphan = (one: (typeof before.containers)[number]): boolean =>
    isOneOff(one) ? ['exited', 'dead'].includes(one.State.Status) : !names.includes(serviceOf(one));
  const orphans = before.containers.filter((one) => !isHook(one) && isOrphan(one)).map(nameOf);
  const startMs = session.world.kernel.now + Date.parse('2026-01-05T00:00:00Z');
  const printed = must(life, 'docker compose up -d');
  const hashes = hashesOf(life);
  expect(wrongWithProject(session, file, hashes)).toEqual([]);
  expect(wrongOrder(session, file, startMs)).toEqual([]);
  const warned = /Found orphan containers \((.*?)\)/.exec(printed)?.[1]?.split(', ') ?? [];
  expect(warned.sort()).toEqual([...orphans].sort());
  const after = seenOf(session);
  expect(after.containers.map(nameOf)).toEqual(expect.arrayContaining(orphans));
  expect(after.volumes).toEqual(expect.arrayContaining([...before.volumes]));
  checkAgain(life);
  expect(lives(life, 'other')).toEqual(others);
}

/** A second `up` changes nothing, but that it starts again what has ended by itself. */
function checkAgain(life: Life): void {
  const standing = (): unknown => {
    const { containers, networks, volumes } = seenOf(life.session);
    const facts = containers.map((one) => [
      ...[one.Id, one.Name, Object.keys(one.NetworkSettings.Networks)],
      serviceOf(one) === JOB || isOneOff(one) ? '' : one.State.StartedAt,
    ]);
    return { facts, networks, volumes };
  };
  const first = standing();
  must(life, 'docker compose up -d');
  expect(standing()).toEqual(first);
}

/** Down: the file's own goes, its volumes stay; then all goes that has the project's label. */
function checkDown(life: Life): void {
  const { session, file } = life;
  const others = lives(life, 'other');
  const before = seenOf(session);
  must(life, 'docker compose down -t 1');
  const left = seenOf(session);
  expect(file.flatMap(({ name }) => ownOf(left, name)).map(nameOf)).toEqual([]);
  expect(left.volumes).toEqual(expect.arrayContaining(before.volumes.map((name) => name)));
  const inUse = left.containers.flatMap((one) => Object.keys(one.NetworkSettings.Networks));
  for (const key of usedBy(file, 'networks')) {
    const name = `${PROJECT}_${key}`;
    if (!inUse.includes(name)) expect(left.networks).not.toContain(name);
  }
  must(life, `docker compose -p ${PROJECT} down -v -t 1 --remove-orphans`);
  expect(seenOf(session)).toEqual({ containers: [], networks: [], volumes: [] });
  expect(lives(life, 'other')).toEqual(others);
}

const drawnLife = {
  seed: fc.nat(1000),
  file: drawnFile,
  steps: fc.array(drawnStep, { minLength: LENGTH, maxLength: LENGTH }),
};

test('a project becomes what its file says, whatever happened', { timeout: 60 * MINUTES }, () => {
  fc.assert(
    fc.property(drawnLife.seed, drawnLife.file, drawnLife.steps, (seed, file, steps) => {
      const life = born(seed, file);
      const { kernel } = life.session.world;
      let settledMs = 0;
      for (const step of steps) {
        // What was cut off, or ended by a failure beside it, goes on in the daemon for a moment.
        if (take(life, step).exitCode !== 0) settledMs = kernel.now + SETTLE_MS;
        const wrong = kernel.now < settledMs ? [] : wrongWith(life.session);
        expect(wrong, `after ${JSON.stringify(step)}`).toEqual([]);
      }
      mend(life);
      checkUp(life);
      checkDown(life);
    }),
    { numRuns: SEQUENCES, endOnFailure: SEQUENCES <= 100, seed: 20_260_105 },
  );
});

test('the same steps give the same project', { timeout: 10 * MINUTES }, () => {
  fc.assert(
    fc.property(drawnLife.seed, drawnLife.file, drawnLife.steps, (seed, file, steps) => {
      const live = (): string => {
        const life = born(seed, file);
        const printed = steps.map((step) => take(life, step).printed);
        return `${life.session.world.kernel.hash()} ${printed.join('')}`;
      };
      expect(live()).toBe(live());
    }),
    { numRuns: Math.ceil(SEQUENCES / 20), seed: 20_260_105 },
  );
});
