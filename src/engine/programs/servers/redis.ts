import type {
  ProcessContext,
  ProcessPlan,
  ProcessStep,
  ProgramModel,
  SignalResponse,
} from '../program.ts';
import { flagValue, lines, noHttp, reply, say, speaks, ends } from './plans.ts';
import { execute, versionOf, type RedisState } from './redis-commands.ts';

/**
 * redis-server 7 and 8: keeps keys in the process and saves them on SIGTERM (redis/redis 8.4
 * `src/server.c`, `src/rdb.c`, `src/networking.c`). What `redis-cli` sends is a request with method
 * REDIS whose path is the JSON list of the command's words; the answer is JSON.
 *
 * Simplified: strings, counters and lists with a few commands; no expiry in time, no snapshots by
 * themselves, no cluster; a dump is JSON, and the append-only file is one, written at each change.
 */
const EMPTY: RedisState = { keys: {}, commands: 0 };
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

const dump = (context: ProcessContext, { keys }: RedisState) => [
  { path: dumpOf(context), content: HEADER + JSON.stringify(keys) },
];

/** What a command leaves on the disk, and what is said of it. */
function kept(context: ProcessContext, name: string, before: RedisState, after: RedisState) {
  const appends = flagValue(context.argv, '--appendonly') === 'yes' && after.keys !== before.keys;
  const texts =
    name === 'save'
      ? ['{pid}:M {time} * DB saved on disk']
      : name === 'bgsave'
        ? [
            '{pid}:M {time} * Background saving started by pid 21',
            '21:C {time} * DB saved on disk',
            '{pid}:M {time} * Background saving terminated with success',
          ]
        : undefined;
  if (!texts && !appends) return {};
  return { writes: dump(context, after), log: lines(texts ?? [], { stamped: 'redis' }) };
}

const stateOf = (context: ProcessContext, state: unknown): RedisState =>
  (state as RedisState | undefined) ?? saved(context);

/** Somebody else listens there (`src/anet.c`, `src/server.c` `initServer`). */
const taken = (port: number): ProcessStep[] => [
  ...say(
    0,
    [
      `{pid}:M {time} # Warning: Could not create server TCP listening socket *:${port}: bind: Address already in use`,
      `{pid}:M {time} # Failed listening on port ${port} (tcp), aborting.`,
    ],
    { stamped: 'redis' },
  ),
  { afterMs: 0, do: 'exit', code: 1 },
];

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
          '{pid}:M {time} * Loading RDB produced by version ' + version,
          '{pid}:M {time} * RDB age 0 seconds',
          '{pid}:M {time} * RDB memory usage when created 0.55 Mb',
          `1:M {time} * Done loading RDB, keys loaded: ${Object.keys(saved(context).keys).length}, keys expired: 0.`,
          '{pid}:M {time} * DB loaded from disk: 0.000 seconds',
        ]
      : [];
    const opening = [
      '{pid}:C {time} * oO0OoO0OoO0Oo Redis is starting oO0OoO0OoO0Oo',
      `{pid}:C {time} * Redis version=${version}, bits=64, commit=00000000, modified=1, pid={pid}, just started`,
      configured
        ? '{pid}:C {time} * Configuration loaded'
        : '{pid}:C {time} # Warning: no config file specified, using the default config. In order to specify a config file use redis-server /path/to/redis.conf',
      '{pid}:M {time} * monotonic clock: POSIX clock_gettime',
      `{pid}:M {time} * Running mode=standalone, port=${port}.`,
      '{pid}:M {time} * Server initialized',
      ...loading,
    ];
    return {
      steps: [
        ...say(START_MS, opening, { stamped: 'redis' }),
        { afterMs: START_MS, do: 'listen', port, taken: taken(port) },
        ...say(START_MS, ['{pid}:M {time} * Ready to accept connections tcp'], {
          stamped: 'redis',
        }),
      ],
      signals: {},
      memoryBytes: 9_000_000,
      title: `${argv[0] ?? 'redis-server'} *:${port}`,
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
    const done =
      'error' in answer ? {} : kept(context, words[0]?.toLowerCase() ?? '', before, after);
    return reply(JSON.stringify(answer), { state: counted, cpuMs: 0, ...done });
  },

  signalled(context, signal, { state }): SignalResponse | undefined {
    const names: Record<string, string> = { SIGTERM: 'SIGTERM', SIGINT: 'SIGINT' };
    if (!Object.hasOwn(names, signal)) return signal === 'SIGHUP' ? 'ignore' : undefined;
    const { keys } = stateOf(context, state);
    const saves = Object.keys(keys).length > 0 || context.files.read(dumpOf(context)) !== undefined;
    const texts = [
      '{pid}:M {time} * User requested shutdown...',
      '{pid}:M {time} * Saving the final RDB snapshot before exiting.',
      '{pid}:M {time} * DB saved on disk',
      '{pid}:M {time} # Redis is now ready to exit, bye bye...',
    ];
    const shown =
      flagValue(context.argv, '--save') === ''
        ? texts.filter((text) => !/RDB|saved/.test(text))
        : texts;
    return {
      exitCode: 0,
      afterMs: 20,
      log: [
        ...lines([`{pid}:signal-handler ({time}) Received ${signal} scheduling shutdown...`], {
          stamped: 'unix',
        }),
        ...lines(shown, { stamped: 'redis' }),
      ],
      ...(saves && flagValue(context.argv, '--save') !== ''
        ? { writes: dump(context, stateOf(context, state)) }
        : {}),
    };
  },
};
