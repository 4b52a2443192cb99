import { describe, expect, it } from 'vitest';
import { composeSession } from './compose-session.ts';

/** `up` again and again: only what the file says otherwise now is made anew. */
const FILE = `services:
  web:
    image: nginx:1.29-alpine
    volumes:
      - pages:/usr/share/nginx/html
  cache:
    image: redis:8-alpine
volumes:
  pages:
`;

describe('a project that is up', () => {
  it('carries labels by which it is known', () => {
    const { must, inspect } = composeSession(FILE);
    must('docker compose up -d');
    const { Labels } = inspect('app-web-1').Config;
    expect(Labels).toMatchObject({
      'com.docker.compose.project': 'app',
      'com.docker.compose.service': 'web',
      'com.docker.compose.container-number': '1',
      'com.docker.compose.oneoff': 'False',
      'com.docker.compose.depends_on': '',
      'com.docker.compose.project.config_files': '/root/app/compose.yaml',
      'com.docker.compose.project.working_dir': '/root/app',
      'com.docker.compose.version': '5.5.0',
    });
    const hash = must('docker compose config --hash web').trim();
    expect(hash).toBe(`web ${Labels?.['com.docker.compose.config-hash']}`);
    expect(Labels?.['com.docker.compose.image']).toMatch(/^sha256:[0-9a-f]{64}$/);
    const label = must("docker volume inspect app_pages --format '{{json .Labels}}'");
    expect(JSON.parse(label)).toMatchObject({ 'com.docker.compose.volume': 'pages' });
  });

  it('stays as it is while the file does', () => {
    const { must, piped } = composeSession(FILE);
    must('docker compose up -d');
    expect(piped('docker compose up -d')).toEqual([
      ' Container app-cache-1 Running ',
      ' Container app-web-1 Running ',
    ]);
  });

  it('replaces a container whose service changed, and no other', () => {
    const { must, piped, save, inspect } = composeSession(FILE);
    must('docker compose up -d');
    const [web, cache] = [inspect('app-web-1').Id, inspect('app-cache-1').Id];
    save(FILE.replace('redis:8-alpine', 'redis:8-alpine\n    environment:\n      MODE: new'));
    expect(piped('docker compose up -d')).toEqual([
      ' Container app-web-1 Running ',
      ' Container app-cache-1 Recreate ',
      ' Container app-cache-1 Recreated ',
      ' Container app-cache-1 Starting ',
      ' Container app-cache-1 Started ',
    ]);
    expect(inspect('app-web-1').Id).toBe(web);
    expect(inspect('app-cache-1').Id).not.toBe(cache);
    expect(must('docker ps -a --format "{{.Names}}"')).toBe('app-cache-1\napp-web-1\n');
  });

  it('keeps what a volume holds, and an unnamed one too, unless told otherwise', () => {
    const { must, inspect } = composeSession(FILE);
    must('docker compose up -d');
    must("docker compose exec web sh -c 'echo kept > /usr/share/nginx/html/new.html'");
    const data = () => inspect('app-cache-1').Mounts.map(({ Name }) => Name);
    const before = data();
    must('docker compose up -d --force-recreate');
    expect(must('docker compose exec web cat /usr/share/nginx/html/new.html')).toBe('kept\n');
    expect(data()).toEqual(before);
    must('docker compose up -d -V');
    expect(data()).not.toEqual(before);
  });

  it('can be told to replace everything, or nothing', () => {
    const { must, piped, save, inspect } = composeSession(FILE);
    must('docker compose up -d');
    const { Id } = inspect('app-web-1');
    save(FILE.replace('pages:/usr', 'pages:/tmp/usr'));
    expect(piped('docker compose up -d --no-recreate')).toHaveLength(2);
    expect(inspect('app-web-1').Id).toBe(Id);
    must('docker compose up -d --force-recreate');
    expect(inspect('app-web-1').Id).not.toBe(Id);
  });

  it('has as many containers as it is told', () => {
    const { must, piped, type } = composeSession(FILE);
    must('docker compose up -d --scale cache=3');
    expect(must('docker compose ps --format "{{.Name}}"')).toBe(
      'app-cache-1\napp-cache-2\napp-cache-3\napp-web-1\n',
    );
    const addresses = must('docker compose exec web nslookup cache | grep -c 172.18').trim();
    expect(Number(addresses)).toBe(3);
    expect(piped('docker compose up -d')).toContain(' Container app-cache-3 Removed ');
    expect(type('docker compose up -d --scale nosuch=2')).toEqual({
      text: 'no such service: nosuch\n',
      code: 1,
    });
  });

  it('warns of containers whose service is gone, and removes them when told', () => {
    const { must, piped, save } = composeSession(FILE);
    must('docker compose up -d');
    save('services:\n  web:\n    image: nginx:1.29-alpine\n');
    expect(piped('docker compose up -d')[0]).toContain(
      'Found orphan containers (app-cache-1) for this project.',
    );
    expect(piped('docker compose up -d --remove-orphans')).toContain(
      ' Container app-cache-1 Removed ',
    );
    expect(must('docker compose ps --services')).toBe('web\n');
  });

  it('asks before it loses data', () => {
    const { must, type, save } = composeSession(FILE);
    must('docker compose up -d');
    save(FILE.replace('  pages:\n', '  pages:\n    labels: [tier=new]\n').concat(''));
    const changed = FILE.replace(/ {2}pages:\n$/, '  pages:\n    labels:\n      tier: new\n');
    save(changed);
    const { text } = type('echo n | docker compose up -d');
    expect(text).toContain(
      'Volume "app_pages" exists but doesn\'t match configuration in compose file. ' +
        'Recreate (data will be lost)?',
    );
    expect(must("docker volume inspect app_pages --format '{{.Labels.tier}}'")).not.toBe('new\n');
    must('docker compose up -d -y');
    expect(must("docker volume inspect app_pages --format '{{.Labels.tier}}'")).toBe('new\n');
  });
});
