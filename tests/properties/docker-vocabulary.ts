import fc from 'fast-check';

/**
 * What somebody may type at a Docker host who knows few names and has no plan. Names, ports and
 * networks are few, so that commands meet each other: most of them fail, as they should.
 */
const name = fc.constantFrom('c1', 'c2', 'c3', 'c4');
const image = fc.constantFrom('nginx:alpine', 'alpine', 'busybox', 'web', 'nosuch/thing');
const network = fc.constantFrom('n1', 'n2', 'bridge');
const volume = fc.constantFrom('v1', 'v2');
const option = fc.oneof(
  { weight: 4, arbitrary: fc.constant('') },
  fc.constantFrom('-p 80:80', '-p 8080:80', '-p 127.0.0.1:8080:80', '-p 8000-8002:80', '-P'),
  fc.constantFrom('--restart always', '--restart on-failure:2', '--rm', '--init', '-m 64m'),
  network.map((one) => `--network ${one}`),
  volume.map((one) => `-v ${one}:/data`),
);
const program = fc.constantFrom(
  '',
  'sleep 5',
  'sleep 1000',
  "sh -c 'exit 3'",
  "sh -c 'echo x > /data/x; sleep 20'",
  'nosuch',
);

const run = fc
  .tuple(fc.constantFrom('run -d', 'run -d', 'create'), name, option, option, image, program)
  .map(([verb, who, one, other, from, what]) =>
    ['docker', verb, '--name', who, one, other, from, what].filter((word) => word !== '').join(' '),
  );

const container = fc
  .tuple(
    fc.constantFrom(
      ...['start', 'stop -t 1', 'kill', 'kill -s TERM', 'restart -t 0', 'pause', 'unpause'],
      ...['rm', 'rm -f', 'rm -f -v', 'wait', 'inspect', 'logs', 'top', 'port', 'diff'],
    ),
    name,
  )
  .filter(([verb]) => verb !== 'wait')
  .map(([verb, who]) => `docker ${verb} ${who}`);

const other = fc.oneof(
  fc.tuple(name, name).map(([from, to]) => `docker rename ${from} ${to}`),
  name.map((who) => `docker exec ${who} sh -c 'echo hi > /tmp/hi'`),
  name.map((who) => `docker commit ${who} web`),
  name.map((who) => `docker update --restart unless-stopped ${who}`),
  image.map((which) => `docker pull ${which}`),
  image.map((which) => `docker rmi ${which}`),
  image.map((which) => `docker tag ${which} web`),
  network.map((one) => `docker network create ${one}`),
  network.map((one) => `docker network rm ${one}`),
  fc.tuple(network, name).map(([one, who]) => `docker network connect ${one} ${who}`),
  fc.tuple(network, name).map(([one, who]) => `docker network disconnect ${one} ${who}`),
  volume.map((one) => `docker volume rm ${one}`),
  fc.constantFrom(
    ...['docker container prune -f', 'docker image prune -f', 'docker volume prune -f'],
    ...['docker network prune -f', 'docker system prune -f', 'docker ps -a', 'docker images'],
    ...['sleep 1', 'sleep 30', 'docker build -q -t web .', 'date > page', 'curl -s localhost'],
    ...['drydock fault daemon host stop', 'drydock fault daemon host start', 'docker frobnicate'],
    ...['drydock fault registry docker.io down', 'drydock fault registry docker.io up'],
  ),
);

/** A line at the prompt. */
export const typedLine = fc.oneof(
  { weight: 4, arbitrary: run },
  { weight: 5, arbitrary: container },
  { weight: 4, arbitrary: other },
);

/** The context that `docker build .` finds. */
export const DOCKERFILE = 'FROM alpine\nRUN echo built > /built\nCOPY page /page\n';
