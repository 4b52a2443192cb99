import { describe, expect, it } from 'vitest';
import { composeSession } from './compose-session.ts';

/** A project comes up, is looked at, and goes down again. */
const SEED_FILE = `version: '3'
services:
  web:
    image: nginx
    ports:
      - "80:80"
  db:
    image: mysql
    environment:
      MYSQL_ROOT_PASSWORD: example
`;

const OBSOLETE =
  'WARN[0000] /root/app/docker-compose.yml: the attribute `version` is obsolete, it will be ' +
  'ignored, please remove it to avoid potential confusion \n';

describe('the file that everybody begins with', () => {
  it('comes up on a network of its own, where services have names', () => {
    const { type, must, save } = composeSession();
    save(SEED_FILE, 'docker-compose.yml');
    const { text, code } = type('docker compose up -d');
    expect(code).toBe(0);
    expect(text.startsWith(OBSOLETE)).toBe(true);
    expect(text).toContain('✔ Network app_default Created');
    expect(text).toMatch(/^ ✔ Container app-web-1 Started +\d+\.\ds$/m);
    expect(must('docker network ls --format "{{.Name}}"').split('\n')).toContain('app_default');
    expect(must('curl -s localhost | grep -c "Welcome to nginx"')).toBe('2\n');
    expect(must('docker compose exec web getent hosts db 2>/dev/null')).toMatch(
      /^172\.18\.0\.\d+ +db/,
    );
  });

  it('goes down and leaves nothing but images', () => {
    const { must, save, piped } = composeSession();
    save(SEED_FILE, 'docker-compose.yml');
    must('docker compose up -d');
    expect(piped('docker compose down').slice(1)).toEqual([
      ' Container app-db-1 Stopping ',
      ' Container app-web-1 Stopping ',
      expect.stringMatching(/Stopped/) as string,
      expect.stringMatching(/Removing/) as string,
      expect.stringMatching(/Removed/) as string,
      expect.stringMatching(/Stopped/) as string,
      expect.stringMatching(/Removing/) as string,
      expect.stringMatching(/Removed/) as string,
      ' Network app_default Removing ',
      ' Network app_default Removed ',
    ]);
    expect(must('docker ps -aq')).toBe('');
    expect(must('docker images -q').split('\n')).toHaveLength(3);
    expect(must('docker compose ls')).not.toContain('app');
  });

  it('changes nothing when it does not hold', () => {
    const { type, must, save } = composeSession('services:\n  web:\n    imagee: nginx\n');
    const { text, code } = type('docker compose up -d');
    expect(code).toBe(1);
    expect(text).toContain("additional properties 'imagee' not allowed");
    save('services:\n  web:\n    image: nginx\n    networks: [nowhere]\n');
    expect(type('docker compose up -d')).toEqual({
      text: 'service "web" refers to undefined network nowhere: invalid compose project\n',
      code: 1,
    });
    expect(must('docker ps -aq; docker images -q')).toBe('');
    expect(must('docker network ls -q').split('\n')).toHaveLength(4);
  });
});

describe('the log of all', () => {
  it('is shown in front until Ctrl+C, which stops the containers', () => {
    const { must, type } = composeSession(`services:
  web:
    image: nginx:1.29-alpine
  cache:
    image: redis:8-alpine
`);
    must('docker compose pull -q 2>/dev/null || docker pull -q redis:8-alpine');
    const { text, code } = type('timeout -s INT 5s docker compose up 2>&1');
    expect(text).toContain('Attaching to cache-1, web-1\n');
    expect(text).toMatch(/^web-1 {4}\| .*start worker process/m);
    expect(text).toMatch(/^cache-1 {2}\| .*Ready to accept connections/m);
    expect(text).toContain('Gracefully Stopping... press Ctrl+C again to force\n');
    expect(text).toMatch(/^web-1 exited with code 0$/m);
    expect(code).not.toBe(0);
    expect(must('docker compose ps -a --format "{{.Name}} {{.State}}"')).toBe(
      'app-cache-1 exited\napp-web-1 exited\n',
    );
  });

  it('can be read afterwards, with and without names', () => {
    const { must } = composeSession(
      'services:\n  say:\n    image: alpine:3.22\n    command: echo hello\n',
    );
    must('docker compose up -d; sleep 1');
    expect(must('docker compose logs')).toBe('say-1  | hello\n');
    expect(must('docker compose logs --no-log-prefix say')).toBe('hello\n');
    expect(must('docker compose ps -a --format "{{.Service}} {{.Status}}"')).toMatch(
      /^say Exited \(0\)/,
    );
  });
});
