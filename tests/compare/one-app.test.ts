import { describe, expect, it } from 'vitest';
import { Session } from '../../src/engine/session.ts';
import { oneAppFiles } from './one-app.ts';

/** One application, four servers, by whatever runs it: a page, a counter, a list, a text. */
const FOLDER = 'bookshelf';
const image = (part: string) => `registry.local:5000/bookshelf-${part}:1.0`;
const BUILD = (part: string) => `docker build -q -t ${image(part)} ${part}`;
const PARTS = ['web', 'api', 'db'];

function at(preset: string) {
  const session = new Session({ preset, seed: 7 });
  for (const [path, text] of Object.entries(oneAppFiles())) {
    session.write(`${FOLDER}/${path}`, text);
  }
  const must = (line: string): string => {
    const { printed, exitCode } = session.type(line);
    if (exitCode !== 0) throw new Error(`${line}: ${printed}`);
    return printed;
  };
  must(`cd ${FOLDER}`);
  const asked = (url: string): Record<string, unknown> =>
    JSON.parse(must(`curl -s ${url}`)) as Record<string, unknown>;
  return { session, must, asked, type: (line: string) => session.type(line) };
}

const BOOKS = [
  { title: 'The Soul of a New Machine', author: 'Tracy Kidder' },
  { title: 'A Canticle for Leibowitz', author: 'Walter M. Miller' },
  { title: 'The Sea Around Us', author: 'Rachel Carson' },
];

describe('the application on one machine, by docker run', () => {
  const host = at('host');
  const { must, asked, type } = host;
  for (const part of PARTS) must(BUILD(part));
  const run = (name: string, words: string) =>
    must(`docker run -d --name ${name} --network shelf ${words}`);
  const secret = '-v $PWD/config/db_password.txt:/run/secrets/db_password:ro';
  const account = '-e DB_NAME=bookshelf -e DB_USER=bookshelf';
  const files = '-e DB_PASSWORD_FILE=/run/secrets/db_password -e GREETING_FILE=/greeting.txt';
  must('docker network create shelf');
  run('redis', '-v redis-data:/data redis:8-alpine redis-server --appendonly yes');
  run(
    'db',
    `-e POSTGRES_DB=bookshelf -e POSTGRES_USER=bookshelf ${secret} ` +
      `-e POSTGRES_PASSWORD_FILE=/run/secrets/db_password ` +
      `-v db-data:/var/lib/postgresql/data ${image('db')}`,
  );
  must('sleep 5');
  run(
    'api',
    `-e REDIS_HOST=redis -e DB_HOST=db ${account} ${files} ${secret} ` +
      `-v $PWD/config/greeting.txt:/greeting.txt:ro ${image('api')}`,
  );
  must('sleep 1');
  run('web', `-p 8080:80 ${image('web')}`);
  must('sleep 1');

  it('gives the page, and counts its visits in Redis', () => {
    expect(must('curl -s http://localhost:8080/')).toContain('<h1>Bookshelf</h1>');
    expect(asked('http://localhost:8080/api/visits').visits).toBe(1);
    expect(asked('http://localhost:8080/api/visits').visits).toBe(2);
    expect(must('docker exec redis redis-cli get visits')).toContain('2');
  });

  it('reads the list that the database was made with, and the text of a file', () => {
    expect(asked('http://localhost:8080/api/books').books).toEqual(BOOKS);
    expect(asked('http://localhost:8080/api/greeting').greeting).toBe('Welcome aboard');
    expect(must('curl -s http://localhost:8080/api/version')).toBe('1.0\n');
  });

  it('keeps what it counted and what was written over new containers of the same volumes', () => {
    const insert = `insert into books (title, author) values ('Silent Spring', 'Rachel Carson')`;
    expect(must(`docker exec db psql -U bookshelf -c "${insert}"`)).toBe('INSERT 0 1\n');
    must('docker restart redis db; sleep 5');
    expect(asked('http://localhost:8080/api/visits').visits).toBe(3);
    expect(asked('http://localhost:8080/api/books').books).toEqual([
      ...BOOKS,
      { title: 'Silent Spring', author: 'Rachel Carson' },
    ]);
  });

  it('says what is the matter where a store is gone, or the password is another', () => {
    must('docker stop redis');
    expect(asked('http://localhost:8080/api/visits').error).toBe(
      'redis redis:6379: name not found',
    );
    must('docker start redis');
    must('echo wrong > config/db_password.txt');
    expect(asked('http://localhost:8080/api/books').error).toContain(
      'password authentication failed for user "bookshelf"',
    );
  });

  it('keeps nobody waiting longer than they said, however long its servers would', () => {
    must('sleep 1; docker pause redis');
    const { printed, exitCode } = type(
      "curl -s -m 2 -o /dev/null -w '%{time_total}' http://localhost:8080/api/visits",
    );
    expect(exitCode).toBe(28);
    expect(Number(printed)).toBeCloseTo(2, 1);
    must('docker unpause redis');
  });

  it('has a version that crashes and one that runs but is ill, by arguments of the build', () => {
    must('docker build -q -t crashes --build-arg VERSION=2.0 --build-arg CRASH_AFTER_MS=500 api');
    must('docker run -d --name crashes crashes; sleep 3');
    expect(must("docker inspect -f '{{.State.Status}} {{.State.ExitCode}}' crashes")).toBe(
      'exited 1\n',
    );
    must('docker build -q -t ill --build-arg VERSION=2.0 --build-arg HEALTH_FAILS_AFTER_MS=0 api');
    must('docker run -d --name ill -p 9000:8080 ill; sleep 1');
    const { printed } = type(
      "curl -s -o /dev/null -w '%{http_code}' http://localhost:9000/healthz",
    );
    expect(printed).toBe('503');
    expect(must('curl -s http://localhost:9000/version')).toBe('2.0\n');
  });
});

describe('the application on one machine, by Compose', () => {
  const { must, asked } = at('host');

  it('is built, started in its order and asked, from nothing but its files', () => {
    must('docker compose up -d && sleep 1');
    expect(must('curl -s http://localhost:8080/')).toContain('<h1>Bookshelf</h1>');
    expect(asked('http://localhost:8080/api/visits').visits).toBe(1);
    expect(asked('http://localhost:8080/api/books').books).toEqual(BOOKS);
    const healthy = must("docker ps --filter health=healthy --format '{{.Names}}'").split('\n');
    expect(healthy).toEqual(
      expect.arrayContaining(['bookshelf-api-1', 'bookshelf-db-1', 'bookshelf-redis-1']),
    );
  });

  it('keeps its counter in a volume that is taken down only when asked', () => {
    must('docker compose down && docker compose up -d && sleep 1');
    expect(asked('http://localhost:8080/api/visits').visits).toBe(2);
    must('docker compose down -v && docker compose up -d && sleep 1');
    expect(asked('http://localhost:8080/api/visits').visits).toBe(1);
  });

  it('has a stack that the client takes', () => {
    const config = must('docker stack config -c stack.yaml');
    expect(config).toContain('failure_action: rollback');
  });
});

describe('the application on a cluster, by its manifests', () => {
  const { must, asked } = at('cluster');
  for (const part of PARTS) must(`${BUILD(part)} && docker push -q ${image(part)}`);
  must('kubectl apply -f kubernetes/');
  for (const kind of ['statefulset/redis', 'statefulset/db', 'deployment/api', 'deployment/web']) {
    must(`kubectl rollout status ${kind} --timeout=120s`);
  }

  it('gives the page and the counter at every node', () => {
    for (const [i, node] of ['node-1', 'node-2', 'node-3'].entries()) {
      expect(must(`curl -s http://${node}:30080/`)).toContain('<h1>Bookshelf</h1>');
      expect(asked(`http://${node}:30080/api/visits`).visits).toBe(i + 1);
    }
    expect(asked('http://node-1:30080/api/books').books).toEqual(BOOKS);
  });

  it('reads a changed ConfigMap without a new Pod, within the time the kubelet takes', () => {
    const change = `'{"data":{"greeting.txt":"Ahoy\\n"}}'`;
    const pods = must('kubectl get pods -o name');
    must(`kubectl patch configmap greeting -p ${change}`);
    expect(asked('http://node-1:30080/api/greeting').greeting).toBe('Welcome aboard');
    must('sleep 120');
    expect(asked('http://node-1:30080/api/greeting').greeting).toBe('Ahoy');
    expect(must('kubectl get pods -o name')).toBe(pods);
  });

  it('keeps the counter when the Pod of Redis is deleted', () => {
    const { visits } = asked('http://node-1:30080/api/visits');
    must('kubectl delete pod redis-0');
    must('kubectl rollout status statefulset/redis');
    expect(asked('http://node-1:30080/api/visits').visits).toBe(Number(visits) + 1);
  });
});
