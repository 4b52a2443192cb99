import fc from 'fast-check';

/**
 * What somebody may type at a Docker host who knows few names and has no plan. Names, ports and
 * networks are few, so that commands meet each other: most of them fail, as they should.
 */
const name = fc.constantFrom('c1', 'c2', 'c3', 'c4');
const image = fc.constantFrom('nginx:alpine', 'alpine', 'busybox', 'web', 'nosuch/thing');
const network = fc.constantFrom('n1', 'n2', 'n3', 'bridge');
const volume = fc.constantFrom('v1', 'v2');
const option = fc.oneof(
  { weight: 4, arbitrary: fc.constant('') },
  fc.constantFrom('-p 80:80', '-p 8080:80', '-p 127.0.0.1:8080:80', '-p 8000-8002:80', '-P'),
  fc.constantFrom('--restart always', '--restart on-failure:2', '--rm', '--init', '-m 64m'),
  fc.constantFrom('--network none', '--network host', '--read-only', '--tmpfs /data', '--pid host'),
  fc.constantFrom('--network n3 --ip 10.1.0.7', '--network n1 --network-alias web', '-t', '-i'),
  fc.constantFrom(
    "--health-cmd 'test -e /tmp/hi' --health-interval 2s --health-retries 2",
    "--health-cmd 'sleep 9' --health-interval 1s --health-timeout 1s",
  ),
  network.map((one) => `--network ${one}`),
  volume.map((one) => `-v ${one}:/data`),
  name.map((who) => `--network container:${who}`),
  name.map((who) => `--volumes-from ${who}`),
);
const program = fc.constantFrom(
  '',
  'sleep 5',
  'sleep 1000',
  "sh -c 'exit 3'",
  "sh -c 'echo x > /data/x; sleep 20'",
  "sh -c 'sleep 30 & sleep 3'",
  'sh -c \'trap "exit 7" TERM; while :; do sleep 1; done\'',
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
  name.map((who) => `docker exec -d ${who} sleep 100`),
  name.map((who) => `docker exec ${who} kill -9 -1`),
  name.map((who) => `docker exec ${who} sh -c 'sleep 50 & kill $!; wait'`),
  name.map((who) => `timeout 2s docker exec ${who} sleep 10`),
  name.map((who) => `timeout 2s docker logs -f ${who}`),
  name.map((who) => `timeout 2s docker attach --no-stdin ${who}`),
  name.map((who) => `docker cp page ${who}:/data`),
  name.map((who) => `docker cp ${who}:/etc/hostname out`),
  name.map((who) => `docker export ${who} | docker import - web`),
  name.map((who) => `docker stats --no-stream ${who}`),
  name.map((who) => `docker run --rm --network container:${who} alpine true`),
  fc
    .tuple(name, fc.constantFrom('crash', 'hang', 'leak', 'slow', 'mend'))
    .map(([who, fault]) => `drydock fault container ${who} ${fault}`),
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
);

/**
 * Lines that name nothing, or what they name themselves. A daemon that comes back starts containers;
 * only then does it answer who looks at one of them.
 */
const still = fc.constantFrom(
  ...['docker container prune -f', 'docker image prune -f', 'docker volume prune -f'],
  ...['docker network prune -f', 'docker system prune -f', 'docker ps -a', 'docker images'],
  ...['sleep 1', 'sleep 30', 'docker build -q -t web .', 'date > page', 'curl -s localhost'],
  ...[
    'drydock fault daemon host stop',
    'drydock fault daemon host start; sleep 1',
    'docker frobnicate',
  ],
  ...['docker network create --subnet 10.1.0.0/24 n3', 'docker volume create v1', 'date > extra'],
  ...['docker build -q --no-cache -t web .', 'docker build -q --target base -t base .'],
  ...['docker builder prune -a -f', 'docker image prune -a -f', 'docker system df -v'],
  ...['docker save web | docker load', 'docker rm -f $(docker ps -aq)', 'docker run alpine true'],
  ...['timeout 3s docker run --name c1 alpine sleep 10', 'docker network inspect n1 n3'],
  ...['drydock fault registry docker.io down', 'drydock fault registry docker.io up'],
);

/** A line at the prompt. */
export const typedLine = fc.oneof(
  { weight: 4, arbitrary: run },
  { weight: 5, arbitrary: container },
  { weight: 4, arbitrary: other },
  { weight: 2, arbitrary: still },
);

/** The context that `docker build .` finds. */
export const DOCKERFILE = `FROM alpine AS base
RUN echo built > /built
COPY page /page
FROM base
COPY . /all
HEALTHCHECK --interval=5s CMD test -e /built
VOLUME /data
CMD ["sleep", "60"]
`;
