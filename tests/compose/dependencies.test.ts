import { describe, expect, it } from 'vitest';
import { composeSession } from './compose-session.ts';

/** What depends on what, and what becomes of it when that fails. */
const healthy = (test: string): string => `services:
  web:
    image: nginx:1.29-alpine
    depends_on:
      cache:
        condition: service_healthy
  cache:
    image: redis:8-alpine
    healthcheck:
      test: ${test}
      interval: 1s
      retries: 2
`;

const afterJob = (command: string): string => `services:
  web:
    image: nginx:1.29-alpine
    depends_on:
      migrate:
        condition: service_completed_successfully
  migrate:
    image: alpine:3.22
    command: ${command}
`;

describe('a service that depends on another', () => {
  it('is started when the other is healthy', () => {
    const { piped, inspect } = composeSession(healthy('["CMD", "redis-cli", "ping"]'));
    const lines = piped('docker compose up -d --quiet-pull');
    expect(lines.slice(-6)).toEqual([
      ' Container app-cache-1 Starting ',
      ' Container app-cache-1 Started ',
      ' Container app-cache-1 Waiting ',
      ' Container app-cache-1 Healthy ',
      ' Container app-web-1 Starting ',
      ' Container app-web-1 Started ',
    ]);
    const started = (name: string): string => inspect(name).State.StartedAt;
    expect(started('app-web-1') > started('app-cache-1')).toBe(true);
  });

  it('is not started when the other is not well', () => {
    const { type, must } = composeSession(healthy('["CMD", "false"]'));
    const { text, code } = type('docker compose up -d 2>&1 | cat; exit_code=${PIPESTATUS[0]}');
    expect(text).toContain(
      ' Container app-cache-1 Error dependency cache failed to start\n' +
        'dependency failed to start: container app-cache-1 is unhealthy\n',
    );
    expect(code).toBe(0);
    expect(must('echo $exit_code')).toBe('1\n');
    expect(must('docker compose ps -a --format "{{.Name}} {{.State}}"')).toBe(
      'app-cache-1 running\napp-web-1 created\n',
    );
  });

  it('waits for one that has to end first', () => {
    const { piped } = composeSession(afterJob('sleep 2'));
    const lines = piped('docker compose up -d --quiet-pull').slice(-4);
    expect(lines).toEqual([
      ' Container app-migrate-1 Waiting ',
      ' Container app-migrate-1 Exited ',
      ' Container app-web-1 Starting ',
      ' Container app-web-1 Started ',
    ]);
  });

  it('is not started when that ended badly', () => {
    const { type } = composeSession(afterJob('sh -c "exit 3"'));
    const { text, code } = type('docker compose up -d');
    expect(text).toContain('service "migrate" didn\'t complete successfully: exit 3\n');
    expect(code).toBe(1);
  });

  it('is stopped before the other', () => {
    const { must, piped } = composeSession(healthy('["CMD", "redis-cli", "ping"]'));
    must('docker compose up -d');
    expect(piped('docker compose stop')).toEqual([
      ' Container app-web-1 Stopping ',
      ' Container app-web-1 Stopped ',
      ' Container app-cache-1 Stopping ',
      ' Container app-cache-1 Stopped ',
    ]);
  });
});

describe('waiting for all', () => {
  it('ends when all run or are healthy', () => {
    const { must } = composeSession(healthy('["CMD", "redis-cli", "ping"]'));
    must('docker compose up --wait');
    expect(must('docker compose ps --format "{{.Service}} {{.Health}}"')).toBe(
      'cache healthy\nweb \n',
    );
  });

  it('fails with the container that ended', () => {
    const { type } = composeSession(
      'services:\n  job:\n    image: alpine:3.22\n    command: sh -c "exit 4"\n',
    );
    const { text, code } = type('docker compose up --wait');
    expect(text).toContain('container app-job-1 exited (4)\n');
    expect(code).toBe(1);
  });
});

describe('hooks of a service', () => {
  const hooked = (post: string): string => `services:
  web:
    image: nginx:1.29-alpine
    post_start:
      - command: ${post}
    pre_stop:
      - command: sh -c "echo bye > /srv/bye"
    volumes: [./srv:/srv]
`;

  it('run in its container when it has started and before it stops', () => {
    const { must } = composeSession(hooked('sh -c "echo $$HOSTNAME > /srv/hello"'));
    must('docker compose up -d; docker compose down');
    expect(must('cat srv/hello')).toMatch(/^[0-9a-f]{12}\n$/);
    expect(must('cat srv/bye')).toBe('bye\n');
  });

  it('end the command when they fail', () => {
    const { type } = composeSession(hooked('sh -c "echo no >&2; exit 3"'));
    const { text, code } = type('docker compose up -d');
    expect(text).toContain('web hook exited with status 3: no\n');
    expect(code).toBe(1);
  });
});
