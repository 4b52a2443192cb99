import type { Command } from '../../machine/command.ts';
import { write, type Self } from '../../sim/process.ts';
import { fail, left, readGroups, readUsers, say, type Step } from './console.ts';
import { findHost, isIpv4, isMusl, nameOfAddress, type Host } from './resolver.ts';

/**
 * getent: of glibc 2.41 (`nss/getent.c`), and Alpine's for musl (aports `main/musl/getent.c`, which
 * stops at the first key that is not there).
 */
const NOT_FOUND = 2;

export const getent: Command = function* (line, self) {
  const [database, ...keys] = line.argv.slice(1);
  const musl = yield* isMusl(line.machine);
  if (database === undefined) {
    const usage = musl
      ? MUSL_USAGE
      : "getent: wrong number of arguments\nTry `getent --help' or `getent --usage' for more information.";
    return yield* fail(self, usage);
  }
  const asked = { place: line.machine, keys, musl };
  if (database === 'hosts') return yield* hosts(asked, self);
  if (database === 'ahosts' || database === 'ahostsv4') return yield* ahosts(asked, self);
  if (database === 'passwd') return yield* passwd(asked, self);
  if (database === 'group') return yield* group(asked, self);
  if (musl) {
    yield* write(self.stderr, `getent: Unknown database \`${database}': No error information\n`);
    return yield* fail(self, MUSL_USAGE);
  }
  return yield* fail(
    self,
    `Unknown database: ${database}\nTry \`getent --help' or \`getent --usage' for more information.`,
  );
};

const MUSL_USAGE =
  'Usage: getent database [key ...]\n\tdatabase may be one of:\n' +
  '\t\tethers group hosts ahosts ahostsv4 ahostsv6 networks\n' +
  '\t\tpasswd protocols services shadow shells';

interface Asked {
  readonly place: string;
  readonly keys: readonly string[];
  readonly musl: boolean;
}

/** A host by name or address; undefined when nobody knows it. */
function* hostOf(place: string, key: string, musl: boolean): Step<Host | undefined> {
  if (!isIpv4(key)) {
    const found = yield* findHost(place, key);
    return found === 'silent' ? undefined : found;
  }
  const name = yield* nameOfAddress(place, key);
  if (name !== undefined) return { ips: [key], canonical: name, aliases: [] };
  return musl ? { ips: [key], canonical: key, aliases: [] } : undefined;
}

function* hosts({ place, keys, musl }: Asked, self: Self): Step<number> {
  let code = 0;
  for (const key of keys) {
    const host = yield* hostOf(place, key, musl);
    if (!host) {
      code = NOT_FOUND;
      if (musl) break;
      continue;
    }
    const { ips, canonical, aliases } = host;
    if (musl) {
      const names = [...new Set([canonical, isIpv4(key) ? canonical : key])];
      yield* say(self, `${left(ips[0] ?? '', 16)}  ${canonical}  ${names.join(' ')}\n`);
      continue;
    }
    for (const ip of ips) {
      yield* say(self, `${left(ip, 15)} ${[canonical, ...aliases].join(' ')}\n`);
    }
  }
  return code;
}

const SOCKETS = ['STREAM', 'DGRAM', 'RAW'] as const;

function* ahosts({ place, keys, musl }: Asked, self: Self): Step<number> {
  let code = 0;
  for (const key of keys) {
    const host = yield* hostOf(place, key, true);
    if (!host) {
      code = NOT_FOUND;
      if (musl) break;
      continue;
    }
    const { ips, canonical } = host;
    for (const [at, ip] of ips.entries()) {
      // musl has no raw sockets in its answers, and says the name every time.
      for (const kind of musl ? SOCKETS.slice(0, 2) : SOCKETS) {
        const isNamed = musl || (at === 0 && kind === 'STREAM');
        yield* say(self, `${left(ip, 15)} ${left(kind, 6)} ${isNamed ? canonical : ''}\n`);
      }
    }
  }
  return code;
}

function* passwd({ place, keys }: Asked, self: Self): Step<number> {
  const users = yield* readUsers(place);
  const text = (user: (typeof users)[number]): string =>
    `${user.name}:x:${user.uid}:${user.gid}::${user.home}:${user.shell}`;
  const chosen = (key: string) =>
    users.find(({ name, uid }) => name === key || String(uid) === key);
  return yield* entries(self, keys, users.map(text), (key) => {
    const user = chosen(key);
    return user && text(user);
  });
}

function* group({ place, keys }: Asked, self: Self): Step<number> {
  const groups = yield* readGroups(place);
  const text = (one: (typeof groups)[number]): string =>
    `${one.name}:x:${one.gid}:${one.members.join(',')}`;
  return yield* entries(self, keys, groups.map(text), (key) => {
    const found = groups.find(({ name, gid }) => name === key || String(gid) === key);
    return found && text(found);
  });
}

function* entries(
  self: Self,
  keys: readonly string[],
  all: readonly string[],
  find: (key: string) => string | undefined,
): Step<number> {
  const found = keys.length === 0 ? all : keys.map(find);
  for (const text of found) if (text !== undefined) yield* say(self, `${text}\n`);
  return found.some((text) => text === undefined) ? NOT_FOUND : 0;
}
