import { describe, expect, it } from 'vitest';
import { composeSession } from './compose-session.ts';

/** What else a person asks of a project. */
const FILE = `services:
  web:
    build: .
    ports:
      - "8080:80"
    environment:
      MODE: test
    secrets: [token]
    configs:
      - source: motd
        target: /etc/motd
    depends_on: [cache]
  cache:
    image: redis:8-alpine
    restart: unless-stopped
  tool:
    image: alpine:3.22
    command: echo tooled
    profiles: [tools]
secrets:
  token:
    environment: TOKEN
configs:
  motd:
    content: |
      hello \${NAME:-you}
`;

function running() {
  const session = composeSession(FILE);
  session.save('FROM nginx:1.29-alpine\nRUN echo built > /built\n', 'Dockerfile');
  session.save('TOKEN=s3cret\n', '.env');
  session.must('docker compose up -d');
  return session;
}

describe('a project with a service that is built', () => {
  it('builds it, and gives it its secrets and configs', () => {
    const { must } = running();
    expect(must('docker compose exec -T web cat /built /run/secrets/token /etc/motd')).toBe(
      'built\ns3crethello you\n',
    );
    expect(must('docker images --format "{{.Repository}}" | grep app')).toBe('app-web\n');
    expect(must('curl -s -o /dev/null -w "%{http_code}" localhost:8080')).toBe('200');
    expect(must('docker compose port web 80')).toBe('0.0.0.0:8080\n');
  });

  it('is built anew when its files changed and it is told', () => {
    const { must, save, inspect } = running();
    const before = inspect('app-web-1').Id;
    save('FROM nginx:1.29-alpine\nRUN echo again > /built\n', 'Dockerfile');
    must('docker compose up -d');
    expect(inspect('app-web-1').Id).toBe(before);
    must('docker compose up -d --build');
    expect(inspect('app-web-1').Id).not.toBe(before);
    expect(must('docker compose exec web cat /built')).toBe('again\n');
  });

  it('runs a command once beside it', () => {
    const { must, type } = running();
    expect(must('docker compose run --rm cache redis-cli -h cache ping 2>/dev/null')).toBe(
      'PONG\n',
    );
    expect(must('docker compose ps -a --format "{{.Name}}"')).toBe('app-cache-1\napp-web-1\n');
    expect(type("docker compose run -e X=y cache sh -c 'echo $X; exit 5' 2>/dev/null")).toEqual({
      text: 'y\n',
      code: 5,
    });
    const name = /^app-cache-run-[0-9a-f]{12}$/m;
    expect(must('docker compose ps -a --format "{{.Name}}"')).toMatch(name);
    expect(must('docker compose ps --format "{{.Name}}"')).not.toMatch(name);
    must('docker compose down --remove-orphans');
    expect(must('docker ps -aq')).toBe('');
  });

  it('lets a profile stay off until it is asked for', () => {
    const { must } = running();
    expect(must('docker compose config --services')).toBe('cache\nweb\n');
    expect(must('docker compose --profile tools config --services')).toBe('cache\ntool\nweb\n');
    expect(must('docker compose run --rm tool 2>/dev/null')).toBe('tooled\n');
  });

  it('is stopped, started, paused, killed and removed by service', () => {
    const { must, piped } = running();
    const states = (): string => must('docker compose ps -a --format "{{.Service}} {{.State}}"');
    expect(piped('docker compose stop web')).toContain(' Container app-web-1 Stopped ');
    expect(states()).toBe('cache running\nweb exited\n');
    expect(piped('docker compose start web')).toContain(' Container app-web-1 Started ');
    expect(piped('docker compose pause cache')).toEqual([' Container app-cache-1 Paused ']);
    expect(states()).toBe('cache paused\nweb running\n');
    must('docker compose unpause; docker compose kill web');
    expect(states()).toBe('cache running\nweb exited\n');
    expect(piped('docker compose rm -f web')[0]).toBe('Going to remove app-web-1');
    expect(states()).toBe('cache running\n');
    expect(must('docker inspect app-cache-1 --format "{{.HostConfig.RestartPolicy.Name}}"')).toBe(
      'unless-stopped\n',
    );
  });

  it('says why a port cannot be had', () => {
    const { must, type } = running();
    must('mkdir ../other && cd ../other');
    must(
      'printf \'services:\\n  web:\\n    image: nginx:1.29-alpine\\n    ports: ["8080:80"]\\n\' > compose.yaml',
    );
    const { text, code } = type('docker compose up -d');
    expect(text).toContain('Bind for 0.0.0.0:8080 failed: port is already allocated\n');
    expect(code).toBe(1);
    expect(must('docker compose ls -a --format json')).toContain('"Name":"other"');
  });

  it('knows a project by its name alone', () => {
    const { must } = running();
    must('cd /');
    expect(must('docker compose -p app ps --services')).toBe('cache\nweb\n');
    must('docker compose -p app down');
    expect(must('docker ps -aq')).toBe('');
    expect(must('docker network ls --format "{{.Name}}"')).not.toContain('app_default');
  });
});

describe('what is not there', () => {
  it('is refused in the words of the tool', () => {
    const { type } = composeSession('services:\n  web:\n    image: nginx:1.29-alpine\n');
    expect(type('docker compose exec web true')).toEqual({
      text: 'service "web" is not running\n',
      code: 1,
    });
    expect(type('docker compose up --frob').text).toBe('unknown flag: --frob\n');
    expect(type('docker compose frob').text).toContain('unknown docker command: "compose frob"\n');
    expect(type('docker compose up nosuch').text).toBe('no such service: nosuch\n');
    expect(type('docker-compose up').code).toBe(127);
    type('cd /root && mkdir empty && cd empty');
    expect(type('docker compose up')).toEqual({
      text: 'no configuration file provided: not found\n',
      code: 1,
    });
  });

  const COMMANDS = ['build', 'create', 'down', 'events', 'images', 'kill', 'logs', 'pause', 'ps'];
  const OTHERS = ['pull', 'push', 'restart', 'rm', 'run', 'start', 'stop', 'up -d', 'config'];

  it.each([...COMMANDS, ...OTHERS])('is no service for %s', (command) => {
    const { type } = composeSession('services:\n  web:\n    image: nginx:1.29-alpine\n');
    const { text, code } = type(`docker compose ${command} nosuch`);
    // Those that look for containers find none.
    const isLooked = command === 'images';
    expect(code).toBe(isLooked ? 0 : 1);
    if (!isLooked) expect(text).toBe('no such service: nosuch\n');
  });
});
