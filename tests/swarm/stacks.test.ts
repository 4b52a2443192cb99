import { describe, expect, it } from 'vitest';
import { swarmSession } from './swarm-session.ts';

const FILE = `version: "3.8"
services:
  web:
    image: nginx:1.29-alpine
    build: .
    container_name: web
    depends_on: [redis]
    ports: ["8080:80"]
    deploy:
      replicas: 3
      update_config: { parallelism: 2, delay: 2s }
      resources: { limits: { cpus: "0.5", memory: 128M } }
    networks: [front]
    secrets: [token]
    configs:
      - source: page
        target: /usr/share/nginx/html/index.html
  redis:
    image: redis:8
    restart: on-failure:4
    volumes: [data:/data]
    networks:
      front: { aliases: [cache] }
networks: { front: {} }
volumes: { data: {} }
secrets: { token: { file: ./token.txt } }
configs: { page: { file: ./index.html } }
`;

const NOTICES =
  'Ignoring unsupported options: build, restart\n\n' +
  'Ignoring deprecated options:\n\n' +
  'container_name: Setting the container name is not supported.\n\n';

const IN_BACKGROUND =
  'Since --detach=false was not specified, tasks will be created in the background.\n' +
  'In a future release, --detach=false will become the default.\n';

const DEPLOY = 'docker stack deploy -c docker-compose.yml my_stack';

function withFile(file = FILE) {
  const one = swarmSession();
  one.must('echo hello > index.html');
  one.must('echo t0ken > token.txt');
  const write = (text: string): void => {
    one.session.world.files.write('node-1', '/root/docker-compose.yml', text);
  };
  write(file);
  return { ...one, write };
}

function deployed(file = FILE) {
  const one = withFile(file);
  one.found(1, 2);
  const printed = one.type(DEPLOY);
  one.pass(20);
  return { ...one, printed };
}

describe('docker stack deploy', () => {
  it('says what it passes over, and makes what the file has', () => {
    const { printed, must } = deployed();
    expect(printed).toBe(
      `${NOTICES}${IN_BACKGROUND}Creating network my_stack_front\n` +
        'Creating secret my_stack_token\nCreating config my_stack_page\n' +
        'Creating service my_stack_redis\nCreating service my_stack_web\n',
    );
    expect(must('docker stack ls')).toBe('NAME       SERVICES\nmy_stack   2\n');
    const format = "'{{.Name}} {{.Replicas}} {{.Ports}}'";
    expect(must(`docker stack services my_stack --format ${format}`)).toBe(
      'my_stack_redis 1/1 \nmy_stack_web 3/3 *:8080->80/tcp\n',
    );
    expect(must('docker network ls --filter label=com.docker.stack.namespace -q')).toMatch(
      /^\S+\n$/,
    );
    const tasks = must("docker stack ps my_stack --format '{{.Name}} {{.DesiredState}}'");
    expect(tasks.split('\n')).toEqual([
      'my_stack_redis.1 Running',
      ...[1, 2, 3].map((slot) => `my_stack_web.${slot} Running`),
      '',
    ]);
  });

  it('gives containers their configs, secrets, limits and names', () => {
    const { must } = deployed();
    expect(must('curl -s http://192.168.10.13:8080')).toBe('hello\n');
    const [name] = must("docker ps --filter name=my_stack_web --format '{{.Names}}'").split('\n');
    expect(must(`docker exec ${name} cat /run/secrets/token`)).toBe('t0ken\n');
    expect(must(`docker exec ${name} getent hosts cache redis my_stack_redis`).split('\n')).toEqual(
      [expect.stringMatching(/^10\.0\.1\.\d+ .*cache/), expect.any(String), expect.any(String), ''],
    );
    const limits = "docker inspect --format '{{.HostConfig.Memory}} {{.HostConfig.NanoCpus}}'";
    expect(must(`${limits} ${name}`)).toBe('134217728 500000000\n');
    const restart = "docker service inspect my_stack_redis --format '{{json .Spec.TaskTemplate}}'";
    expect(must(restart)).toContain(
      '"RestartPolicy":{"Condition":"on-failure","Delay":5000000000,"MaxAttempts":4}',
    );
    const update = "docker service inspect my_stack_web --format '{{json .Spec.UpdateConfig}}'";
    expect(must(update)).toContain('"Parallelism":2,"Delay":2000000000,"FailureAction":"pause"');
  });

  it('updates what is there and removes nothing but with --prune', () => {
    const { write, type, must, pass } = deployed();
    const list = "docker stack services my_stack --format '{{.Name}} {{.Image}}'";
    write(
      FILE.replace('nginx:1.29-alpine', 'nginx:1.28').replace(
        /  redis:\n[\s\S]*?(?=networks: \{)/,
        '',
      ),
    );
    const again = type(DEPLOY);
    expect(again).toContain('Updating service my_stack_web (id: ');
    expect(again).not.toContain('Creating');
    pass(40);
    expect(must(list)).toBe('my_stack_redis redis:8\nmy_stack_web nginx:1.28\n');
    expect(type(DEPLOY.replace('deploy', 'deploy --prune'))).toContain(
      'Removing service my_stack_redis\n',
    );
    pass(5);
    expect(must(list)).toBe('my_stack_web nginx:1.28\n');
  });

  it('leaves tasks alone when nothing has changed', () => {
    const { type, must, pass } = deployed();
    const ids = (): string => must('docker stack ps -q my_stack');
    const before = ids();
    type(DEPLOY);
    pass(20);
    expect(ids()).toBe(before);
  });

  it('waits until all is there with --detach=false', () => {
    const { found, type } = withFile();
    found(1, 2);
    const printed = type(DEPLOY.replace('deploy', 'deploy --detach=false'));
    expect(printed).not.toContain('in the background');
    expect(printed).toMatch(
      /overall progress: 3 out of 3 tasks[\s\S]*verify: Service \S+ converged/,
    );
  });
});

describe('a stack that cannot be deployed', () => {
  it('is refused where no swarm is, and at workers', () => {
    const { session, type, found, must } = withFile();
    const refusal =
      'this node is not a swarm manager. Use "docker swarm init" or "docker swarm join" to ' +
      'connect this node to swarm and try again\n';
    const { printed, exitCode } = session.type(DEPLOY);
    expect([printed, exitCode]).toEqual([NOTICES + IN_BACKGROUND + refusal, 1]);
    found(1, 1);
    const [file, stack] = ['stack.yml', 'services: { a: { image: nginx } }'];
    session.world.files.write('node-2', `/root/${file}`, stack);
    expect(type(`ssh node-2 docker stack deploy -c ${file} x`)).toContain(refusal);
    expect(must('docker stack ls')).toBe('NAME      SERVICES\n');
  });

  it('is told of in words', () => {
    const { found, write, type } = withFile();
    found(1, 0);
    expect(type('docker stack deploy x')).toBe('specify a Compose file (with --compose-file)\n');
    expect(type('docker stack deploy -c none.yml x')).toBe(
      'open none.yml: no such file or directory\n',
    );
    write('services: { a: { build: . } }');
    expect(type(DEPLOY)).toContain('invalid image reference for service a: no image specified\n');
    write('services: { a: { image: "Nginx" } }');
    expect(type(DEPLOY)).toContain('invalid image reference for service a: invalid reference');
    write('services: { a: { image: nginx, networks: [n] } }\nnetworks: { n: { external: true } }');
    expect(type(DEPLOY)).toContain('network "n" is declared as external, but could not be found.');
    write('services: { a: { image: nginx, secrets: [s] } }\nsecrets: { s: { external: true } }');
    expect(type(DEPLOY)).toContain('service a: secret not found: s\n');
    write('services: { a: { image: nginx, deploy: { mode: global, replicas: 2 } } }');
    expect(type(DEPLOY)).toContain(
      'service a: replicas can only be used with replicated or replicated-job mode\n',
    );
    write('services: { a: { image: nginx, mem_limit: 1g } }');
    expect(type(DEPLOY)).toMatch(/mem_limit/);
  });

  it('is told of a port that another service has', () => {
    const { type, must } = deployed();
    must('docker service create -d --name other -p 9090:80 nginx:1.29-alpine');
    const file = 'services: { a: { image: nginx, ports: ["9090:80"] } }';
    const printed = type(`echo '${file}' | docker stack deploy -c - second`);
    expect(printed).toMatch(
      /failed to create service second_a: Error response from daemon: rpc error: code = InvalidArgument desc = port '9090' is already in use by service 'other' \(\w{25}\) as an ingress port\n$/,
    );
  });
});

describe('docker stack rm', () => {
  it('removes all that the stack made, but no volumes', () => {
    const { must, type, pass, containers } = deployed();
    expect(must('docker stack rm my_stack')).toBe(
      'Removing service my_stack_redis\nRemoving service my_stack_web\n' +
        'Removing secret my_stack_token\nRemoving config my_stack_page\n' +
        'Removing network my_stack_front\n',
    );
    pass(30);
    expect(must('docker network ls --filter driver=overlay --format {{.Name}}')).toBe('ingress\n');
    expect(['node-1', 'node-2', 'node-3'].flatMap(containers)).toEqual([]);
    expect(type('docker stack rm my_stack')).toBe('Nothing found in stack: my_stack\n');
    expect(type('docker stack ps my_stack')).toBe('nothing found in stack: my_stack\n');
    expect(type('docker stack services my_stack')).toBe('Nothing found in stack: my_stack\n');
  });
});

it('docker stack rm waits for the tasks where that is asked, and they are found until they end', () => {
  const now = deployed();
  now.must('docker stack rm my_stack');
  expect(now.containers('node-1').join()).toContain(' Up ');
  expect(now.must('docker stack ps -q my_stack')).not.toBe('');

  const patient = deployed();
  patient.must('docker stack rm --detach=false my_stack');
  const left = ['node-1', 'node-2', 'node-3'].flatMap(patient.containers);
  expect(left.filter((line) => line.includes(' Up '))).toEqual([]);
});

it('docker stack config prints the file as it is read', () => {
  const { must } = withFile('services: { a: { image: "nginx:${TAG:-1}", ports: ["80"] } }');
  expect(must('docker stack config -c docker-compose.yml')).toBe(
    'version: "3.13"\nservices:\n  a:\n    image: nginx:1\n    ports:\n' +
      '      - mode: ingress\n        target: 80\n        protocol: tcp\n',
  );
  const skipped = 'docker stack config --skip-interpolation -c docker-compose.yml';
  expect(must(skipped)).toContain('nginx:${TAG:-1}');
});

it('a file of two lines a service is a stack as it is: founded, deployed, and found by name', () => {
  const { must, type, pass, containers } = withFile(
    [
      "version: '3'",
      'services:',
      '  web:',
      '    image: nginx',
      '    ports:',
      '      - "80:80"',
      '  db:',
      '    image: mysql',
      '    environment:',
      '      MYSQL_ROOT_PASSWORD: example',
      '',
    ].join('\n'),
  );
  must('docker swarm init');
  expect(type(DEPLOY)).toBe(
    `${IN_BACKGROUND}Creating network my_stack_default\n` +
      'Creating service my_stack_db\nCreating service my_stack_web\n',
  );
  pass(90);
  expect(containers('node-1')).toHaveLength(2);
  expect(must('curl -s http://localhost/')).toContain('Welcome to nginx');
  const inside = (service: string, command: string): string =>
    must(`docker exec $(docker ps -q --filter name=my_stack_${service}) ${command}`);
  expect(inside('web', 'getent hosts db')).toMatch(/^10\.0\.1\.\d+ +db/);
  expect(inside('db', 'mysqladmin -h db -uroot -pexample ping')).toContain('mysqld is alive');
});
