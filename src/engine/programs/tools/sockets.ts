import type { Command } from '../../machine/command.ts';
import { ask, now, sleep } from '../../sim/process.ts';
import { CONNECT, http, type HttpOutcome } from '../../net/http.ts';
import { fail, isBusybox, left, readOptions, right, say, type Step } from './console.ts';

/** netstat and ss for listening ports, and nc to knock at one (busybox, netcat-openbsd 1.2). */

/** What listens in a place, lowest port first: answered by the network. */
export function* listening(place: string): Step<number[]> {
  const keys = yield* ask<string[]>('net/listening', { place });
  const ports = keys.map((key) => Number(key.slice(key.lastIndexOf(':') + 1)));
  return [...new Set(ports)].sort((a, b) => a - b);
}

export const netstat: Command = function* (line, self) {
  const ports = yield* listening(line.machine);
  const onlyServers = line.argv.some((word) => /^-[a-z]*l/.test(word));
  const programs = line.argv.some((word) => /^-[a-z]*p/.test(word));
  const kind = onlyServers ? '(only servers)' : '(w/o servers)';
  const header =
    `Active Internet connections ${kind}\n` +
    `Proto Recv-Q Send-Q ${left('Local Address', 23)} ${left('Foreign Address', 23)} State       ${programs ? 'PID/Program name    ' : ''}\n`;
  const rows = (onlyServers ? ports : []).map(
    (port) =>
      `tcp   ${right(0, 6)} ${right(0, 6)} ${left(`0.0.0.0:${port}`, 23)} ${left('0.0.0.0:*', 23)} ${left('LISTEN', 12)}${programs ? '-' : ''}\n`,
  );
  yield* say(self, header + rows.join(''));
  return 0;
};

export const ss: Command = function* (line, self) {
  const ports = yield* listening(line.machine);
  const rows = ports.map(
    (port) => `LISTEN 0      511          0.0.0.0:${left(String(port), 5)}      0.0.0.0:*   \n`,
  );
  const all = line.argv.some((word) => /^-[a-z]*[la]/.test(word));
  yield* say(
    self,
    `State  Recv-Q Send-Q Local Address:Port  Peer Address:PortProcess\n${all ? rows.join('') : ''}`,
  );
  return 0;
};

/** A connection and nothing more: does somebody listen there? */
export function* connect(place: string, to: { ip: string; port: number }, timeoutMs: number) {
  const request = { method: CONNECT, path: '', host: `${to.ip}:${to.port}` };
  return yield* http({ machine: place, name: 'client' }, to, request, { timeoutMs });
}

const DEFAULT_TIMEOUT_MS = 30_000;

interface TriedPort {
  readonly open: boolean;
  /** Why nobody answered. */
  readonly why: string;
}

/** A connection that opened and said nothing is open, too. */
function triedPort(outcome: HttpOutcome, timeoutMs: number): TriedPort {
  if (outcome.ok) return { open: true, why: '' };
  switch (outcome.error) {
    case 'timeout':
      return { open: outcome.durationMs < timeoutMs, why: 'Operation timed out' };
    case 'unreachable':
      return { open: false, why: 'Network is unreachable' };
    case 'absent':
      return { open: false, why: 'Host is unreachable' };
    case 'reset':
      return { open: true, why: 'Connection refused' };
    case 'refused':
      return { open: false, why: 'Connection refused' };
  }
}

/** What is said of a port that was tried; undefined when nothing is. */
function ncWords(
  { host, address, port, open, why }: TriedPort & { host: string; address: string; port: number },
  flags: ReadonlyMap<string, string>,
  busybox: boolean,
): string | undefined {
  if (busybox) {
    if (open) return flags.has('v') ? `${host} (${address}:${port}) open` : undefined;
    return flags.has('v') || !flags.has('z')
      ? `nc: ${host} (${address}:${port}): ${why}`
      : undefined;
  }
  if (!flags.has('v')) return undefined;
  return open
    ? `Connection to ${host} (${address}) ${port} port [tcp/*] succeeded!`
    : `nc: connect to ${host} (${address}) port ${port} (tcp) failed: ${why}`;
}

/** `nc -z [-v] [-w SECONDS] HOST PORT…`. Simplified: it never sends what it is given. */
export const nc: Command = function* (line, self) {
  const { flags, words, unknown } = readOptions(line.argv, 'zvnw:lp:u4');
  const busybox = yield* isBusybox(line);
  if (unknown !== undefined) {
    const usage = busybox
      ? `nc: unrecognized option: ${unknown}\nBusyBox v1.37.0 multi-call binary.\n\nUsage: nc [OPTIONS] HOST PORT  - connect`
      : `nc: invalid option -- '${unknown}'\nusage: nc [-46CDdFhklNnrStUuvZz] [destination] [port]`;
    return yield* fail(self, usage);
  }
  const [host, ...ports] = words;
  if (flags.has('l')) {
    // Nobody ever connects: it waits until it is told to end.
    for (;;) yield* sleep(86_400_000);
  }
  if (host === undefined || ports.length === 0) {
    return yield* fail(
      self,
      busybox ? "nc: bad port ''" : 'usage: nc [-46CDdFhklNnrStUuvZz] [destination] [port]',
    );
  }
  const address = yield* ask<string | undefined>('net/resolve', {
    name: host,
    place: line.machine,
  });
  if (address === undefined) {
    const words = busybox
      ? `nc: bad address '${host}'`
      : `nc: getaddrinfo for host "${host}" port ${ports[0]}: Name or service not known`;
    return yield* fail(self, words);
  }
  const given = Number(flags.get('w') ?? DEFAULT_TIMEOUT_MS / 1000);
  const timeoutMs =
    Number.isFinite(given) && given > 0 ? Math.round(given * 1000) : DEFAULT_TIMEOUT_MS;
  let status = 0;
  for (const text of ports) {
    const [from = '', to = from] = text.split('-');
    const first = Number(from);
    const last = Math.min(Number(to), first + 1000);
    if (!/^\d{1,5}$/.test(from) || first > 65_535) {
      return yield* fail(
        self,
        busybox ? `nc: bad port '${text}'` : `nc: port number invalid: ${text}`,
      );
    }
    for (let port = first; port <= last; port++) {
      const outcome = yield* connect(line.machine, { ip: address, port }, timeoutMs);
      const tried = triedPort(outcome, timeoutMs);
      if (!tried.open) status = 1;
      const told = ncWords({ host, address, port, ...tried }, flags, busybox);
      if (told !== undefined) yield* fail(self, told);
    }
  }
  return status;
};

/** ping answers where a machine or container has the address. */
export const ping: Command = function* (line, self) {
  const { flags, words } = readOptions(line.argv, 'c:w:W:i:qs:I:t:n4');
  const busybox = yield* isBusybox(line);
  const [host] = words;
  if (host === undefined) {
    return yield* fail(
      self,
      busybox
        ? 'BusyBox v1.37.0 multi-call binary.\n\nUsage: ping [OPTIONS] HOST'
        : 'ping: usage error: Destination address required',
      busybox ? 1 : 2,
    );
  }
  const address = yield* ask<string | undefined>('net/resolve', {
    name: host,
    place: line.machine,
  });
  if (address === undefined) {
    return yield* fail(
      self,
      busybox ? `ping: bad address '${host}'` : `ping: ${host}: Name or service not known`,
      busybox ? 1 : 2,
    );
  }
  const count = Math.min(Number(flags.get('c') ?? Infinity), 1_000_000);
  const size = Number(flags.get('s') ?? 56);
  const opening = busybox
    ? `PING ${host} (${address}): ${size} data bytes\n`
    : `PING ${host} (${address}) ${size}(${size + 28}) bytes of data.\n`;
  const startedMs = yield* now();
  let received = 0;
  let sent = 0;
  const times: number[] = [];
  for (; sent < count;) {
    const outcome = yield* connect(line.machine, { ip: address, port: 7 }, 1000);
    sent += 1;
    const isLost = !outcome.ok && outcome.error === 'unreachable';
    if (isLost && !busybox) return yield* fail(self, 'ping: connect: Network is unreachable', 2);
    if (sent === 1) yield* say(self, opening);
    if (isLost) return yield* fail(self, 'ping: sendto: Network unreachable');
    // A closed port answers too: somebody is there.
    if (outcome.ok || outcome.error === 'refused' || outcome.error === 'reset') {
      received += 1;
      const ms = outcome.durationMs + 0.06;
      times.push(ms);
      const seq = busybox ? sent - 1 : sent;
      const text = busybox
        ? `${size + 8} bytes from ${address}: seq=${seq} ttl=64 time=${ms.toFixed(3)} ms\n`
        : `${size + 8} bytes from ${address}: icmp_seq=${seq} ttl=64 time=${ms.toFixed(3)} ms\n`;
      if (!flags.has('q')) yield* say(self, text);
    }
    if (sent < count) yield* sleep(Math.max(0, 1000 - outcome.durationMs));
  }
  const lost = Math.floor(((sent - received) * 100) / Math.max(1, sent));
  const totalMs = (yield* now()) - startedMs;
  const [least, most] = [Math.min(...times), Math.max(...times)];
  const mean = times.reduce((sum, one) => sum + one, 0) / Math.max(1, times.length);
  const range = `${least.toFixed(3)}/${mean.toFixed(3)}/${most.toFixed(3)}`;
  const summary = busybox
    ? `\n--- ${host} ping statistics ---\n${sent} packets transmitted, ${received} packets received, ${lost}% packet loss\n${received > 0 ? `round-trip min/avg/max = ${range} ms\n` : ''}`
    : `\n--- ${host} ping statistics ---\n${sent} packets transmitted, ${received} received, ${lost}% packet loss, time ${totalMs}ms\n${received > 0 ? `rtt min/avg/max/mdev = ${range}/0.000 ms\n` : ''}`;
  yield* say(self, summary);
  return received > 0 ? 0 : 1;
};
