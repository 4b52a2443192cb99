import { describe, expect, it } from 'vitest';
import type { PortSummary } from './api.ts';
import { isRefused } from '../go/refused.ts';
import { displayPorts, parsePublish } from './publish.ts';

const read = (text: string) => {
  const mappings = parsePublish(text);
  if (isRefused(mappings)) return mappings.refused;
  return mappings.map(({ HostIp, HostPort, port }) => `${HostIp}|${HostPort}|${port}`);
};

// Rows of docker/go-connections `nat/nat_test.go` and docker/cli `formatter/container_test.go`.
describe('-p', () => {
  it('is an address, a host port and a port, the last alone needed', () => {
    expect(read('80')).toEqual(['||80/tcp']);
    expect(read('192.168.1.100::6000/udp')).toEqual(['192.168.1.100||6000/udp']);
    expect(read('[::1]:80:80')).toEqual(['::1|80|80/tcp']);
    expect(read('1234-1236:2234-2236/SCTP')).toEqual([
      '|1234|2234/sctp',
      '|1235|2235/sctp',
      '|1236|2236/sctp',
    ]);
  });

  it('is refused in the words of docker', () => {
    expect(read('')).toBe('no port specified: <empty>');
    expect(read('0.0.0.0:1234-1235:/tcp')).toBe('no port specified: 0.0.0.0:1234-1235:/tcp<empty>');
    expect(read('abc')).toBe('invalid containerPort: abc');
    expect(read('99999:80')).toBe('invalid hostPort: 99999');
    expect(read('80:80/xyz')).toBe('invalid proto: xyz');
    expect(read('localhost:1234:1234')).toBe('invalid IP address: localhost');
    expect(read('80-81:80-82')).toBe(
      'invalid ranges specified for container and host Ports: 80-82 and 80-81',
    );
  });
});

describe('the PORTS column', () => {
  const port = (IP: string, PrivatePort: number, PublicPort = 0, Type = 'tcp'): PortSummary => ({
    ...(IP === '' ? {} : { IP }),
    PrivatePort,
    PublicPort,
    Type,
  });

  it('joins neighbours and puts renumbered ports last', () => {
    expect(displayPorts([port('', 9988, 8899)])).toBe('9988/tcp');
    expect(displayPorts([port('', 9998, 0, 'udp'), port('', 9999, 0, 'udp')])).toBe(
      '9998-9999/udp',
    );
    expect(displayPorts([port('1.2.3.4', 9999, 9999), port('1.2.3.4', 9998, 9998)])).toBe(
      '1.2.3.4:9998-9999->9998-9999/tcp',
    );
    expect(
      displayPorts([port('1.2.3.4', 6677, 7766), port('', 9988, 8899, 'udp'), port('::', 9988)]),
    ).toBe('9988/udp, 1.2.3.4:7766->6677/tcp, [::]:0->9988/tcp');
  });
});
