import type { Command } from '../../machine/command.ts';
import { ask, sleep } from '../../sim/process.ts';
import { isSilent, RESOLVE_MS } from '../resolve.ts';
import { readFile } from '../../machine/files.ts';
import { fail, left, readGroups, readUsers, say } from './console.ts';

/** nslookup (busybox 1.37 `networking/nslookup.c`, the big one) and getent (glibc 2.41, musl). */
const DEFAULT_SERVER = '127.0.0.53';

/**
 * Asks for A and AAAA at once and tells every answer. A name without a dot is asked with each
 * domain to search in its place, one with a dot as it is: unlike other resolvers it neither counts
 * dots nor stops at the first that is found, and one answer that there is no such name is a failure.
 *
 * Simplified: of types, servers and options only the server's address is heard. A server speaks with
 * authority for the domains that it has its clients search, as CoreDNS does; Docker's does not.
 */
export const nslookup: Command = function* (line, self) {
  const [name, given] = line.argv.slice(1).filter((word) => !word.startsWith('-'));
  if (name === undefined) {
    return yield* fail(
      self,
      'BusyBox v1.37.0 multi-call binary.\n\nUsage: nslookup [-type=QUERY_TYPE] [-debug] HOST [DNS_SERVER]',
    );
  }
  const resolv = (yield* readFile(line.machine, '/etc/resolv.conf'))?.content ?? '';
  const server = given ?? /^nameserver\s+(\S+)/m.exec(resolv)?.[1] ?? DEFAULT_SERVER;
  const domains = /^search\s+(.*)$/m.exec(resolv)?.[1]?.trim().split(/\s+/) ?? [];
  const search = given === undefined ? domains : [];
  const isSearched = search.length > 0 && !name.includes('.');
  const asked = isSearched ? search.map((domain) => `${name}.${domain}`) : [name];
  if (given === undefined && (yield* isSilent(line.machine))) {
    yield* sleep(RESOLVE_MS);
    yield* say(self, ';; connection timed out; no servers could be reached\n\n');
    return 1;
  }
  yield* say(self, `Server:\t\t${server}\nAddress:\t${server}:53\n\n`);
  let failed = false;
  for (const type of ['A', 'AAAA']) {
    for (const full of asked) {
      // The dot at its end keeps who answers from searching for it once more.
      const exact = domains.length > 0 && !full.endsWith('.') ? `${full}.` : full;
      const found = yield* ask<readonly string[]>('net/lookup', {
        name: exact,
        place: line.machine,
      });
      failed ||= found.length === 0;
      const isOwn = domains.some((domain) => full.endsWith(`.${domain}`));
      yield* say(self, answerText(full, found, type === 'A', isOwn));
    }
  }
  return failed ? 1 : 0;
};

/** One answer. Simplified: nobody has an address of IPv6. */
function answerText(full: string, ips: readonly string[], isIpv4: boolean, isOwn: boolean): string {
  if (ips.length === 0) return `** server can't find ${full}: NXDOMAIN\n\n`;
  const head = isOwn ? '' : 'Non-authoritative answer:\n';
  const lines = isIpv4 ? ips.map((ip) => `Name:\t${full}\nAddress: ${ip}\n`) : [];
  return `${head}${lines.join('')}\n`;
}

const NOT_FOUND = 2;

export const getent: Command = function* (line, self) {
  const [database, ...keys] = line.argv.slice(1);
  if (database === undefined) {
    return yield* fail(
      self,
      "getent: wrong number of arguments\nTry `getent --help' or `getent --usage' for more information.",
    );
  }
  let missing = false;
  const one = function* (text: string | undefined) {
    if (text === undefined) missing = true;
    else yield* say(self, `${text}\n`);
  };
  if (['hosts', 'ahosts', 'ahostsv4'].includes(database)) {
    for (const name of keys) {
      const found = yield* ask<readonly string[]>('net/lookup', { name, place: line.machine });
      if (database === 'hosts')
        yield* one(found.length === 0 ? undefined : `${left(found[0]!, 15)} ${name}`);
      else {
        if (found.length === 0) missing = true;
        for (const ip of found) {
          yield* say(
            self,
            `${left(ip, 15)} STREAM ${name}\n${left(ip, 15)} DGRAM  \n${left(ip, 15)} RAW    \n`,
          );
        }
      }
    }
  } else if (database === 'passwd') {
    const users = yield* readUsers(line.machine);
    const text = (user: (typeof users)[number]) =>
      `${user.name}:x:${user.uid}:${user.gid}::${user.home}:${user.shell}`;
    if (keys.length === 0) for (const user of users) yield* say(self, `${text(user)}\n`);
    for (const key of keys) {
      const user = users.find(({ name, uid }) => name === key || String(uid) === key);
      yield* one(user && text(user));
    }
  } else if (database === 'group') {
    const groups = yield* readGroups(line.machine);
    const text = (group: (typeof groups)[number]) =>
      `${group.name}:x:${group.gid}:${group.members.join(',')}`;
    if (keys.length === 0) for (const group of groups) yield* say(self, `${text(group)}\n`);
    for (const key of keys) {
      const group = groups.find(({ name, gid }) => name === key || String(gid) === key);
      yield* one(group && text(group));
    }
  } else {
    return yield* fail(
      self,
      `Unknown database: ${database}\nTry \`getent --help' or \`getent --usage' for more information.`,
    );
  }
  return missing ? NOT_FOUND : 0;
};
