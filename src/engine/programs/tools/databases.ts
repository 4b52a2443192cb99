import { ask, type Self } from '../../sim/process.ts';
import type { Command, CommandLine } from '../../machine/command.ts';
import { http } from '../../net/http.ts';
import { fail, readAll, readOptions, say, type Step } from './console.ts';

/**
 * Clients of the databases: psql and pg_isready (PostgreSQL 17), mysql and mysqladmin (MySQL 8.4).
 *
 * Simplified: no prompts; one statement at a time; the words of unix sockets for local connections.
 */
interface Wanted {
  readonly method: 'POSTGRES' | 'MYSQL';
  readonly host: string;
  readonly port: number;
  readonly text: string;
  readonly account: Readonly<Record<string, string>>;
}

/** What the server said; undefined when there is none. */
function* exchange(line: CommandLine, wanted: Wanted) {
  const { host, port, method, text, account } = wanted;
  const ip = yield* ask<string | undefined>('net/resolve', { name: host, place: line.machine });
  if (ip === undefined) return 'unresolved' as const;
  const headers = { connection: JSON.stringify(account) };
  const request = { method, path: text, host: `${host}:${port}`, headers };
  const outcome = yield* http({ machine: line.machine, name: 'client' }, { ip, port }, request);
  if (!outcome.ok || outcome.response.status !== 200) return 'refused' as const;
  return { text: new TextDecoder().decode(outcome.response.body) };
}

const PG_LONG = {
  host: 'h',
  port: 'p',
  username: 'U',
  dbname: 'd',
  command: 'c',
  timeout: 't',
  quiet: 'q',
  'tuples-only': 't',
  'no-align': 'A',
  file: 'f',
};

export const pgIsReady: Command = function* (line, self) {
  const { flags } = readOptions(line.argv, 'h:p:U:d:t:q', PG_LONG);
  const host = flags.get('h') ?? line.env.PGHOST;
  const port = Number(flags.get('p') ?? line.env.PGPORT ?? 5432);
  const shown = `${host ?? '/var/run/postgresql'}:${port}`;
  const wanted = {
    method: 'POSTGRES',
    host: host ?? '127.0.0.1',
    port,
    text: '',
    account: {},
  } as const;
  const answer = yield* exchange(line, wanted);
  const good = typeof answer === 'object';
  if (!flags.has('q'))
    yield* say(self, `${shown} - ${good ? 'accepting connections' : 'no response'}\n`);
  return good ? 0 : 2;
};

export const psql: Command = function* (line, self) {
  const { flags, words } = readOptions(line.argv, 'h:p:U:d:c:f:tAqXwWv:', PG_LONG);
  if (line.argv.includes('--version') || line.argv.includes('-V')) {
    yield* say(self, `psql (PostgreSQL) ${(line.env.PG_VERSION ?? '17.7').split('-')[0]}\n`);
    return 0;
  }
  const host = flags.get('h') ?? line.env.PGHOST;
  const port = Number(flags.get('p') ?? line.env.PGPORT ?? 5432);
  const user = flags.get('U') ?? words[1] ?? line.env.PGUSER ?? 'root';
  const database = flags.get('d') ?? words[0] ?? line.env.PGDATABASE ?? user;
  const text = flags.get('c') ?? (yield* readAll(self.stdin));
  const account = {
    user,
    database,
    password: line.env.PGPASSWORD ?? '',
    local: host === undefined ? 'yes' : '',
  };
  const answer = yield* exchange(line, {
    method: 'POSTGRES',
    host: host ?? '127.0.0.1',
    port,
    text,
    account,
  });
  const socket = `connection to server on socket "/var/run/postgresql/.s.PGSQL.${port}" failed`;
  if (answer === 'unresolved') {
    return yield* fail(
      self,
      `psql: error: could not translate host name "${host}" to address: Name or service not known`,
      2,
    );
  }
  if (answer === 'refused') {
    const why =
      host === undefined
        ? `${socket}: No such file or directory\n\tIs the server running locally and accepting connections on that socket?`
        : `connection to server at "${host}", port ${port} failed: Connection refused\n\tIs the server running on that host and accepting TCP/IP connections?`;
    return yield* fail(self, `psql: error: ${why}`, 2);
  }
  if (answer.text.startsWith('!')) {
    const where =
      host === undefined ? socket : `connection to server at "${host}", port ${port} failed`;
    return yield* fail(self, `psql: error: ${where}: ${answer.text.slice(1)}`, 2);
  }
  if (answer.text.startsWith('?')) return yield* fail(self, answer.text.slice(1), 1);
  const rows = answer.text.split('\n');
  if (flags.has('t'))
    yield* say(
      self,
      rows
        .slice(2, -3)
        .map((row) => `${flags.has('A') ? row.trim() : row}\n`)
        .join(''),
    );
  else yield* say(self, answer.text);
  return 0;
};

const MY_LONG = {
  host: 'h',
  port: 'P',
  user: 'u',
  execute: 'e',
  silent: 's',
  batch: 'B',
  'skip-column-names': 'N',
};

/** What the server calls a wrong password; a client's exit code that only mysqladmin looks at. */
const ACCESS_DENIED = 1045;

function readMysql(line: CommandLine) {
  // A password follows its option without a blank, or not at all.
  const argv = line.argv.filter((word) => !/^(-p|--password)/.test(word));
  const given = line.argv.find((word) => /^(-p|--password)/.test(word));
  const password =
    given === undefined ? (line.env.MYSQL_PWD ?? '') : given.replace(/^(-p|--password=?)/, '');
  return {
    ...readOptions(argv, 'h:P:u:e:D:sBNi', MY_LONG),
    password,
    given: given !== undefined && password !== '',
  };
}

function* mysqlExchange(
  line: CommandLine,
  self: Self,
  text: string,
  tool: 'mysql' | 'mysqladmin',
): Step<string | number> {
  const { flags, password, given } = readMysql(line);
  const host = flags.get('h');
  const port = Number(flags.get('P') ?? 3306);
  const account = { user: flags.get('u') ?? 'root', password };
  if (given)
    yield* fail(
      self,
      `${tool}: [Warning] Using a password on the command line interface can be insecure.`,
    );
  const answer = yield* exchange(line, {
    method: 'MYSQL',
    host: host ?? '127.0.0.1',
    port,
    text,
    account,
  });
  const admin = tool === 'mysqladmin';
  const local = host === undefined || host === 'localhost';
  const report = (code: number, words: string) =>
    admin
      ? fail(
          self,
          `mysqladmin: connect to server at '${host ?? 'localhost'}' failed\nerror: '${words}'${code === 2002 ? "\nCheck that mysqld is running and that the socket: '/var/run/mysqld/mysqld.sock' exists!" : ''}`,
          code === ACCESS_DENIED ? code : 1,
        )
      : fail(
          self,
          `ERROR ${code}${code === ACCESS_DENIED ? ' (28000)' : code >= 2000 ? ' (HY000)' : ''}: ${words}`,
        );
  if (answer === 'unresolved')
    return yield* report(2005, `Unknown MySQL server host '${host}' (-2)`);
  if (answer === 'refused') {
    return local
      ? yield* report(
          2002,
          "Can't connect to local MySQL server through socket '/var/run/mysqld/mysqld.sock' (2)",
        )
      : yield* report(2003, `Can't connect to MySQL server on '${host}:${port}' (111)`);
  }
  if (answer.text.startsWith('!')) return yield* report(ACCESS_DENIED, answer.text.slice(1));
  return answer.text;
}

const PLAIN_PASSWORD =
  'Warning: Since password will be sent to server in plain text, use ssl connection to ensure password safety.';

export const mysqladmin: Command = function* (line, self) {
  const { words } = readMysql(line);
  const [action, value = ''] = words;
  if (action === undefined)
    return yield* fail(
      self,
      'mysqladmin  Ver 8.4.7 for Linux on x86_64 (MySQL Community Server - GPL)\nUsage: mysqladmin [OPTIONS] command command....',
    );
  const sql = action === 'password' ? `ALTER USER USER() IDENTIFIED BY '${value}'` : '';
  const text = yield* mysqlExchange(line, self, sql, 'mysqladmin');
  if (typeof text === 'number') {
    // A server that refuses the password is alive all the same (`client/mysqladmin.cc`).
    if (text !== ACCESS_DENIED) return text;
    return action === 'ping' ? 0 : 1;
  }
  if (action === 'ping') yield* say(self, 'mysqld is alive\n');
  else if (action === 'password') return yield* fail(self, PLAIN_PASSWORD, 0);
  else if (action === 'status')
    yield* say(
      self,
      'Uptime: 1  Threads: 2  Questions: 1  Slow queries: 0  Opens: 119  Flush tables: 3  Open tables: 38  Queries per second avg: 1.000\n',
    );
  else return yield* fail(self, `mysqladmin: Unknown command: '${action}'`);
  return 0;
};

export const mysql: Command = function* (line: CommandLine & { readonly tty?: boolean }, self) {
  const { flags } = readMysql(line);
  if (line.argv.includes('--version') || line.argv.includes('-V')) {
    yield* say(
      self,
      `mysql  Ver ${(line.env.MYSQL_VERSION ?? '8.4.7').split('-')[0]} for Linux on x86_64 (MySQL Community Server - GPL)\n`,
    );
    return 0;
  }
  const sql = flags.get('e') ?? (yield* readAll(self.stdin));
  const text = yield* mysqlExchange(line, self, sql, 'mysql');
  if (typeof text === 'number') return text;
  if (text.startsWith('?')) return yield* fail(self, text.slice(1));
  const isTable = line.tty === true && !['s', 'B'].some((flag) => flags.has(flag));
  const rows = text.split('\n').slice(flags.has('N') ? 1 : 0, -1);
  // To a terminal it draws a table; into a pipe and a log it writes names and values.
  if (rows.length > 0) {
    yield* say(self, isTable ? drawn(rows, flags.has('N')) : `${rows.join('\n')}\n`);
  }
  return 0;
};

/** A table of one column, as `print_table_data` of `client/mysql.cc` draws it. */
function drawn(rows: readonly string[], isHeadless: boolean): string {
  const width = Math.max(...rows.map((row) => row.length));
  const line = `+${'-'.repeat(width + 2)}+\n`;
  const isNumber = rows.slice(isHeadless ? 0 : 1).every((row) => /^\d+$/.test(row));
  const cells = rows.map((row, i) => {
    const isHead = i === 0 && !isHeadless;
    return `| ${isNumber && !isHead ? row.padStart(width) : row.padEnd(width)} |\n`;
  });
  const head = isHeadless ? [] : [cells.shift() ?? '', line];
  return [line, ...head, ...cells, line].join('');
}
