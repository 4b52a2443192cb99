import { expect, it } from 'vitest';
import { Session } from '../../src/engine/session.ts';

/** Two containers on the default bridge, where names mean nothing. */
function twoContainers() {
  const session = new Session({ preset: 'host', seed: 1 });
  const type = (line: string) => session.type(line).printed;
  type('docker run -q -d --name api drydock/app');
  type('docker run -q -d --name web drydock/app && sleep 2');
  return type;
}

it('finds names as soon as both are on a network that a user defined, without a restart', () => {
  const type = twoContainers();
  const found = 'docker exec web getent hosts api';
  expect(type(found)).toBe('');
  type('docker network create harbor');
  type('docker network connect harbor web');
  expect(type(found)).toBe('');
  expect(type('docker exec web cat /etc/resolv.conf')).toContain('nameserver 127.0.0.11\n');
  type('docker network connect harbor api');
  expect(type(found)).toMatch(/^172\.18\.0\.3 +api/);
});

it('asks the server outside while it is on the default bridge alone', () => {
  const type = twoContainers();
  const before = type('docker exec web cat /etc/resolv.conf');
  expect(before).not.toContain('127.0.0.11');
  type('docker network disconnect bridge web');
  type('docker network connect bridge web');
  expect(type('docker exec web cat /etc/resolv.conf')).toBe(before);
});
