import { expect, test } from 'vitest';
import { Session } from '../../src/engine/session.ts';

/** Templates of `inspect`, `info` and `version` work on structs first, then on the answer. */
function host(): (command: string) => string {
  const session = new Session({ preset: 'host', seed: 7 });
  const type = (command: string): string => session.type(command).printed;
  type('docker run -d --name web -p 8080:80 nginx:alpine');
  return type;
}

test('what an answer leaves out is nothing, no mistake, until one asks for more of it', () => {
  const type = host();
  expect(type("docker inspect -f '{{.State.Health}} {{.HostConfig.Tmpfs}}' web")).toBe(
    '<nil> map[]\n',
  );
  expect(type("docker inspect -f '{{.State.Health.Status}}' web")).toBe(
    '\ntemplate parsing error: template: :1:8: executing "" at <.State.Health.Status>: ' +
      'map has no entry for key "Health"\n',
  );
  expect(type("docker info -f '{{.Swarm.Managers}} {{.Swarm.Cluster}}'")).toBe('0 <nil>\n');
});

test('names of Go and names of JSON both find a field, each on its own', () => {
  const type = host();
  const id = type('docker ps -q --no-trunc');
  expect(type("docker inspect -f '{{.ID}}' web")).toBe(id);
  expect(type("docker inspect -f '{{.Id}}' web")).toBe(id);
  expect(type("docker inspect -f '{{.ID}} {{.Id}}' web")).toContain('no entry for key "ID"');
});

test('ports are no texts in Go: a template that takes one by name works on the answer', () => {
  const type = host();
  const ports = '(index .NetworkSettings.Ports "80/tcp")';
  expect(type(`docker inspect -f '{{(index ${ports} 0).HostPort}}' web`)).toBe('8080\n');
  expect(type(`docker inspect -f '{{index ${ports} 0}}' web`)).toBe(
    'map[HostIp:0.0.0.0 HostPort:8080]\n',
  );
  const all =
    '{{range $port, $to := .NetworkSettings.Ports}}{{$port}} {{(index $to 0).HostIP}}{{end}}';
  expect(type(`docker inspect -f '${all}' web`)).toBe('80/tcp 0.0.0.0\n');
});

test('a container that stands still has no address', () => {
  const type = host();
  const address = "docker inspect -f '{{.NetworkSettings.Networks.bridge.IPAddress}}' web";
  expect(type(address)).toBe('172.17.0.2\n');
  type('docker stop web');
  expect(type(address)).toBe('invalid IP\n');
});

test('durations, times and what was never set, of a service', () => {
  const type = host();
  type('docker swarm init');
  type('docker service create -d --name api --restart-delay 5s --replicas 2 nginx:alpine');
  const of = (field: string): string => type(`docker service inspect -f '{{${field}}}' api`);
  expect(of('.Spec.TaskTemplate.RestartPolicy.Delay')).toBe('5s\n');
  expect(of('json .Spec.TaskTemplate.RestartPolicy.Delay')).toBe('5000000000\n');
  expect(of('.Spec.TaskTemplate.ContainerSpec.Env')).toBe('[]\n');
  expect(of('.Spec.Mode.Replicated.Replicas')).toBe('2\n');
  expect(of('.CreatedAt')).toMatch(/^2026-01-05 00:00:[\d.]+ \+0000 UTC\n$/);
  expect(of('.UpdateStatus')).toBe('<nil>\n');
});

test('docker info tells of the client without a daemon, and of whom the registry knows', () => {
  const type = host();
  const auths = '{"auths":{"https://index.docker.io/v1/":{"auth":"bW9ieTp4"}}}';
  type(`mkdir -p ~/.docker; echo '${auths}' > ~/.docker/config.json`);
  expect(type('docker info')).toContain('\n Username: moby\n Experimental: false\n');
  expect(type("docker info -f '{{.ClientInfo.APIVersion}}|{{.ServerVersion}}'")).toBe('|29.7.2\n');
  type('drydock fault daemon host stop');
  expect(type("docker info -f '{{.ClientInfo.Version}}'")).toBe('29.7.2\n');
  expect(type("docker info -f '{{.Containers}}'")).toMatch(
    /^0\nfailed to connect to the docker API/,
  );
  expect(type('docker info')).toMatch(/\n\nServer:\nfailed to connect to the docker API at unix/);
});
