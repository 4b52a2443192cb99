import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readWorldFile, writeWorldFile } from '../../src/engine/link/world-file.ts';
import { decodeWorld, encodeWorld } from '../../src/engine/link/world-link.ts';
import { runOf, type DecodedWorld } from '../../src/engine/link/world-run.ts';
import { openWorldAtOnce } from '../../src/engine/open-world.ts';
import { Session } from '../../src/engine/session.ts';
import { DOCKERFILE, typedLine } from '../properties/docker-vocabulary.ts';
import { begin, stepsOf, take } from '../properties/kubernetes-lives.ts';

/**
 * Whatever people did, with what they took back and went back to, the world that they send is the
 * one that arrives: as a link where that is short enough, and as a file.
 */
const MINUTES = 60_000;
const SEED = 20_260_105;
const SESSIONS = Number(process.env.SEQUENCES ?? 12);

/** Sends the world both ways. @returns what was opened */
function sendAndOpen(session: Session): Session[] {
  const run = runOf(session.timeline);
  const encoded = encodeWorld(run);
  const ways: DecodedWorld[] = [readWorldFile(writeWorldFile(run)!)];
  if (encoded.kind === 'link') ways.push(decodeWorld(`#${encoded.payload}`));
  return ways.map((decoded) => {
    if (decoded.kind !== 'world') expect.unreachable(decoded.kind);
    expect(decoded.run).toEqual(run);
    const opened = openWorldAtOnce(decoded.run);
    if (opened.kind !== 'same') expect.unreachable(opened.kind);
    expect(opened.session.timeline.moment).toEqual(run.moment);
    // Sent on, it is the same link.
    expect(runOf(opened.session.timeline)).toEqual(run);
    return opened.session;
  });
}

/** The worlds go on in the same way. */
function expectSameFuture(sessions: readonly Session[], line: string): void {
  const printed = sessions.map((session) => session.type(line).printed);
  const hashes = sessions.map(({ world }) => world.kernel.hash());
  expect(new Set(printed).size, line).toBe(1);
  expect(new Set(hashes).size, line).toBe(1);
}

const travel = fc.constantFrom(
  'drydock undo',
  'drydock at -5s',
  'drydock at +90s',
  'drydock at 1m',
);
/** Ended after a minute, as by Ctrl+C. */
const endless = fc.constantFrom('sh -c "while :; do sleep 1; done"', 'watch date', 'cat');
const among = (typed: fc.Arbitrary<string>) =>
  fc.oneof(
    { weight: 8, arbitrary: typed },
    { weight: 2, arbitrary: travel },
    { weight: 1, arbitrary: endless },
  );

function property(preset: string, typed: fc.Arbitrary<string>, size: number, sessions: number) {
  const lines = fc.array(among(typed), { minLength: 1, maxLength: size });
  fc.assert(
    fc.property(fc.nat(10_000), lines, (seed, all) => {
      const session = new Session({ preset, seed });
      session.write('Dockerfile', DOCKERFILE);
      session.write('page', 'first\n');
      for (const line of all) session.type(line);
      expectSameFuture([session, ...sendAndOpen(session)], 'sleep 45; ls');
    }),
    { numRuns: sessions, seed: SEED },
  );
}

test('of one host', { timeout: 10 * MINUTES }, () => {
  property('host', typedLine, 30, SESSIONS);
});

const service = fc.constantFrom('web', 'api');
const node = fc.constantFrom('node-1', 'node-2', 'node-3');
const swarmLine = fc.oneof(
  fc.constantFrom(
    'docker swarm init --advertise-addr 192.168.10.11',
    'for n in 2 3; do ssh node-$n $(docker swarm join-token manager | grep token); done',
    'docker node ls; docker service ls; docker stack ls',
    'printf "services:\\n  a:\\n    image: nginx:alpine\\n" > s.yaml; docker stack deploy -c s.yaml s',
  ),
  service.map((one) => `docker service create --name ${one} --replicas 3 nginx:alpine`),
  service.map((one) => `docker service create -d --name ${one} --replicas 2 alpine sleep 20`),
  service.map((one) => `docker service update -d --image nginx:nosuch ${one}`),
  service.map((one) => `docker service rm ${one}`),
  fc.tuple(service, fc.nat(5)).map(([one, count]) => `docker service scale -d ${one}=${count}`),
  fc
    .tuple(node, fc.constantFrom('down', 'up'))
    .map(([one, state]) => `drydock fault machine ${one} ${state}`),
  fc
    .tuple(node, fc.constantFrom('drain', 'active'))
    .map(([one, state]) => `docker node update --availability ${state} ${one}`),
);

test('of a swarm', { timeout: 10 * MINUTES }, () => {
  property('swarm', swarmLine, 20, Math.ceil(SESSIONS / 2));
});

const compareLine = fc.oneof(
  fc.constantFrom('cd bookshelf', 'docker build -q -t registry.local:5000/shop api', 'ls -R'),
  fc.constantFrom('kubectl apply -f kubernetes', 'kubectl get pods -A', 'drydock faults'),
  fc.constantFrom(
    'ssh compose-1 "cd bookshelf && docker compose up -d"',
    'ssh swarm-1 "docker swarm init --advertise-addr 192.168.10.31"',
    'ssh docker-1 "docker run -d --name web nginx:alpine"',
    'drydock fault machine node-1 down',
  ),
);

test('of a comparison', { timeout: 10 * MINUTES }, () => {
  property('compare', compareLine, 8, Math.ceil(SESSIONS / 6));
});

test.each([301, 304])('of a cluster (seed %i)', { timeout: 10 * MINUTES }, (seed) => {
  const life = begin(seed);
  for (const step of stepsOf(life, 25)) take(life, step);
  life.session.type('drydock at -20s');
  for (const step of stepsOf(life, 5)) take(life, step);
  const { session } = life;
  expectSameFuture([session, ...sendAndOpen(session)], 'sleep 45; kubectl get pods -A');
});
