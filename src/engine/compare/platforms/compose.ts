import {
  GREETING,
  image,
  PASSWORD,
  setPassword,
  setVersion,
  writeGreeting,
  writePassword,
} from '../bookshelf.ts';
import { crash, dark, lines, noDaemon, type Platform } from './platform.ts';

/** One machine, and a file that says what is to run there. */
const UP = 'docker compose up -d';
const HEALTHY = 'docker ps -q --filter name=bookshelf-api --filter health=healthy';

const rolled = (version: string): string[] => [setVersion('compose.yaml', version), UP];
const changePassword = (password: string): string[] => [
  `docker compose exec -T db ${setPassword(password)}`,
  writePassword(password),
];

export const COMPOSE: Platform = {
  name: 'compose',
  machine: 'compose-1',
  entries: [{ machine: 'compose-1', port: 8080 }],
  up: lines(UP),
  files: ['compose.yaml'],
  replicas: `${HEALTHY} 2> /dev/null | wc -l`,
  settled: `test "$(${HEALTHY} --filter ancestor=${image('api')} | wc -l)" = 3`,
  acts: {
    container: crash('compose-1', 'bookshelf-api-1'),
    machine: dark('compose-1'),
    daemon: noDaemon('compose-1'),
    load: { times: 10 },
    update: { typed: rolled('1.1'), reset: rolled('1.0') },
    'bad-update': { typed: rolled('2.0'), reset: rolled('1.0') },
    config: {
      typed: [writeGreeting(GREETING.after)],
      reset: [writeGreeting(GREETING.before)],
    },
    secret: { typed: changePassword(PASSWORD.after), reset: changePassword(PASSWORD.before) },
    scale: { typed: [`${UP} --scale api=10`], reset: [UP] },
    volume: {
      typed: ['docker compose rm -sf redis', 'docker volume rm bookshelf_redis-data', UP],
    },
  },
};
