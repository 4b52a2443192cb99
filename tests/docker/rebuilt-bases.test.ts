import { expect, test } from 'vitest';
import { Session } from '../../src/engine/session.ts';

const LAYERS = '{{len .RootFS.Layers}}';

function builder(): Session {
  const session = new Session({ preset: 'host', seed: 3 });
  session.write('Dockerfile', 'FROM alpine\nRUN echo built > /built\n');
  session.type('docker pull -q alpine');
  session.type('docker build -q -t web .');
  return session;
}

test('an image that a build stood upon is whole when it comes back', () => {
  const session = builder();
  session.type('docker image prune -a -f');
  session.type('docker pull -q alpine');
  expect(session.type(`docker inspect -f '${LAYERS}' alpine`).printed).toBe('1\n');
});

test('one that shares its first layer with a build is whole when it comes back', () => {
  const session = builder();
  session.type('docker pull -q nginx:alpine');
  const before = session.type(`docker inspect -f '${LAYERS}' nginx:alpine`).printed;
  session.type('docker rmi nginx:alpine');
  session.type('docker pull -q nginx:alpine');
  expect(session.type(`docker inspect -f '${LAYERS}' nginx:alpine`).printed).toBe(before);
});

test('what a build made goes with the cache and the images', () => {
  const session = builder();
  session.type('docker builder prune -a -f');
  expect(session.type('docker run --rm web cat /built').printed).toBe('built\n');
  session.type('docker image prune -a -f');
  const tables = session.world.kernel.store.tables();
  const left = ['content', 'snapshots', 'leases'].map(
    (name) => tables.get(`containerd/${name}`)?.size,
  );
  expect(left).toEqual([0, 0, 0]);
});

test('a restart that is called off gives back the network joined meanwhile', () => {
  const session = builder();
  session.type("docker run -d --name c1 --restart always alpine sh -c 'exit 3'");
  session.type('docker network connect bridge c1');
  session.type('docker kill -s TERM c1');
  const address = "docker inspect -f '{{.NetworkSettings.Networks.bridge.IPAddress}}' c1";
  // Go's words for the zero of an address.
  expect(session.type(address).printed).toBe('invalid IP\n');
});

test('what a container stands on stays when its image and those like it go', () => {
  const session = builder();
  session.type('docker create --name c1 web');
  session.type('docker commit c1 web');
  session.type('docker rmi -f web');
  expect(session.type('docker start c1').exitCode).toBe(0);
  expect(session.type('docker diff c1').exitCode).toBe(0);
});
