import type { ProcessContext } from '../program.ts';
import { flagValue } from './plans.ts';

/** The commands of redis-server (redis/redis 8.4 `src/commands/*.json`, `src/t_string.c`). */
export type RedisReply =
  | { readonly status: string }
  | { readonly error: string }
  | { readonly bulk: string | null }
  | { readonly integer: number }
  | { readonly list: readonly RedisReply[] };

type Value = string | readonly string[];

export interface RedisState {
  readonly keys: Readonly<Record<string, Value>>;
  readonly commands: number;
}

const KEY_LIMIT = 10_000;

export const versionOf = ({ env }: ProcessContext): string => env.REDIS_VERSION ?? '8.4.0';

interface Executed {
  readonly state: RedisState;
  readonly answer: RedisReply;
}

const WRONG_TYPE = 'WRONGTYPE Operation against a key holding the wrong kind of value';

/** How many words a command wants, its name included; negative: at least. */
const ARITY: Readonly<Record<string, number>> = {
  ...{ get: 2, set: -3, del: -2, exists: -2, incr: 2, decr: 2, incrby: 3, keys: 2, type: 2 },
  ...{ append: 3, strlen: 2, mset: -3, mget: -2, lpush: -3, rpush: -3, lrange: 4, llen: 2 },
  ...{ ping: -1, echo: 2, dbsize: 1, flushall: -1, flushdb: -1, info: -1, ttl: 2, expire: -3 },
  ...{ save: 1, bgsave: -1, select: 2, auth: -2, quit: -1, command: -1, config: -2, time: 1 },
  ...{ lpop: -2, rpop: -2, setex: 4, setnx: 3, getset: 3, rename: 3, client: -2, shutdown: -1 },
};

/** One command with its words, against the keys there are. */
interface RedisCall {
  readonly name: string;
  readonly args: readonly string[];
  /** The first two words, which most commands take. */
  readonly key: string;
  readonly value: string;
  readonly old: Value | undefined;
  readonly context: ProcessContext;
  readonly state: RedisState;
  readonly password: string | undefined;
  fail: (error: string) => Executed;
  tell: (answer: RedisReply) => Executed;
  /** Keeps these keys. */
  put: (keys: RedisState['keys'], answer: RedisReply) => Executed;
}

const OK: RedisReply = { status: 'OK' };

/** What a command does to the state and answers. */
export function execute(
  context: ProcessContext,
  state: RedisState,
  words: readonly string[],
  authorization?: string,
): Executed {
  const [given = '', ...args] = words;
  const name = given.toLowerCase();
  const fail = (error: string): Executed => ({ state, answer: { error } });
  const tell = (answer: RedisReply): Executed => ({ state, answer });
  const arity = Object.hasOwn(ARITY, name) ? ARITY[name]! : undefined;
  if (arity === undefined) {
    const shown = args.slice(0, 20).map((word) => `'${word.slice(0, 128)}' `);
    return fail(
      `ERR unknown command '${given.slice(0, 128)}', with args beginning with: ${shown.join('')}`,
    );
  }
  const password = flagValue(context.argv, '--requirepass');
  if (arity > 0 ? words.length !== arity : words.length < -arity) {
    return fail(`ERR wrong number of arguments for '${name}' command`);
  }
  if (password !== undefined && name !== 'auth' && authorization !== password) {
    return fail('NOAUTH Authentication required.');
  }
  const put = (keys: RedisState['keys'], answer: RedisReply): Executed => {
    if (Object.keys(keys).length > KEY_LIMIT) {
      return fail("OOM command not allowed when used memory > 'maxmemory'.");
    }
    return { state: { ...state, keys }, answer };
  };
  const [key = '', value = ''] = args;
  const old = Object.hasOwn(state.keys, key) ? state.keys[key] : undefined;
  const call = { name, args, key, value, old, context, state, password, fail, tell, put };
  return strings(call) ?? counters(call) ?? names(call) ?? lists(call) ?? server(call);
}

function strings(call: RedisCall): Executed | undefined {
  const { args, key, value, old, state, fail, tell, put } = call;
  switch (call.name) {
    case 'get':
      if (old !== undefined && typeof old !== 'string') return fail(WRONG_TYPE);
      return tell({ bulk: old ?? null });
    case 'set': {
      const options = args.slice(2).map((word) => word.toLowerCase());
      if (options.includes('nx') && old !== undefined) return tell({ bulk: null });
      if (options.includes('xx') && old === undefined) return tell({ bulk: null });
      const known = options.every(
        (word, i) =>
          ['nx', 'xx', 'ex', 'px', 'keepttl', 'get'].includes(word) ||
          ['ex', 'px'].includes(options[i - 1] ?? ''),
      );
      if (!known) return fail('ERR syntax error');
      return put({ ...state.keys, [key]: value }, OK);
    }
    case 'setex':
      return put({ ...state.keys, [key]: args[2] ?? '' }, OK);
    case 'setnx':
      return old === undefined
        ? put({ ...state.keys, [key]: value }, { integer: 1 })
        : tell({ integer: 0 });
    case 'getset':
      if (old !== undefined && typeof old !== 'string') return fail(WRONG_TYPE);
      return put({ ...state.keys, [key]: value }, { bulk: old ?? null });
    case 'mset': {
      if (args.length % 2 === 1) return fail("ERR wrong number of arguments for 'mset' command");
      const keys = { ...state.keys };
      for (let i = 0; i < args.length; i += 2) keys[args[i]!] = args[i + 1]!;
      return put(keys, OK);
    }
    case 'mget': {
      const one = (name: string): RedisReply => {
        const found = Object.hasOwn(state.keys, name) ? state.keys[name] : undefined;
        return { bulk: typeof found === 'string' ? found : null };
      };
      return tell({ list: args.map(one) });
    }
    default:
      return undefined;
  }
}

function counters(call: RedisCall): Executed | undefined {
  const { name, key, value, old, state, fail, tell, put } = call;
  switch (call.name) {
    case 'append': {
      if (old !== undefined && typeof old !== 'string') return fail(WRONG_TYPE);
      const text = (old ?? '') + value;
      return put({ ...state.keys, [key]: text }, { integer: text.length });
    }
    case 'strlen':
      if (old !== undefined && typeof old !== 'string') return fail(WRONG_TYPE);
      return tell({ integer: (old ?? '').length });
    case 'incr':
    case 'decr':
    case 'incrby': {
      if (old !== undefined && typeof old !== 'string') return fail(WRONG_TYPE);
      const step = name === 'incrby' ? value : name === 'incr' ? '1' : '-1';
      if (!/^-?\d{1,15}$/.test(old ?? '0') || !/^-?\d{1,15}$/.test(step)) {
        return fail('ERR value is not an integer or out of range');
      }
      const sum = Number(old ?? '0') + Number(step);
      return put({ ...state.keys, [key]: String(sum) }, { integer: sum });
    }
    default:
      return undefined;
  }
}

/** What is said of keys, whatever they hold. */
function names(call: RedisCall): Executed | undefined {
  const { args, key, value, old, state, fail, tell, put } = call;
  switch (call.name) {
    case 'del': {
      const gone = [...new Set(args)].filter((one) => Object.hasOwn(state.keys, one));
      const keys = Object.fromEntries(
        Object.entries(state.keys).filter(([one]) => !gone.includes(one)),
      );
      return put(keys, { integer: gone.length });
    }
    case 'exists':
      return tell({ integer: args.filter((one) => Object.hasOwn(state.keys, one)).length });
    case 'type':
      return tell({
        status: old === undefined ? 'none' : typeof old === 'string' ? 'string' : 'list',
      });
    case 'ttl':
      return tell({ integer: old === undefined ? -2 : -1 });
    case 'expire':
      return tell({ integer: old === undefined ? 0 : 1 });
    case 'rename': {
      if (old === undefined) return fail('ERR no such key');
      const { [key]: moved, ...rest } = state.keys;
      return put({ ...rest, [value]: moved! }, OK);
    }
    case 'keys': {
      const pattern = globOf(key);
      return tell({
        list: Object.keys(state.keys)
          .filter((one) => pattern.test(one))
          .map((bulk) => ({ bulk })),
      });
    }
    default:
      return undefined;
  }
}

function lists(call: RedisCall): Executed | undefined {
  const { name, args, key, value, old, state, fail, tell, put } = call;
  switch (call.name) {
    case 'lpush':
    case 'rpush': {
      if (typeof old === 'string') return fail(WRONG_TYPE);
      const added = args.slice(1);
      const list =
        name === 'lpush' ? [...added.reverse(), ...(old ?? [])] : [...(old ?? []), ...added];
      return put({ ...state.keys, [key]: list.slice(0, KEY_LIMIT) }, { integer: list.length });
    }
    case 'lpop':
    case 'rpop': {
      if (typeof old === 'string') return fail(WRONG_TYPE);
      if (!old || old.length === 0) return tell({ bulk: null });
      const popped = name === 'lpop' ? old[0]! : old.at(-1)!;
      const left = name === 'lpop' ? old.slice(1) : old.slice(0, -1);
      const { [key]: _gone, ...rest } = state.keys;
      return put(left.length === 0 ? rest : { ...state.keys, [key]: left }, { bulk: popped });
    }
    case 'llen':
      if (typeof old === 'string') return fail(WRONG_TYPE);
      return tell({ integer: old?.length ?? 0 });
    case 'lrange': {
      if (typeof old === 'string') return fail(WRONG_TYPE);
      const all = old ?? [];
      const at = (text: string) => (Number(text) < 0 ? all.length + Number(text) : Number(text));
      return tell({
        list: all.slice(at(value), at(args[2] ?? '-1') + 1).map((bulk) => ({ bulk })),
      });
    }
    default:
      return undefined;
  }
}

function server(call: RedisCall): Executed {
  const { args, key, context, state, password, fail, tell, put } = call;
  switch (call.name) {
    case 'ping':
      return tell(args.length > 0 ? { bulk: key } : { status: 'PONG' });
    case 'echo':
      return tell({ bulk: key });
    case 'auth':
      return password === undefined
        ? fail(
            'ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?',
          )
        : args.at(-1) === password
          ? tell(OK)
          : fail('WRONGPASS invalid username-password pair or user is disabled.');
    case 'dbsize':
      return tell({ integer: Object.keys(state.keys).length });
    case 'flushall':
    case 'flushdb':
      return put({}, OK);
    case 'info':
      return tell({ bulk: info(context, state, key.toLowerCase()) });
    case 'config':
      return key.toLowerCase() === 'get' ? tell({ list: [] }) : tell(OK);
    case 'command':
    case 'client':
      return tell({ list: [] });
    default:
      return tell(OK);
  }
}

/** `h?llo`, `h*`, `h[ae]llo`: redis' patterns. */
function globOf(pattern: string): RegExp {
  const text = pattern
    .slice(0, 256)
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replace(/\*+/g, '.*')
    .replace(/\?/g, '.');
  try {
    return new RegExp(`^${text}$`, 's');
  } catch {
    return /^\b$/;
  }
}

function info(context: ProcessContext, state: RedisState, section: string): string {
  const sections: Readonly<Record<string, readonly string[]>> = {
    server: [
      '# Server',
      `redis_version:${versionOf(context)}`,
      'redis_mode:standalone',
      'os:Linux 6.12.57 x86_64',
      'process_id:1',
      'tcp_port:6379',
    ],
    clients: ['# Clients', 'connected_clients:1', 'maxclients:10000', 'blocked_clients:0'],
    memory: [
      '# Memory',
      'used_memory:1000000',
      'used_memory_human:976.56K',
      'maxmemory:0',
      'maxmemory_policy:noeviction',
    ],
    persistence: [
      '# Persistence',
      'loading:0',
      'rdb_changes_since_last_save:0',
      'rdb_bgsave_in_progress:0',
      'aof_enabled:0',
    ],
    stats: ['# Stats', `total_commands_processed:${state.commands}`],
    replication: ['# Replication', 'role:master', 'connected_slaves:0'],
    keyspace: [
      '# Keyspace',
      ...(Object.keys(state.keys).length > 0
        ? [`db0:keys=${Object.keys(state.keys).length},expires=0,avg_ttl=0`]
        : []),
    ],
  };
  const wanted =
    section === '' || section === 'all' || section === 'default' || section === 'everything'
      ? Object.keys(sections)
      : [section];
  return (
    wanted
      .flatMap((name) => (Object.hasOwn(sections, name) ? [sections[name]!.join('\r\n')] : []))
      .join('\r\n\r\n') + '\r\n'
  );
}
