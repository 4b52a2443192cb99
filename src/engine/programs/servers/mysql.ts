import type { ProcessContext, ProcessPlan, ProcessStep, ProgramModel } from '../program.ts';
import { noHttp, reply, say, speaks, ends, lines, textIn, flagValue } from './plans.ts';

/**
 * mysqld 8.4 and 9.5: prepares its data directory at the first start, which takes a while, then
 * takes connections (docker-library/mysql `8.4/docker-entrypoint.sh`; messages of MySQL 8.4
 * `share/messages_to_error_log.txt`). `mysqladmin` and `mysql` ask with the method MYSQL.
 *
 * Simplified: of SQL it knows `select` of numbers, texts, `version()`, `create`, `drop` and `show` of
 * databases, and a new password of one's own.
 */
const DATA = '/var/lib/mysql';
const INIT_MS = 9_000;
const START_MS = 900;

const versionOf = ({ env }: ProcessContext): string =>
  (env.MYSQL_VERSION ?? '8.4.7-1.el9').split('-')[0] ?? '8.4.7';

const system = (text: string, number: number) => `{time} ${number} [System] ${text}`;
const note = (text: string) => `{time} [Note] [Entrypoint]: ${text}`;

function initialising(context: ProcessContext): ProcessStep[] {
  const version = versionOf(context);
  const server = { stream: 'stderr', stamped: 'mysql' } as const;
  const entry = { stamped: 'rfc3339' } as const;
  return [
    ...say(300, [note('Initializing database files')], entry),
    ...say(
      400,
      [
        system('[MY-015017] [Server] MySQL Server Initialization - start.', 0),
        system(
          `[MY-013169] [Server] /usr/sbin/mysqld (mysqld ${version}) initializing of server in progress as process 80`,
          0,
        ),
        system('[MY-013576] [InnoDB] InnoDB initialization has started.', 1),
      ],
      server,
    ),
    ...say(1600, [system('[MY-013577] [InnoDB] InnoDB initialization has ended.', 1)], server),
    ...say(
      3200,
      [
        '{time} 6 [Warning] [MY-010453] [Server] root@localhost is created with an empty password ! Please consider switching off the --initialize-insecure option.',
      ],
      server,
    ),
    ...say(4200, [system('[MY-015018] [Server] MySQL Server Initialization - end.', 0)], server),
    ...say(4300, [note('Database files initialized'), note('Starting temporary server')], entry),
    ...say(
      4400,
      [
        system('[MY-015015] [Server] MySQL Server - start.', 0),
        system(
          `[MY-010116] [Server] /usr/sbin/mysqld (mysqld ${version}) starting as process 124`,
          0,
        ),
      ],
      server,
    ),
    ...say(
      5600,
      [
        system(
          `[MY-010931] [Server] /usr/sbin/mysqld: ready for connections. Version: '${version}'  socket: '/var/run/mysqld/mysqld.sock'  port: 0  MySQL Community Server - GPL.`,
          0,
        ),
      ],
      server,
    ),
  ];
}

/** Accounts and databases, on a server that nobody else can reach. */
function settingUp(context: ProcessContext): ProcessStep[] {
  const { env } = context;
  const version = versionOf(context);
  const server = { stream: 'stderr', stamped: 'mysql' } as const;
  const entry = { stamped: 'rfc3339' } as const;
  const database = env.MYSQL_DATABASE;
  const user = env.MYSQL_USER;
  const extra = [
    ...(database === undefined ? [] : [note(`Creating database ${database}`)]),
    ...(user === undefined ? [] : [note(`Creating user ${user}`)]),
    ...(user === undefined || database === undefined
      ? []
      : [note(`Giving user ${user} access to schema ${database}`)]),
  ];
  const databases = [
    'information_schema',
    'mysql',
    'performance_schema',
    'sys',
    ...(database === undefined ? [] : [database]),
  ];
  return [
    ...say(5700, [note('Temporary server started.'), ...extra], entry),
    ...say(7400, [note('Stopping temporary server')], entry),
    ...say(
      7500,
      [
        system(
          '[MY-013172] [Server] Received SHUTDOWN from user root. Shutting down mysqld (Version: ' +
            version +
            ').',
          10,
        ),
      ],
      server,
    ),
    ...say(8800, [note('Temporary server stopped')], entry),
    ...say(INIT_MS - 100, [''], {}),
    ...say(INIT_MS - 100, [note('MySQL init process done. Ready for start up.')], entry),
    ...say(INIT_MS - 100, [''], {}),
    { afterMs: INIT_MS - 100, do: 'write', path: `${DATA}/ibdata1`, content: 'model\n' },
    {
      afterMs: INIT_MS - 100,
      do: 'write',
      path: `${DATA}/auto.cnf`,
      content: '[auto]\nserver-uuid=00000000-0000-0000-0000-000000000001\n',
    },
    {
      afterMs: INIT_MS - 100,
      do: 'write',
      path: `${DATA}/drydock.json`,
      content: JSON.stringify({
        password: env.MYSQL_ROOT_PASSWORD ?? '',
        user: user ?? '',
        userPassword: env.MYSQL_PASSWORD ?? '',
        databases,
      }),
    },
  ];
}

interface Accounts {
  readonly password: string;
  readonly user: string;
  readonly userPassword: string;
  readonly databases: readonly string[];
}

const accountsOf = (context: ProcessContext): Accounts =>
  JSON.parse(
    textIn(context, `${DATA}/drydock.json`) ??
      '{"password":"","user":"","userPassword":"","databases":["mysql"]}',
  ) as Accounts;

export const mysqld: ProgramModel = {
  plan(context): ProcessPlan {
    const { argv, files } = context;
    const version = versionOf(context);
    if (argv.includes('--version') || argv.includes('-V')) {
      return ends([
        `/usr/sbin/mysqld  Ver ${version} for Linux on x86_64 (MySQL Community Server - GPL)`,
      ]);
    }
    const first = files.kind(`${DATA}/ibdata1`) !== 'file';
    const fromMs = first ? INIT_MS : 0;
    const server = { stream: 'stderr', stamped: 'mysql' } as const;
    const port = Number(flagValue(argv, '--port') ?? 3306);
    const readyMs = fromMs + START_MS;
    const down = [
      system(
        `[MY-013172] [Server] Received SHUTDOWN from user <via user signal>. Shutting down mysqld (Version: ${version}).`,
        0,
      ),
      system(
        `[MY-010910] [Server] /usr/sbin/mysqld: Shutdown complete (mysqld ${version})  MySQL Community Server - GPL.`,
        0,
      ),
      system('[MY-015016] [Server] MySQL Server - end.', 0),
    ];
    return {
      steps: [
        ...(first ? [...initialising(context), ...settingUp(context)] : []),
        ...say(
          fromMs + 50,
          [
            system('[MY-015015] [Server] MySQL Server - start.', 0),
            system(
              `[MY-010116] [Server] /usr/sbin/mysqld (mysqld ${version}) starting as process 1`,
              0,
            ),
            system('[MY-013576] [InnoDB] InnoDB initialization has started.', 1),
          ],
          server,
        ),
        ...say(
          readyMs - 200,
          [system('[MY-013577] [InnoDB] InnoDB initialization has ended.', 1)],
          server,
        ),
        { afterMs: readyMs, do: 'listen', port },
        { afterMs: readyMs, do: 'listen', port: 33_060 },
        ...say(
          readyMs,
          [
            system(
              `[MY-010931] [Server] /usr/sbin/mysqld: ready for connections. Version: '${version}'  socket: '/var/run/mysqld/mysqld.sock'  port: ${port}  MySQL Community Server - GPL.`,
              0,
            ),
          ],
          server,
        ),
      ],
      signals: {
        SIGTERM: { exitCode: 0, afterMs: 900, log: lines(down, server) },
        SIGQUIT: { exitCode: 0, afterMs: 900, log: lines(down, server) },
        SIGINT: 'ignore',
        SIGHUP: 'ignore',
      },
      memoryBytes: 430_000_000,
    };
  },

  serve(context, request) {
    if (!speaks(request, 'MYSQL')) return noHttp('J\u0000\u0000\u0000');
    const { user = 'root', password = '' } = JSON.parse(
      request.headers?.connection ?? '{}',
    ) as Record<string, string>;
    const accounts = accountsOf(context);
    const wanted =
      user === 'root'
        ? accounts.password
        : user === accounts.user
          ? accounts.userPassword
          : undefined;
    if (wanted === undefined || wanted !== password) {
      return reply(
        `!Access denied for user '${user}'@'localhost' (using password: ${password === '' ? 'NO' : 'YES'})`,
      );
    }
    const renewed = /^alter user user\(\) identified by '([^']*)'$/i.exec(request.path)?.[1];
    if (renewed !== undefined) {
      const whose = user === 'root' ? 'password' : 'userPassword';
      const content = JSON.stringify({ ...accounts, [whose]: renewed });
      return reply('', { writes: [{ path: `${DATA}/drydock.json`, content }] });
    }
    const made = changedDatabases(accounts.databases, request.path);
    if (typeof made === 'string') return reply(made);
    if (made !== undefined) {
      const content = JSON.stringify({ ...accounts, databases: made });
      return reply('', { writes: [{ path: `${DATA}/drydock.json`, content }] });
    }
    return reply(query(versionOf(context), accounts, request.path));
  },
};

/**
 * The databases after `create database` or `drop database`, or the error; undefined for any other
 * statement (messages of MySQL 8.4 `share/messages_to_clients.txt`).
 */
function changedDatabases(
  databases: readonly string[],
  sql: string,
): readonly string[] | string | undefined {
  const found =
    /^(create|drop)\s+(?:database|schema)\s+(?:(if\s+(?:not\s+)?exists)\s+)?`?(\w+)`?\s*;*\s*$/i.exec(
      sql.trim(),
    );
  const [, verb = '', leniently, name = ''] = found ?? [];
  if (name === '') return undefined;
  const isThere = databases.includes(name);
  if (verb.toLowerCase() === 'create') {
    if (!isThere) return [...databases, name];
    if (leniently) return databases;
    return `?ERROR 1007 (HY000) at line 1: Can't create database '${name}'; database exists`;
  }
  if (isThere) return databases.filter((other) => other !== name);
  if (leniently) return databases;
  return `?ERROR 1008 (HY000) at line 1: Can't drop database '${name}'; database doesn't exist`;
}

/** Rows as the client prints them in a batch: names, then values, tabs between; `?` and an error. */
function query(version: string, { databases }: Accounts, sql: string): string {
  const text = sql.trim().replace(/;+\s*$/, '');
  if (text === '') return '';
  if (/^show\s+databases$/i.test(text)) return `Database\n${[...databases].sort().join('\n')}\n`;
  const select = /^select\s+(.*)$/is.exec(text)?.[1]?.trim();
  if (select === undefined) {
    const [word = ''] = text.split(/\s+/);
    return `?ERROR 1064 (42000) at line 1: You have an error in your SQL syntax; check the manual that corresponds to your MySQL server version for the right syntax to use near '${word}' at line 1`;
  }
  if (/^\d+$/.test(select)) return `${select}\n${select}\n`;
  const quoted = /^'([^']*)'$/.exec(select);
  if (quoted) return `${quoted[1]}\n${quoted[1]}\n`;
  if (/^(version\(\)|@@version)$/i.test(select)) return `${select}\n${version}\n`;
  return `?ERROR 1054 (42S22) at line 1: Unknown column '${select}' in 'field list'`;
}
