import { GREETING, image, PASSWORD, setPassword, setVersion, writeGreeting } from '../bookshelf.ts';
import { noDaemon, type Platform } from './platform.ts';

/** Three machines that are all managers; the data lives on the first. */
const JOIN = 'docker swarm join --token $(docker swarm join-token -q manager) 192.168.10.31:2377';
const DEPLOY = 'docker stack deploy -c stack.yaml bookshelf';
const IN_SWARM = 'docker info --format {{.Swarm.LocalNodeState}} | grep -qx active';

const rolled = (version: string): string[] => [setVersion('stack.yaml', version), DEPLOY];
const setDatabase = (password: string): string =>
  `docker exec $(docker ps -q --filter name=bookshelf_db) ${setPassword(password)}`;

/** Nodes with a running task of the API, one a line. */
const API_NODES =
  'ssh swarm-1 "docker service ps bookshelf_api -f desired-state=running --format \'{{.Node}}\'"';
const FIRST_API = 'docker ps -q --filter name=bookshelf_api | head -n 1';
/** Tasks stay where they went until somebody deals them out anew. */
const spread = ['api', 'web'].map((name) => `docker service update -q --force bookshelf_${name}`);
const RUNNING =
  "docker service ps bookshelf_api -f desired-state=running --format '{{.Image}} {{.CurrentState}}'";

export const SWARM: Platform = {
  name: 'swarm',
  machine: 'swarm-1',
  entries: [1, 2, 3].map((n) => ({ machine: `swarm-${n}`, port: 8080 })),
  up: [
    { line: 'docker swarm init', unless: IN_SWARM },
    ...[2, 3].map((n) => ({
      line: `ssh swarm-${n} "${JOIN}"`,
      unless: `ssh swarm-${n} "${IN_SWARM}"`,
    })),
    { line: DEPLOY },
  ],
  files: ['stack.yaml'],
  replicas: "docker service ls --filter name=bookshelf_api --format '{{.Replicas}}'",
  settled: `test "$(${RUNNING} | grep -c '^${image('api')} Running')" = 3`,
  acts: {
    container: {
      happens: [
        `NODE=$(${API_NODES} | head -n 1); ` +
          `ssh $NODE 'drydock fault container $(${FIRST_API}) crash'`,
      ],
    },
    // Not the one with the data: what is compared is the API.
    machine: {
      happens: [`drydock fault machine $(${API_NODES} | grep -v swarm-1 | head -n 1) down`],
      mend: ['for n in 2 3; do drydock fault machine swarm-$n up; done'],
      reset: spread,
    },
    daemon: { ...noDaemon('swarm-2'), reset: spread },
    load: { times: 10 },
    update: { typed: rolled('1.1'), reset: rolled('1.0') },
    'bad-update': { typed: rolled('2.0'), reset: rolled('1.0') },
    // A config never changes: another one takes its place.
    config: {
      typed: [
        writeGreeting(GREETING.after),
        'docker config create greeting-2 config/greeting.txt',
        'docker service update --config-rm bookshelf_greeting ' +
          '--config-add source=greeting-2,target=/etc/bookshelf/greeting.txt bookshelf_api',
      ],
      reset: [writeGreeting(GREETING.before), DEPLOY, 'docker config rm greeting-2'],
    },
    // Nor does a secret.
    secret: {
      typed: [
        setDatabase(PASSWORD.after),
        `echo ${PASSWORD.after} | docker secret create db_password-2 -`,
        'docker service update --secret-rm bookshelf_db_password ' +
          '--secret-add source=db_password-2,target=db_password bookshelf_api',
      ],
      reset: [setDatabase(PASSWORD.before), DEPLOY, 'docker secret rm db_password-2'],
    },
    scale: { typed: ['docker service scale bookshelf_api=10'], reset: [DEPLOY] },
    volume: {
      typed: [
        'docker service scale bookshelf_redis=0',
        'docker volume rm -f bookshelf_redis-data',
        'docker service scale bookshelf_redis=1',
      ],
    },
  },
};
