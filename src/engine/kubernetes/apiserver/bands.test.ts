import { expect, it } from 'vitest';
import { addressAt, ipRange, parsePortRange, placeInRange, portBand } from './bands.ts';

it('a range of addresses keeps its lower part for fixed picks', () => {
  const offsets: [string, number][] = [
    ['192.168.1.1/32', 0],
    ['192.168.1.1/28', 0],
    ['192.168.1.1/27', 16],
    ['192.168.1.1/16', 256],
    ['10.96.0.0/12', 256],
    ['fd00::1/126', 0],
    ['fd00::1/122', 16],
  ];
  for (const [cidr, offset] of offsets) expect(ipRange(cidr)?.offset).toBe(offset);
  for (const text of ['10.0.0.0', '10.0.0.0/33', 'fd00::1/129', 'a/8']) {
    expect(ipRange(text)).toBeUndefined();
  }
});

it('neither the network’s own address nor the broadcast address is given', () => {
  const range = ipRange('192.168.1.0/24')!;
  expect(range.size).toBe(254);
  expect(addressAt(range, 0)).toBe('192.168.1.1');
  for (const ip of ['192.168.1.0', '192.168.1.255', '192.168.0.1', '192.168.2.2', '::1']) {
    expect(placeInRange(range, ip)).toBeUndefined();
  }
  const six = ipRange('2001:db8:1::/48')!;
  expect(six.size).toBe(65_535);
  expect(addressAt(six, 299)).toBe('2001:db8:1::12c');
  expect(placeInRange(six, '2001:db8:1::1:0')).toBeUndefined();
});

it('a range of node ports is split as well', () => {
  expect([2768, 10, 16, 128, 4096].map(portBand)).toEqual([86, 0, 0, 16, 128]);
  expect(parsePortRange('10000-10200')).toEqual({ base: 10_000, size: 201 });
  expect(parsePortRange('30000+100')).toEqual({ base: 30_000, size: 101 });
  expect(parsePortRange('5-4')).toBeUndefined();
});
