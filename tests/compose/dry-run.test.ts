import { describe, expect, it } from 'vitest';
import { composeSession } from './compose-session.ts';

/** `--dry-run` tells what would be done, and nothing is. */
const FILE = `services:
  web:
    image: nginx:1.29-alpine
    scale: 2
    depends_on: {cache: {condition: service_healthy}}
  cache:
    image: redis:8-alpine
    volumes: ["data:/data"]
    healthcheck: {test: [CMD, redis-cli, ping], interval: 1s}
volumes: {data: {}}
`;

const ALL = [
  "docker ps -a --format '{{.ID}} {{.Names}} {{.State}}'",
  "docker network ls --format '{{.ID}} {{.Name}}'",
  'docker volume ls -q',
  'docker images -q',
].join('; ');

describe('a project that is only thought of', () => {
  it('comes up in words', () => {
    const { must, piped } = composeSession(FILE);
    const before = must(ALL);
    const told = piped('docker compose --dry-run up -d');
    expect(told).toEqual(
      expect.arrayContaining([
        ' Image nginx:1.29-alpine Pulled ',
        ' Network app_default Created ',
        ' Volume app_data Created ',
        ' Container app-cache-1 Healthy ',
        ' Container app-web-2 Started ',
      ]),
    );
    expect(must(ALL)).toBe(before);
  });

  it.each([
    ['docker compose --dry-run up -d --force-recreate', 'Container app-cache-1 Recreated'],
    ['docker compose --dry-run up', 'interactive run is not supported in dry-run mode'],
    ['docker compose down --dry-run -v', 'Volume app_data Removed'],
    ['docker compose stop --dry-run', 'Container app-web-1 Stopped'],
    ['docker compose rm --dry-run -f -s', 'Going to remove app-web-2, app-web-1, app-cache-1'],
    ['docker compose --dry-run scale web=3', 'Container app-web-3 Started'],
    ['docker compose --dry-run kill', 'Container app-web-1 Killed'],
  ])('%s changes nothing', (line, text) => {
    const { must, piped } = composeSession(FILE);
    must('docker compose up -d');
    const before = must(ALL);
    expect(piped(line).join('\n')).toContain(text);
    expect(must(ALL)).toBe(before);
  });

  it('cannot be of an image that is nowhere', () => {
    const { type } = composeSession('services: {web: {image: nosuch}}\n');
    const { text, code } = type('docker compose --dry-run up -d');
    expect(text).toContain('pull access denied for nosuch');
    expect(code).toBe(1);
  });

  it('is not modelled for what goes into a container', () => {
    const { type } = composeSession(FILE);
    expect(type('docker compose --dry-run exec web true')).toEqual({
      text: 'docker compose exec --dry-run is not modelled\n',
      code: 1,
    });
  });
});
