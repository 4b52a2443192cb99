import type {
  FileText,
  ProcessContext,
  ProcessPlan,
  ProcessStep,
  ProgramModel,
  Served,
} from '../program.ts';
import { asObjects, asPsql, runSql, statementsOf, type SqlTables } from './postgres-tables.ts';
import { flagValue, lines, noHttp, reply, say, speaks, ends, textIn } from './plans.ts';

/**
 * postgres 16 to 18: prepares its data directory at the first start, then takes connections
 * (postgres/postgres 17 `src/bin/initdb/initdb.c`, `src/backend/postmaster/postmaster.c`; the
 * image's script docker-library/postgres `17/docker-entrypoint.sh`). `psql` and `pg_isready` ask
 * with the method POSTGRES.
 *
 * Simplified: of SQL it knows `select` of numbers and texts, `version()`, and the statements on tables
 * of postgres-tables.ts, which lie in one JSON file; start times are model figures.
 */
const INIT_MS = 2600;
const START_MS = 140;

const dataOf = ({ env }: ProcessContext): string => env.PGDATA ?? '/var/lib/postgresql/data';
const versionOf = ({ env }: ProcessContext): string =>
  (env.PG_VERSION ?? '17.7').split('-')[0] ?? '17.7';
const builtOf = (context: ProcessContext): string =>
  (context.env.PG_VERSION ?? '').includes('pgdg')
    ? `PostgreSQL ${versionOf(context)} (Debian ${context.env.PG_VERSION}) on x86_64-pc-linux-gnu, compiled by gcc (Debian 14.2.0-19) 14.2.0, 64-bit`
    : `PostgreSQL ${versionOf(context)} on x86_64-pc-linux-musl, compiled by gcc (Alpine 14.2.0) 14.2.0, 64-bit`;

const INITDB = (data: string): string[] => [
  'The files belonging to this database system will be owned by user "postgres".',
  'This user must also own the server process.',
  '',
  'The database cluster will be initialized with locale "en_US.utf8".',
  'The default database encoding has accordingly been set to "UTF8".',
  'The default text search configuration will be set to "english".',
  '',
  'Data page checksums are disabled.',
  '',
  `fixing permissions on existing directory ${data} ... ok`,
  'creating subdirectories ... ok',
  'selecting dynamic shared memory implementation ... posix',
  'selecting default "max_connections" ... 100',
  'selecting default "shared_buffers" ... 128MB',
  'selecting default time zone ... Etc/UTC',
  'creating configuration files ... ok',
  'running bootstrap script ... ok',
  'performing post-bootstrap initialization ... ok',
  'syncing data to disk ... ok',
  '',
  '',
  'Success. You can now start the database server using:',
  '',
  `    pg_ctl -D ${data} -l logfile start`,
  '',
];

const ready = (pid: number) => [
  `{time} [${pid}] LOG:  database system is ready to accept connections`,
];

function initialising(context: ProcessContext): ProcessStep[] {
  const data = dataOf(context);
  const built = builtOf(context);
  const user = context.env.POSTGRES_USER ?? 'postgres';
  const database = context.env.POSTGRES_DB ?? user;
  const log = { stream: 'stderr', stamped: 'postgres' } as const;
  const created = database === 'postgres' ? [] : ['CREATE DATABASE', '', ''];
  return [
    ...say(200, INITDB(data)),
    ...say(1200, ['waiting for server to start....']),
    ...say(
      1300,
      [
        `{time} [48] LOG:  starting ${built}`,
        '{time} [48] LOG:  listening on Unix socket "/var/run/postgresql/.s.PGSQL.5432"',
      ],
      log,
    ),
    ...say(
      1350,
      [
        '{time} [51] LOG:  database system was shut down at {time}'.replace(' at {time}', ''),
        ...ready(48),
      ],
      log,
    ),
    ...say(1400, [' done', 'server started', ...created]),
    ...closing(context, user, database),
  ];
}

function closing(context: ProcessContext, user: string, database: string): ProcessStep[] {
  const data = dataOf(context);
  const log = { stream: 'stderr', stamped: 'postgres' } as const;
  const scripts = initScripts(context);
  return [
    ...say(1500, ['', ...scripts.said, '']),
    ...(scripts.ok ? [] : [{ afterMs: 1500, do: 'exit', code: 3 } as const]),
    { afterMs: INIT_MS - 100, do: 'write', ...tablesFile(context, scripts.tables) },
    ...say(
      1600,
      [
        '{time} [48] LOG:  received fast shutdown request',
        '{time} [48] LOG:  aborting any active transactions',
        '{time} [48] LOG:  shutting down',
        '{time} [48] LOG:  database system is shut down',
      ],
      log,
    ),
    ...say(INIT_MS - 100, [
      'waiting for server to shut down.... done',
      'server stopped',
      '',
      'PostgreSQL init process complete; ready for start up.',
      '',
    ]),
    {
      afterMs: INIT_MS - 100,
      do: 'write',
      path: `${data}/PG_VERSION`,
      content: `${versionOf(context).split('.')[0]}\n`,
    },
    {
      afterMs: INIT_MS - 100,
      do: 'write',
      path: `${data}/postgresql.conf`,
      content: "listen_addresses = '*'\n",
    },
    {
      afterMs: INIT_MS - 100,
      do: 'write',
      path: `${data}/drydock.json`,
      content: JSON.stringify({
        user,
        database,
        password: context.env.POSTGRES_PASSWORD ?? '',
        trust: context.env.POSTGRES_HOST_AUTH_METHOD === 'trust',
      }),
    },
  ];
}

const SCRIPTS = '/docker-entrypoint-initdb.d';

/** Runs what lies in the image's folder for it, in the order of the names, and says what it ran. */
function initScripts({ files }: ProcessContext) {
  const script = '/usr/local/bin/docker-entrypoint.sh:';
  const names = files.kind(SCRIPTS) === 'dir' ? files.list(SCRIPTS) : [];
  let tables: SqlTables = {};
  const said: string[] = names.length === 0 ? [`${script} ignoring ${SCRIPTS}/*`] : [];
  for (const name of names) {
    const path = `${SCRIPTS}/${name}`;
    const bytes = name.endsWith('.sql') ? files.read(path) : undefined;
    said.push(`${script} ${bytes ? 'running' : 'ignoring'} ${path}`);
    for (const statement of statementsOf(new TextDecoder().decode(bytes))) {
      const outcome = runSql(tables, statement) ?? { error: notModelled(statement) };
      if ('error' in outcome) {
        return { ok: false, tables, said: [...said, `psql:${path}: ${outcome.error}`] };
      }
      if (!('tag' in outcome)) continue;
      said.push(outcome.tag);
      tables = outcome.tables;
    }
    said.push('');
  }
  return { ok: true, tables, said };
}

const tablesFile = (context: ProcessContext, tables: SqlTables): FileText => ({
  path: `${dataOf(context)}/tables.json`,
  content: JSON.stringify(tables),
});

const tablesOf = (context: ProcessContext): SqlTables =>
  JSON.parse(textIn(context, tablesFile(context, {}).path) ?? '{}') as SqlTables;

/** A statement on tables: what the client gets, and what is written; undefined for any other. */
function onTables(
  context: ProcessContext,
  sql: string,
  isProgram: boolean,
): { readonly text: string; readonly more?: Partial<Served> } | undefined {
  const [statement = ''] = statementsOf(sql);
  const outcome = runSql(tablesOf(context), statement);
  if (!outcome) return undefined;
  if ('error' in outcome) return { text: `?${outcome.error}` };
  if ('result' in outcome) {
    const { result } = outcome;
    return { text: isProgram ? JSON.stringify(asObjects(result)) : asPsql(result) };
  }
  const text = isProgram ? JSON.stringify(outcome.tag) : `${outcome.tag}\n`;
  return { text, more: { writes: [tablesFile(context, outcome.tables)] } };
}

const notModelled = (statement: string): string =>
  `ERROR:  ${statement.split(' ')[0]?.toUpperCase() ?? ''} is not modelled here`;

interface Cluster {
  readonly user: string;
  readonly database: string;
  readonly password: string;
  readonly trust: boolean;
}

const clusterOf = (context: ProcessContext): Cluster =>
  JSON.parse(
    textIn(context, `${dataOf(context)}/drydock.json`) ??
      '{"user":"postgres","database":"postgres","password":"","trust":true}',
  ) as Cluster;

export const postgres: ProgramModel = {
  plan(context): ProcessPlan {
    const { argv, files } = context;
    if (argv.includes('--version') || argv.includes('-V')) {
      return ends([`postgres (PostgreSQL) ${versionOf(context)}`]);
    }
    const data = dataOf(context);
    const first = files.kind(`${data}/PG_VERSION`) !== 'file';
    const fromMs = first ? INIT_MS : 0;
    const port = Number(flagValue(argv, '-p') ?? context.env.PGPORT ?? 5432);
    const log = { stream: 'stderr', stamped: 'postgres' } as const;
    const skipped = first
      ? []
      : say(10, [
          '',
          'PostgreSQL Database directory appears to contain a database; Skipping initialization',
          '',
        ]);
    const opening = [
      `{time} [1] LOG:  starting ${builtOf(context)}`,
      `{time} [1] LOG:  listening on IPv4 address "0.0.0.0", port ${port}`,
      `{time} [1] LOG:  listening on IPv6 address "::", port ${port}`,
      `{time} [1] LOG:  listening on Unix socket "/var/run/postgresql/.s.PGSQL.${port}"`,
    ];
    const startMs = fromMs + START_MS;
    const shut = [
      'LOG:  aborting any active transactions',
      'LOG:  background worker "logical replication launcher" (PID 64) exited with exit code 1',
      'LOG:  shutting down',
      'LOG:  checkpoint starting: shutdown immediate',
      'LOG:  database system is shut down',
    ];
    const ending = (request: string) =>
      lines(
        [
          `{time} [1] LOG:  received ${request} shutdown request`,
          ...shut.map((text) => `{time} [1] ${text}`),
        ],
        log,
      );
    return {
      steps: [
        ...(first ? initialising(context) : skipped),
        ...say(fromMs + 60, opening, log),
        { afterMs: startMs, do: 'listen', port },
        ...say(startMs, ready(1), log),
      ],
      signals: {
        SIGINT: { exitCode: 0, afterMs: 80, log: ending('fast') },
        SIGTERM: { exitCode: 0, afterMs: 120, log: ending('smart') },
        SIGQUIT: { exitCode: 2, afterMs: 20, log: ending('immediate').slice(0, 1) },
        SIGHUP: 'ignore',
      },
      memoryBytes: 45_000_000,
    };
  },

  serve(context, request, { ip }) {
    if (!speaks(request, 'POSTGRES')) return noHttp();
    if (request.path === '') return reply('');
    const cluster = clusterOf(context);
    const {
      user = 'postgres',
      database = user,
      password = '',
      local = '',
      form = '',
    } = JSON.parse(request.headers?.connection ?? '{}') as Record<string, string>;
    // initdb trusts whoever comes from the same container (`pg_hba.conf`).
    const isTrusted = local !== '' || ip.startsWith('127.') || cluster.trust;
    if (!isTrusted && (password !== cluster.password || password === '')) {
      const why =
        password === ''
          ? 'fe_sendauth: no password supplied'
          : `FATAL:  password authentication failed for user "${user}"`;
      return reply(`!${why}`);
    }
    if (user !== cluster.user) return reply(`!FATAL:  role "${user}" does not exist`);
    if (database !== cluster.database && database !== 'postgres') {
      return reply(`!FATAL:  database "${database}" does not exist`);
    }
    const changed = newPassword(context, cluster, request.path);
    if (changed) return changed;
    const done = database === cluster.database && onTables(context, request.path, form === 'json');
    if (done) return reply(done.text, done.more);
    return reply(query(context, cluster, request.path));
  },
};

const ALTER = /^alter (?:user|role) "?(\w+)"? (?:with )?(?:encrypted )?password '([^']*)'$/i;

/** `ALTER USER name PASSWORD 'text'`; undefined for any other statement. */
function newPassword(context: ProcessContext, cluster: Cluster, sql: string): Served | undefined {
  const [, role, password] = ALTER.exec(statementsOf(sql)[0] ?? '') ?? [];
  if (password === undefined) return undefined;
  if (role !== cluster.user) return reply(`?ERROR:  role "${role}" does not exist`);
  const content = JSON.stringify({ ...cluster, password });
  const writes = [{ path: `${dataOf(context)}/drydock.json`, content }];
  return reply('ALTER ROLE\n', { writes });
}

/** A result as psql prints it, or `?` and an error. */
function query(context: ProcessContext, cluster: Cluster, sql: string): string {
  const text = sql.trim().replace(/;+\s*$/, '');
  if (text === '') return '';
  const select = /^select\s+(.*)$/is.exec(text);
  if (!select) {
    const [word = ''] = text.split(/\s+/);
    const known = /^(create|insert|update|delete|drop|alter|begin|commit|set|show|grant)$/i.test(
      word,
    );
    return known
      ? `?ERROR:  ${word.toUpperCase()} is not modelled here`
      : `?ERROR:  syntax error at or near "${word}"\nLINE 1: ${text}\n        ^`;
  }
  const expression = select[1]!.trim();
  const value = literal(context, cluster, expression);
  if (value === undefined) {
    if (/\bfrom\b/i.test(expression)) {
      const table = /\bfrom\s+("?[\w.]+"?)/i.exec(expression)?.[1] ?? '';
      return `?ERROR:  relation "${table}" does not exist\nLINE 1: ${text}\n        ${' '.repeat(Math.max(0, text.indexOf(table)))}^`;
    }
    return `?ERROR:  column "${expression}" does not exist\nLINE 1: ${text}\n        ${' '.repeat(7)}^`;
  }
  const { name, shown, numeric } = value;
  const width = Math.max(name.length, shown.length) + 2;
  const left = Math.floor((width - name.length) / 2);
  const header = ' '.repeat(left) + name.padEnd(width - left);
  const cell = numeric ? `${shown.padStart(width - 1)} ` : ` ${shown}`;
  return `${header}\n${'-'.repeat(width)}\n${cell.replace(/\s+$/, '')}\n(1 row)\n\n`;
}

function literal(context: ProcessContext, cluster: Cluster, text: string) {
  const unnamed = '?column?';
  if (/^-?\d+$/.test(text)) return { name: unnamed, shown: text, numeric: true };
  const sum = /^(-?\d{1,9})\s*([+*-])\s*(-?\d{1,9})$/.exec(text);
  if (sum) {
    const [a, b] = [Number(sum[1]), Number(sum[3])];
    const shown = String(sum[2] === '+' ? a + b : sum[2] === '-' ? a - b : a * b);
    return { name: unnamed, shown, numeric: true };
  }
  const quoted = /^'([^']*)'$/.exec(text);
  if (quoted) return { name: unnamed, shown: quoted[1]!, numeric: false };
  if (/^version\(\)$/i.test(text))
    return { name: 'version', shown: builtOf(context), numeric: false };
  if (/^current_user$/i.test(text))
    return { name: 'current_user', shown: cluster.user, numeric: false };
  if (/^current_database\(\)$/i.test(text))
    return { name: 'current_database', shown: cluster.database, numeric: false };
  return undefined;
}
