import type { ProcessContext, ProcessPlan, ProgramModel, SignalResponse } from '../program.ts';
import { flagValue, lines, noHttp, reply, say, speaks, ends } from './plans.ts';

/**
 * redis-server 7 and 8: keeps keys in the process and saves them on SIGTERM (redis/redis 8.4
 * `src/server.c`, `src/rdb.c`, `src/networking.c`). What `redis-cli` sends is a request with method
 * REDIS whose path is the JSON list of the command's words; the answer is JSON.
 *
 * Simplified: strings, counters and lists with a few commands; no expiry in time, no snapshots by
 * themselves, no append-only file, no cluster; a dump is JSON.
 */
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

const EMPTY: RedisState = { keys: {}, commands: 0 };
const KEY_LIMIT = 10_000;
const START_MS = 30;

const dirOf = ({ argv }: ProcessContext): string => flagValue(argv, '--dir') ?? '/data';
const dumpOf = (context: ProcessContext): string =>
  `${dirOf(context)}/${flagValue(context.argv, '--dbfilename') ?? 'dump.rdb'}`;
const HEADER = 'REDIS0012';

/** What was saved before: the dump in its directory. */
function saved(context: ProcessContext): RedisState {
  const bytes = context.files.read(dumpOf(context));
  if (!bytes) return EMPTY;
  const text = new TextDecoder().decode(bytes);
  if (!text.startsWith(HEADER)) return EMPTY;
  try {
    return { keys: JSON.parse(text.slice(HEADER.length)) as RedisState['keys'], commands: 0 };
  } catch {
    return EMPTY;
  }
}

const stateOf = (context: ProcessContext, state: unknown): RedisState =>
  (state as RedisState | undefined) ?? saved(context);

const versionOf = ({ env }: ProcessContext): string => env.REDIS_VERSION ?? '8.4.0';

export const redisServer: ProgramModel = {
  plan(context): ProcessPlan {
    const { argv } = context;
    const version = versionOf(context);
    if (argv.includes('--version') || argv.includes('-v')) {
      return ends([
        `Redis server v=${version} sha=00000000:1 malloc=jemalloc-5.3.0 bits=64 build=0`,
      ]);
    }
    const port = Number(flagValue(argv, '--port') ?? 6379);
    const configured = argv
      .slice(1)
      .some((word) => word.startsWith('--') || word.endsWith('.conf'));
    const bytes = context.files.read(dumpOf(context));
    const loading = bytes
      ? [
          '1:M {time} * Loading RDB produced by version ' + version,
          '1:M {time} * RDB age 0 seconds',
          '1:M {time} * RDB memory usage when created 0.55 Mb',
          `1:M {time} * Done loading RDB, keys loaded: ${Object.keys(saved(context).keys).length}, keys expired: 0.`,
          '1:M {time} * DB loaded from disk: 0.000 seconds',
        ]
      : [];
    const opening = [
      '1:C {time} * oO0OoO0OoO0Oo Redis is starting oO0OoO0OoO0Oo',
      `1:C {time} * Redis version=${version}, bits=64, commit=00000000, modified=1, pid=1, just started`,
      configured
        ? '1:C {time} * Configuration loaded'
        : '1:C {time} # Warning: no config file specified, using the default config. In order to specify a config file use redis-server /path/to/redis.conf',
      '1:M {time} * monotonic clock: POSIX clock_gettime',
      `1:M {time} * Running mode=standalone, port=${port}.`,
      '1:M {time} * Server initialized',
      ...loading,
    ];
    return {
      steps: [
        ...say(START_MS, opening, { stamped: 'redis' }),
        { afterMs: START_MS, do: 'listen', port },
        ...say(START_MS, ['1:M {time} * Ready to accept connections tcp'], { stamped: 'redis' }),
      ],
      signals: {},
      memoryBytes: 9_000_000,
    };
  },

  serve(context, request, { state }) {
    if (!speaks(request, 'REDIS'))
      return noHttp("-ERR wrong number of arguments for 'get' command\r\n");
    const before = stateOf(context, state);
    const words = JSON.parse(request.path) as string[];
    const key = request.headers?.authorization;
    const { state: after, answer } = execute(context, before, words, key);
    const counted = { ...after, commands: before.commands + 1 };
    return reply(JSON.stringify(answer), { state: counted, cpuMs: 0 });
  },

  signalled(context, signal, { state }): SignalResponse | undefined {
    const names: Record<string, string> = { SIGTERM: 'SIGTERM', SIGINT: 'SIGINT' };
    if (!Object.hasOwn(names, signal)) return signal === 'SIGHUP' ? 'ignore' : undefined;
    const { keys } = stateOf(context, state);
    const saves = Object.keys(keys).length > 0 || context.files.read(dumpOf(context)) !== undefined;
    const texts = [
      '1:M {time} * User requested shutdown...',
      '1:M {time} * Saving the final RDB snapshot before exiting.',
      '1:M {time} * DB saved on disk',
      '1:M {time} # Redis is now ready to exit, bye bye...',
    ];
    const shown =
      flagValue(context.argv, '--save') === ''
        ? texts.filter((text) => !/RDB|saved/.test(text))
        : texts;
    return {
      exitCode: 0,
      afterMs: 20,
      log: [
        ...lines([`1:signal-handler ({time}) Received ${signal} scheduling shutdown...`], {
          stamped: 'unix',
        }),
        ...lines(shown, { stamped: 'redis' }),
      ],
      ...(saves && flagValue(context.argv, '--save') !== ''
        ? { writes: [{ path: dumpOf(context), content: HEADER + JSON.stringify(keys) }] }
        : {}),
    };
  },
};

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

function execute(
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
  const OK = { status: 'OK' };
  switch (name) {
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
