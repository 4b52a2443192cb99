import { describe, expect, it } from 'vitest';
import { swarmSession } from './swarm-session.ts';

/** Services on networks that every machine has of its own, and what is told of those that span. */
function room() {
  const swarm = swarmSession();
  swarm.found(1, 1);
  const { must, pass } = swarm;
  const container = (machine: string, format: string): string =>
    must(`ssh ${machine} "docker inspect \\$(docker ps -q) --format '${format}'"`).trim();
  const inspect = (name: string, format: string): string =>
    must(`docker service inspect ${name} --format '${format}'`).trim();
  const service = (name: string, flags: string): void => {
    must(`docker service create -d --name ${name} --mode global ${flags} nginx:1.29-alpine`);
    pass(10);
  };
  return { ...swarm, container, inspect, service };
}

describe('a service on a network of each machine', () => {
  it('has its tasks there, and the swarm an object that stands for it', () => {
    const { service, container, inspect, must } = room();
    service('edge', '--network host');
    expect(container('node-1', '{{.HostConfig.NetworkMode}}')).toBe('host');
    expect(container('node-2', '{{.HostConfig.NetworkMode}}')).toBe('host');
    expect(must('curl -s http://192.168.10.12/')).toContain('Welcome to nginx');
    const network = inspect('edge', '{{(index .Spec.TaskTemplate.Networks 0).Target}}');
    expect(inspect('edge', '{{json .Endpoint.VirtualIPs}}')).toBe(`[{"NetworkID":"${network}"}]`);
    const form = '{{.Name}} {{.Scope}} {{json .Labels}}';
    expect(must(`docker network inspect ${network} --format '${form}'`)).toBe(
      'host swarm {"com.docker.swarm.predefined":"true"}\n',
    );
    expect(must('docker network ls -q --no-trunc')).not.toContain(network);
    expect(must('docker service inspect --pretty edge')).toContain('\nNetworks: host \n');
  });

  it('gets addresses of each machine on bridge, and none of the swarm', () => {
    const { service, container } = room();
    service('inner', '--network bridge');
    const form = '{{.HostConfig.NetworkMode}} {{.NetworkSettings.Networks.bridge.IPAddress}}';
    expect(container('node-1', form)).toBe('bridge 172.17.0.2');
    expect(container('node-2', form)).toBe('bridge 172.17.0.2');
  });

  it('leaves it when it is told to', () => {
    const { service, inspect, must, container, pass } = room();
    service('edge', '--network host');
    must('docker service update -d --network-rm host edge');
    pass(40);
    expect(inspect('edge', '{{json .Endpoint}}')).toBe('{"Spec":{"Mode":"vip"}}');
    expect(container('node-2', '{{.HostConfig.NetworkMode}}')).not.toBe('host');
  });

  it.each(['none', 'mine'])('cannot be on %s', (name) => {
    const { must, type, api } = room();
    must('docker network create mine');
    expect(type(`docker service create -d --network ${name} nginx:1.29-alpine`)).toBe(
      `Error response from daemon: network ${name} not found\n`,
    );
    const TaskTemplate = { ContainerSpec: { Image: 'nginx' }, Networks: [{ Target: name }] };
    expect(api({ method: 'POST', path: '/services/create', body: { TaskTemplate } })).toEqual({
      status: 403,
      body: {
        message:
          `The network ${name} cannot be used with services. Only networks scoped to the swarm ` +
          'can be used, such as those created with the overlay driver.',
      },
    });
  });
});

describe('docker network inspect --verbose', () => {
  const FORM =
    '{{range $name, $s := .Services}}{{$name}} {{$s.VIP}} {{$s.Ports}}' +
    '{{range $s.Tasks}} {{.EndpointIP}}@{{index .Info "Host IP"}}{{end}};{{end}}';

  it('tells of the services on a network, wherever their tasks are', () => {
    const { must, service } = room();
    must('docker network create -d overlay back');
    service('db', '--network back');
    service('web', '--network back --publish 8080:80');
    const on = (network: string): string =>
      must(`docker network inspect --verbose ${network} --format '${FORM}'`);
    expect(on('back')).toMatch(
      /^db 10\.0\.1\.2 \[\] 10\.0\.1\.\d@192\.168\.10\.1[12] 10\.0\.1\.\d@192\.168\.10\.1[12];web /,
    );
    expect(on('ingress')).toMatch(/^web 10\.0\.0\.\d+ \[Target: 80, Publish: 8080\] /);
    expect(must(`docker network inspect back --format '${FORM}'`)).toBe('\n');
  });
});
