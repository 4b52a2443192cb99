import type { Command } from '../../machine/command.ts';
import { addressesOf, maskOf, rangeOf } from './interfaces.ts';
import { fail, isBusybox, left, right, say } from './console.ts';

/**
 * ip, ifconfig and route, to look and not to change (iproute2 6, busybox 1.37 `networking/`).
 *
 * Simplified: interfaces have no counters and no IPv6 addresses.
 */
const LOOPBACK =
  '1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN qlen 1000\n' +
  '    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00\n';

export const ip: Command = function* (line, self) {
  const words = line.argv.slice(1).filter((word) => !word.startsWith('-'));
  const [object = '', action = 'show', device] = words;
  const own = yield* addressesOf(line.machine);
  const denied = 'RTNETLINK answers: Operation not permitted';
  const changing = !['show', 'list', 's', 'l', 'ls', 'dev', 'get'].includes(action);
  if (changing) return yield* fail(self, (yield* isBusybox(line)) ? `ip: ${denied}` : denied, 2);
  const only = device === 'dev' ? words[3] : device;
  if ('address'.startsWith(object) && object !== '') {
    const lo = `${LOOPBACK}    inet 127.0.0.1/8 scope host lo\n       valid_lft forever preferred_lft forever\n`;
    const texts = own.map(
      (one, i) =>
        `${i + 2}: ${one.name}@if${i + 3}: <BROADCAST,MULTICAST,UP,LOWER_UP,M-DOWN> mtu 1500 qdisc noqueue state UP \n` +
        `    link/ether ${one.mac} brd ff:ff:ff:ff:ff:ff\n` +
        `    inet ${one.ip}/${one.prefix} brd ${rangeOf(one).broadcast} scope global ${one.name}\n` +
        '       valid_lft forever preferred_lft forever\n',
    );
    const shown = own.flatMap(({ name }, i) =>
      only === undefined || only === name ? [texts[i]!] : [],
    );
    yield* say(self, [...(only === undefined || only === 'lo' ? [lo] : []), ...shown].join(''));
    return 0;
  }
  if ('link'.startsWith(object) && object !== '') {
    const texts = own.map(
      (one, i) =>
        `${i + 2}: ${one.name}@if${i + 3}: <BROADCAST,MULTICAST,UP,LOWER_UP,M-DOWN> mtu 1500 qdisc noqueue state UP \n` +
        `    link/ether ${one.mac} brd ff:ff:ff:ff:ff:ff\n`,
    );
    yield* say(self, LOOPBACK + texts.join(''));
    return 0;
  }
  if (object === 'route' || object === 'r' || object === 'ro') {
    const routes = own.map(
      (one) => `${rangeOf(one).network}/${one.prefix} dev ${one.name} scope link  src ${one.ip} \n`,
    );
    const first = own.find(({ gateway }) => gateway !== '');
    const way = first ? [`default via ${first.gateway} dev ${first.name} \n`] : [];
    yield* say(self, [...way, ...routes].join(''));
    return 0;
  }
  const usage = 'Usage: ip [ OPTIONS ] OBJECT { COMMAND | help }';
  if (object === '') return yield* fail(self, usage, 255);
  return yield* fail(self, `Object "${object}" is unknown, try "ip help".`, 1);
};

export const ifconfig: Command = function* (line, self) {
  const own = yield* addressesOf(line.machine);
  const [only] = line.argv.slice(1).filter((word) => !word.startsWith('-'));
  const counters = (queue: number) =>
    '          RX packets:0 errors:0 dropped:0 overruns:0 frame:0\n' +
    '          TX packets:0 errors:0 dropped:0 overruns:0 carrier:0\n' +
    `          collisions:0 txqueuelen:${queue} \n          RX bytes:0 (0.0 B)  TX bytes:0 (0.0 B)\n\n`;
  const cards = own.map((one) => ({
    name: one.name,
    text:
      `${left(one.name, 9)} Link encap:Ethernet  HWaddr ${one.mac.toUpperCase()}  \n` +
      `          inet addr:${one.ip}  Bcast:${rangeOf(one).broadcast}  Mask:${maskOf(one.prefix)}\n` +
      `          UP BROADCAST RUNNING MULTICAST  MTU:1500  Metric:1\n${counters(0)}`,
  }));
  const lo = {
    name: 'lo',
    text:
      `${left('lo', 9)} Link encap:Local Loopback  \n          inet addr:127.0.0.1  Mask:255.0.0.0\n` +
      `          UP LOOPBACK RUNNING  MTU:65536  Metric:1\n${counters(1000)}`,
  };
  const shown = [...cards, lo].filter(({ name }) => only === undefined || only === name);
  if (shown.length === 0) {
    return yield* fail(
      self,
      `ifconfig: ${only}: error fetching interface information: Device not found`,
    );
  }
  yield* say(self, shown.map(({ text }) => text).join(''));
  return 0;
};

export const route: Command = function* (line, self) {
  const own = yield* addressesOf(line.machine);
  const first = own.find(({ gateway }) => gateway !== '');
  const row = (to: string, via: string, mask: string, flags: string, device: string) =>
    `${left(to, 15)} ${left(via, 15)} ${left(mask, 16)}${left(flags, 6)}${left('0', 6)} ${left('0', 2)} ${right(0, 7)} ${device}\n`;
  const numeric = line.argv.includes('-n');
  const rows = own.map((one) =>
    row(rangeOf(one).network, numeric ? '0.0.0.0' : '*', maskOf(one.prefix), 'U', one.name),
  );
  const way = first
    ? [row(numeric ? '0.0.0.0' : 'default', first.gateway, '0.0.0.0', 'UG', first.name)]
    : [];
  const header =
    'Kernel IP routing table\nDestination     Gateway         Genmask         Flags Metric Ref    Use Iface\n';
  yield* say(self, header + [...way, ...rows].join(''));
  return 0;
};
