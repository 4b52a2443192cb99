import {
  GREETING,
  image,
  PASSWORD,
  setPassword,
  writeGreeting,
  writePassword,
} from '../bookshelf.ts';
import { crash, dark, noDaemon, type Platform, type Step } from './platform.ts';

/** One machine, and `docker run`. */
const RUN = 'docker run -d --restart unless-stopped --network shelf';
const SECRET = '-v $PWD/config/db_password.txt:/run/secrets/db_password:ro';
const PROBE = 'wget -q -O /dev/null http://127.0.0.1:8080/healthz';

const runApi = (n: number, version: string): string =>
  [
    `${RUN} --name api-${n} --network-alias api --memory 128m`,
    '-e REDIS_HOST=redis -e DB_HOST=db -e DB_NAME=bookshelf -e DB_USER=bookshelf',
    '-e DB_PASSWORD_FILE=/run/secrets/db_password -e GREETING_FILE=/etc/bookshelf/greeting.txt',
    `${SECRET} -v $PWD/config:/etc/bookshelf:ro --health-interval 5s --health-cmd '${PROBE}'`,
    image('api', version),
  ].join(' ');
const REDIS = `${RUN} --name redis -v redis-data:/data redis:8-alpine redis-server --appendonly yes`;
const DB = [
  `${RUN} --name db -e POSTGRES_DB=bookshelf -e POSTGRES_USER=bookshelf ${SECRET}`,
  '-e POSTGRES_PASSWORD_FILE=/run/secrets/db_password -v db-data:/var/lib/postgresql/data',
  image('db'),
].join(' ');

const FIRST = [1, 2, 3];
const MORE = [4, 5, 6, 7, 8, 9, 10];
const replaced = (version: string): string[] =>
  FIRST.flatMap((n) => [`docker rm -f api-${n}`, runApi(n, version)]);
const started = (name: string, line: string): Step => ({
  line,
  unless: `docker inspect ${name} > /dev/null 2>&1`,
});
const changePassword = (password: string): string[] => [
  `docker exec db ${setPassword(password)}`,
  writePassword(password),
];

const HEALTHY = 'docker ps -q --filter name=api- --filter health=healthy';

export const DOCKER: Platform = {
  name: 'docker',
  machine: 'docker-1',
  entries: [{ machine: 'docker-1', port: 8080 }],
  up: [
    {
      line: 'docker network create shelf',
      unless: 'docker network inspect shelf > /dev/null 2>&1',
    },
    started('redis', REDIS),
    started('db', DB),
    ...FIRST.map((n) => started(`api-${n}`, runApi(n, '1.0'))),
    started('web', `${RUN} --name web -p 8080:80 --memory 64m ${image('web')}`),
  ],
  files: [],
  replicas: `${HEALTHY} 2> /dev/null | wc -l`,
  settled: `test "$(${HEALTHY} --filter ancestor=${image('api')} | wc -l)" = 3`,
  acts: {
    container: crash('docker-1', 'api-1'),
    machine: dark('docker-1'),
    daemon: noDaemon('docker-1'),
    load: { times: 10 },
    update: { typed: replaced('1.1'), reset: replaced('1.0') },
    'bad-update': { typed: replaced('2.0'), reset: replaced('1.0') },
    config: {
      typed: [writeGreeting(GREETING.after)],
      reset: [writeGreeting(GREETING.before)],
    },
    secret: { typed: changePassword(PASSWORD.after), reset: changePassword(PASSWORD.before) },
    scale: {
      typed: MORE.map((n) => runApi(n, '1.0')),
      reset: [`docker rm -f ${MORE.map((n) => `api-${n}`).join(' ')}`],
    },
    volume: { typed: ['docker rm -f redis', 'docker volume rm redis-data', REDIS] },
  },
};
