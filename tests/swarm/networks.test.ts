import { describe, expect, it } from 'vitest';
import { swarmSession } from './swarm-session.ts';

/** It says which container it is. */
const WHOAMI = '-e PORT=80 drydock/app:1.0';
const NGINX = 'nginx:1.29-alpine';
const ALPINE = 'alpine:3.22';

const isUp = 'docker ps --format {{.Names}}';

function running() {
  const one = swarmSession();
  one.found(1, 3);
  one.pass(1);
  /** Names of a service's containers on a machine. */
  const on = (machine: string, service: string): string[] =>
    one
      .must(`ssh ${machine} "${isUp} --filter name=${service}."`)
      .split('\n')
      .filter((line) => line !== '');
  const exec = (machine: string, service: string, command: string): string =>
    one.type(`ssh ${machine} docker exec ${on(machine, service)[0] ?? ''} ${command}`);
  const lookup = (machine: string, service: string, name: string): string[] =>
    [...exec(machine, service, `nslookup ${name}`).matchAll(/^Address: (10\.\S+)$/gm)]
      .map(([, ip = '']) => ip)
      .sort();
  return { ...one, on, exec, lookup };
}

type Running = ReturnType<typeof running>;

function pinned({ must }: Running, name: string, node: string, more: string): void {
  must(`docker service create -d --name ${name} --constraint node.hostname==${node} ${more}`);
}

const hostnames = (answers: readonly string[]): string[] => [
  ...new Set(answers.map((text) => /hello from (\S+)/.exec(text)?.[1] ?? text)),
];

describe('the routing mesh', () => {
  it('leads from a port of any node to a task, also from a node without one', () => {
    const one = running();
    pinned(one, 'web', 'node-3', `-p 8080:80 ${WHOAMI}`);
    one.pass(20);
    for (const n of [1, 2, 3, 4]) {
      expect(one.must(`curl -s http://192.168.10.1${n}:8080`)).toContain('hello from ');
    }
    expect(one.must('ssh node-2 curl -s http://localhost:8080')).toContain('hello from ');
    // node-5 is in no swarm.
    expect(one.type('curl -s -o /dev/null http://192.168.10.15:8080; echo $?')).toBe('7\n');
  });

  it('sends connections to the tasks in turn', () => {
    const one = running();
    one.must(`docker service create -d --name web --replicas 3 -p 8080:80 ${WHOAMI}`);
    one.pass(20);
    const answers = Array.from({ length: 6 }, () => one.must('curl -s http://192.168.10.12:8080'));
    expect(hostnames(answers)).toHaveLength(3);
    expect(hostnames(answers.slice(0, 3))).toHaveLength(3);
  });

  it('hides who asks behind the address of the node', () => {
    const one = running();
    pinned(one, 'web', 'node-3', `-p 8080:80 ${NGINX}`);
    one.pass(20);
    one.must('curl -s http://192.168.10.12:8080');
    one.pass(1);
    expect(one.must('docker service logs --raw web')).toMatch(/^10\.0\.0\.\d+ - - .*"GET \//m);
  });

  it('leaves out tasks that are shut down, and refuses when there are none', () => {
    const one = running();
    one.must(`docker service create -d --name web --replicas 2 -p 8080:80 ${WHOAMI}`);
    one.pass(20);
    one.must('docker service scale -d web=1');
    one.pass(15);
    const answers = Array.from({ length: 4 }, () => one.must('curl -s http://192.168.10.14:8080'));
    expect(hostnames(answers)).toHaveLength(1);
    one.must('docker service scale -d web=0');
    one.pass(15);
    expect(one.type('curl -s http://192.168.10.14:8080; echo $?')).toBe('7\n');
  });

  it('goes round a node that is cut off', () => {
    const one = running();
    one.must(`docker service create -d --name web --mode global -p 8080:80 ${WHOAMI}`);
    one.pass(20);
    const all = (): string[] =>
      hostnames(Array.from({ length: 8 }, () => one.must('curl -s http://192.168.10.11:8080')));
    expect(all()).toHaveLength(4);
    for (const n of [1, 2, 3, 5]) one.must(`drydock fault link node-${n} node-4 cut`);
    one.pass(12);
    expect(all()).toHaveLength(3);
  });

  it('keeps its ports from containers of the machine', () => {
    const one = running();
    one.must(`docker service create -d --name web -p 8080:80 ${WHOAMI}`);
    one.pass(20);
    expect(one.type(`docker run -d -p 8080:80 ${WHOAMI}`)).toContain(
      'failed to bind host port 0.0.0.0:8080/tcp: address already in use',
    );
  });

  it('gives a port to one service alone', () => {
    const one = running();
    one.must(`docker service create -d --name web -p 8080:80 ${WHOAMI}`);
    expect(one.type(`docker service create -d -p 8080:80 ${WHOAMI}`)).toMatch(
      /port '8080' is already in use by service 'web' \(\w{25}\) as an ingress port\n$/,
    );
    one.must(`docker service create -d --name other -p 80 ${WHOAMI}`);
    one.pass(1);
    expect(one.must("docker service ls --filter name=other --format '{{.Ports}}'")).toBe(
      '*:30000->80/tcp\n',
    );
  });
});

it('ports in host mode are open where a task runs, and only there', () => {
  const one = running();
  pinned(one, 'web', 'node-2', `--publish published=9090,target=80,mode=host ${WHOAMI}`);
  one.must('docker network create -d overlay back');
  const publish = '--publish published=9091,target=80,mode=host';
  pinned(one, 'other', 'node-3', `--network back ${publish} ${WHOAMI}`);
  one.pass(20);
  expect(one.must('curl -s http://192.168.10.12:9090')).toContain('hello from ');
  expect(one.must('curl -s http://192.168.10.13:9091')).toContain('hello from ');
  expect(one.type('curl -s http://192.168.10.13:9090; echo $?')).toBe('7\n');
  // Of IPv4 and of IPv6.
  const ports = "docker service ps web --format '{{.Ports}}'";
  expect(one.must(ports)).toBe('*:9090->80/tcp,*:9090->80/tcp\n');
});

describe('an overlay network', () => {
  it('lets a service reach another by name across machines', () => {
    const one = running();
    one.must('docker network create -d overlay back');
    pinned(one, 'db', 'node-3', `--network back ${NGINX}`);
    pinned(one, 'web', 'node-2', `--network back ${ALPINE} sleep 1d`);
    one.pass(20);
    expect(one.exec('node-2', 'web', 'wget -qO- http://db')).toContain('Welcome to nginx!');
    one.pass(1);
    const [own] = one.lookup('node-2', 'web', 'tasks.web');
    expect(one.must('docker service logs --raw db')).toContain(`${own} - - `);
    const [vip] = one.lookup('node-2', 'web', 'db');
    const [task] = one.lookup('node-2', 'web', 'tasks.db');
    expect(vip).not.toBe(task);
    const inspect = "docker service inspect db --format '{{json .Endpoint.VirtualIPs}}'";
    expect(one.must(inspect)).toContain(`"Addr":"${vip}/24"`);
    expect(one.exec('node-2', 'web', `wget -qO- http://${task}`)).toContain('Welcome');
    expect(one.exec('node-2', 'web', 'ping -c1 db')).toContain('1 packets received');
  });

  it('is apart from other networks and from the machines', () => {
    const one = running();
    one.must('docker network create -d overlay back');
    one.must('docker network create -d overlay front');
    pinned(one, 'db', 'node-3', `--network back ${WHOAMI}`);
    pinned(one, 'web', 'node-2', `--network front ${ALPINE} sleep 1d`);
    pinned(one, 'api', 'node-2', `--network back ${ALPINE} sleep 1d`);
    one.pass(20);
    expect(one.exec('node-2', 'web', 'wget -qO- http://db')).toContain("bad address 'db'");
    const [task] = one.lookup('node-2', 'api', 'tasks.db');
    expect(one.type(`ssh node-3 curl -sm2 http://${task}; echo $?`)).toBe('28\n');
  });

  it('has a way out by a bridge of the machine, unless it is internal', () => {
    const one = running();
    one.must('docker network create -d overlay back');
    one.must('docker network create -d overlay --internal inside');
    one.must(`ssh node-5 docker run -d --name outside -p 80:80 ${NGINX}`);
    pinned(one, 'api', 'node-2', `--network back ${ALPINE} sleep 1d`);
    pinned(one, 'db', 'node-2', `--network inside ${ALPINE} sleep 1d`);
    one.pass(20);
    const out = (service: string): string =>
      one.exec('node-2', service, 'wget -qO- -T 2 http://192.168.10.15');
    expect(out('api')).toContain('Welcome to nginx!');
    expect(one.must('ssh node-5 docker logs outside')).toContain('192.168.10.12 - - ');
    expect(out('db')).not.toContain('Welcome');
  });

  it('tells the addresses of all tasks in turn with dnsrr', () => {
    const one = running();
    one.must('docker network create -d overlay back');
    one.must(
      `docker service create -d --name db --replicas 3 --endpoint-mode dnsrr --network back ${WHOAMI}`,
    );
    pinned(one, 'web', 'node-2', `--network back ${ALPINE} sleep 1d`);
    one.pass(25);
    const addresses = one.lookup('node-2', 'web', 'db');
    expect(addresses).toHaveLength(3);
    expect(one.lookup('node-2', 'web', 'tasks.db')).toEqual(addresses);
    one.must('docker service scale -d db=1');
    one.pass(20);
    expect(one.lookup('node-2', 'web', 'db')).toHaveLength(1);
    expect(
      one.type(`docker service create -d --endpoint-mode dnsrr -p 8080:80 ${WHOAMI}`),
    ).toContain("EndpointSpec: port published with ingress mode can't be used with dnsrr mode");
  });

  it('names a task only once it is healthy', () => {
    const one = running();
    one.must('docker network create -d overlay back');
    const check = '--health-cmd "test -f /tmp/ready" --health-interval 1s --health-retries 60';
    pinned(one, 'db', 'node-3', `--network back ${check} ${ALPINE} sleep 1d`);
    pinned(one, 'web', 'node-2', `--network back ${ALPINE} sleep 1d`);
    one.pass(20);
    expect(one.lookup('node-2', 'web', 'db')).toEqual([]);
    one.exec('node-3', 'db', 'touch /tmp/ready');
    one.pass(3);
    expect(one.lookup('node-2', 'web', 'db')).toHaveLength(1);
  });

  it('is on a machine only while a container there needs it', () => {
    const one = running();
    const shown = (machine: string): string =>
      one.must(`ssh ${machine} docker network ls --filter driver=overlay --format {{.Name}}`);
    one.must('docker network create -d overlay back');
    expect([shown('node-1'), shown('node-2')]).toEqual(['back\ningress\n', 'ingress\n']);
    pinned(one, 'db', 'node-2', `--network back ${WHOAMI}`);
    one.pass(20);
    expect(shown('node-2')).toBe('back\ningress\n');
    const rm = one.type('docker network rm back');
    expect(rm).toMatch(
      /^Error response from daemon: rpc error: code = FailedPrecondition desc = network (\w{25}) is in use by service \w{25}\n/,
    );
    one.must('docker service rm db');
    one.pass(15);
    expect(shown('node-2')).toBe('ingress\n');
    expect(one.must('docker network rm back')).toBe('back\n');
    expect(shown('node-1')).toBe('ingress\n');
  });

  it('is joined by hand when it is attachable', () => {
    const one = running();
    one.must('docker network create -d overlay --attachable open');
    one.must('docker network create -d overlay back');
    pinned(one, 'db', 'node-3', `--network open ${WHOAMI}`);
    one.pass(20);
    const run = (network: string): string =>
      one.type(`ssh node-2 docker run --rm --network ${network} ${ALPINE} wget -qO- http://db`);
    expect(run('open')).toContain('hello from ');
    expect(run('back')).toContain(
      'Could not attach to network back: rpc error: code = PermissionDenied desc = network back not manually attachable',
    );
    one.must(`ssh node-2 docker run -d --name box --network open ${ALPINE} sleep 1d`);
    expect(one.exec('node-3', 'db', 'true')).not.toContain('No such');
    expect(one.must('ssh node-2 docker network ls')).toContain('open');
    one.must('ssh node-2 docker rm -f box');
    expect(one.must('ssh node-2 docker network ls')).not.toContain('open');
  });

  it('is made by managers, with the subnet that was asked for', () => {
    const one = running();
    one.must('docker network create -d overlay --subnet 10.9.0.0/16 --label a=b wide');
    one.pass(1);
    const format = "'{{(index .IPAM.Config 0).Subnet}} {{.Scope}} {{json .Labels}}'";
    expect(one.must(`docker network inspect wide --format ${format}`)).toBe(
      '10.9.0.0/16 swarm {"a":"b"}\n',
    );
    expect(one.type('docker network create -d overlay wide')).toBe(
      'Error response from daemon: network with name wide already exists\n',
    );
    expect(one.type('ssh node-2 docker network create -d overlay x')).toContain(
      "Worker nodes can't be used to view or modify cluster state.",
    );
    expect(one.type('ssh node-5 docker network create -d overlay x')).toContain(
      'This node is not a swarm manager. Use "docker swarm init"',
    );
  });
});

it('an inspect tells which machines a network is on, and the end of its load balancer', () => {
  const one = running();
  one.must('docker network create -d overlay back');
  pinned(one, 'a', 'node-2', `--network back ${WHOAMI}`);
  pinned(one, 'b', 'node-3', `--network back ${WHOAMI}`);
  one.pass(20);
  const look = (format: string): string =>
    one.must(`ssh node-2 "docker network inspect back --format '${format}'"`);
  expect(look('{{range .Peers}}{{.IP}} {{end}}').trim().split(' ').sort()).toEqual([
    ...['192.168.10.12', '192.168.10.13'],
  ]);
  expect(look('{{json .Containers}}')).toMatch(/"lb-back":\{"Name":"back-endpoint",/);
  expect(one.must('docker network inspect back')).not.toContain('Peers');
});

it('the network of the mesh goes only when somebody says yes, and no service needs it', () => {
  const one = running();
  one.must(`docker service create -d --name web -p 8080:80 ${WHOAMI}`);
  expect(one.type('echo n | docker network rm ingress')).toContain('WARNING! Before removing');
  expect(one.type('echo y | docker network rm ingress')).toMatch(
    /ingress network cannot be removed because service \w{25} depends on it/,
  );
  one.must('docker service rm web');
  one.pass(15);
  one.must('echo y | docker network rm ingress');
  one.pass(1);
  expect(one.must('ssh node-2 docker network ls')).not.toContain('ingress');
});

it('a node that leaves its swarm keeps nothing of its networks but the bridge', () => {
  const one = running();
  one.must('docker network create -d overlay back');
  pinned(one, 'db', 'node-4', `--network back ${WHOAMI}`);
  one.pass(20);
  one.must('ssh node-4 docker swarm leave');
  one.pass(5);
  expect(one.must('ssh node-4 docker network ls --format {{.Name}}').split('\n')).toEqual([
    ...['bridge', 'docker_gwbridge', 'host', 'none', ''],
  ]);
});

it('a world with networks of a swarm goes on from a checkpoint as it went on before', () => {
  const one = running();
  one.must('docker network create -d overlay back');
  one.must(`docker service create -d --name db --replicas 2 --network back -p 8080:80 ${WHOAMI}`);
  const { kernel } = one.session.world;
  const checkpoint = kernel.checkpoint();
  kernel.advance(kernel.now + 30_000);
  const hash = kernel.hash();
  kernel.restore(checkpoint);
  kernel.advance(kernel.now + 30_000);
  expect(kernel.hash()).toBe(hash);
});

describe('when machines fail', () => {
  it('names and ports lead to tasks elsewhere, and back when the machine is there again', () => {
    const one = running();
    one.must('docker network create -d overlay back');
    one.must(
      `docker service create -d --name db --mode global --network back -p 8080:80 ${WHOAMI}`,
    );
    pinned(one, 'web', 'node-2', `--network back ${ALPINE} sleep 1d`);
    one.pass(25);
    const answers = (): string[] =>
      hostnames(Array.from({ length: 8 }, () => one.exec('node-2', 'web', 'wget -qO- http://db')));
    expect(answers()).toHaveLength(4);
    one.must('drydock fault machine node-3 down');
    one.pass(30);
    expect(answers()).toHaveLength(3);
    expect(one.lookup('node-2', 'web', 'tasks.db')).toHaveLength(3);
    expect(one.must('curl -s http://192.168.10.12:8080')).toContain('hello from ');
    one.must('drydock fault machine node-3 up');
    one.pass(40);
    expect(answers()).toHaveLength(4);
    expect(one.must('curl -s http://192.168.10.13:8080')).toContain('hello from ');
  });

  it('a service is reached while its tasks are replaced one by one', () => {
    const one = running();
    const order = '--update-order start-first --update-parallelism 1 --update-delay 2s';
    one.must(`docker service create -d --name web --replicas 2 ${order} -p 8080:80 ${WHOAMI}`);
    one.pass(20);
    one.must('docker service update -d --image drydock/app:2.0 web');
    const seen = new Set<string>();
    for (let second = 0; second < 40; second++) {
      const answer = one.must('curl -s http://192.168.10.14:8080');
      seen.add(/version (\S+)\)/.exec(answer)?.[1] ?? answer);
      one.pass(1);
    }
    expect([...seen].sort()).toEqual(['1.0', '2.0']);
    expect(one.must('curl -s http://192.168.10.11:8080')).toContain('version 2.0');
  });

  it('no two containers have one address, whatever comes and goes', () => {
    const one = running();
    one.must('docker network create -d overlay --subnet 10.7.0.0/27 back');
    one.must(`docker service create -d --name a --replicas 4 --network back ${ALPINE} sleep 1d`);
    one.must(`docker service create -d --name b --replicas 3 --network back ${ALPINE} sleep 2`);
    const { networks } = one.rooms.docker;
    const taken = (): string[] =>
      ['node-1', 'node-2', 'node-3', 'node-4'].flatMap((machine) => {
        const row = networks.networks.named(machine, 'back');
        return row ? networks.endpoints.on(row).flatMap(({ ip }) => ip ?? []) : [];
      });
    for (const count of [6, 1, 9, 3, 8]) {
      one.must(`docker service scale -d a=${count}`);
      one.pass(17);
      expect(new Set(taken()).size).toBe(taken().length);
      expect(taken().length).toBeGreaterThanOrEqual(count);
    }
  });
});

describe('the name of an overlay network', () => {
  it.each([
    ["'bad name'", 'name must be valid as a DNS name component'],
    ['shop.front', 'name must be valid as a DNS name component'],
    ['a'.repeat(64), 'name must be 63 characters or fewer'],
  ])('%s is refused', (name, why) => {
    const { type, found, pass } = swarmSession();
    found(1, 0);
    pass(1);
    expect(type(`docker network create -d overlay ${name}`)).toBe(
      `Error response from daemon: rpc error: code = InvalidArgument desc = ${why}\n`,
    );
    expect(type('docker network ls --filter driver=overlay --format {{.Name}}')).toBe('ingress\n');
  });
});
