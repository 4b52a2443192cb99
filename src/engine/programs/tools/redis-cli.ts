import { ask, type Self } from '../../sim/process.ts';
import type { Command, CommandLine } from '../../machine/command.ts';
import { http } from '../../net/http.ts';
import type { RedisReply } from '../servers/redis-commands.ts';
import { fail, readAll, say, type Step } from './console.ts';

/**
 * redis-cli 8 (redis/redis 8.4 `src/redis-cli.c`): one command from its words, or commands from
 * standard input, a line each. Output that is no terminal is raw, as there.
 *
 * Simplified: it prints as to a terminal, with types in parentheses, unless `--raw` is given.
 */
interface Target {
  readonly host: string;
  readonly port: number;
  readonly raw: boolean;
  /** Error replies make an error of the exit code. */
  readonly errors: boolean;
  readonly password?: string;
}

function format(answer: RedisReply, raw: boolean, indent = ''): string {
  if ('status' in answer) return answer.status;
  if ('error' in answer) return raw ? answer.error : `(error) ${answer.error}`;
  if ('integer' in answer) return raw ? String(answer.integer) : `(integer) ${answer.integer}`;
  if ('bulk' in answer) {
    if (answer.bulk === null) return raw ? '' : '(nil)';
    // INFO is printed as it is in both forms.
    return raw || answer.bulk.includes('\r\n') ? answer.bulk.trimEnd() : quoted(answer.bulk);
  }
  const { list } = answer;
  if (list.length === 0) return raw ? '' : '(empty array)';
  const width = String(list.length).length;
  return list
    .map((one, i) => {
      const text = format(one, raw, `${indent}${' '.repeat(width + 2)}`);
      return raw ? text : `${i === 0 ? '' : indent}${String(i + 1).padStart(width)}) ${text}`;
    })
    .join('\n');
}

const quoted = (text: string): string =>
  `"${text.replace(/["\\]/g, '\\$&').replace(/\n/g, '\\n').replace(/\r/g, '\\r').replace(/\t/g, '\\t')}"`;

function* send(
  line: CommandLine,
  self: Self,
  target: Target,
  words: readonly string[],
): Step<number> {
  const { host, port, raw, errors, password } = target;
  const unreachable = (why: string) =>
    fail(self, `Could not connect to Redis at ${host}:${port}: ${why}`);
  const ip = yield* ask<string | undefined>('net/resolve', { name: host, place: line.machine });
  if (ip === undefined) return yield* unreachable('Name or service not known');
  const request = {
    method: 'REDIS',
    path: JSON.stringify(words),
    host: `${host}:${port}`,
    ...(password === undefined ? {} : { headers: { authorization: password } }),
  };
  const outcome = yield* http({ machine: line.machine, name: 'client' }, { ip, port }, request);
  if (!outcome.ok) {
    const why = {
      refused: 'Connection refused',
      timeout: 'Connection timed out',
      reset: 'Connection reset by peer',
      unreachable: 'Network is unreachable',
      absent: 'No route to host',
    };
    return yield* unreachable(why[outcome.error]);
  }
  const text = new TextDecoder().decode(outcome.response.body);
  if (outcome.response.status !== 200)
    return yield* fail(self, 'Error: Protocol error, got "H" as reply type byte');
  let answer: RedisReply;
  try {
    answer = JSON.parse(text) as RedisReply;
  } catch {
    return yield* fail(self, 'Error: Protocol error, got "<" as reply type byte');
  }
  yield* say(self, `${format(answer, raw)}\n`);
  return 'error' in answer && errors ? 1 : 0;
}

export const redisCli: Command = function* (line, self) {
  let host = '127.0.0.1';
  let port = 6379;
  // Without a terminal, which Docker tells by TERM, answers are printed as they are.
  let raw = line.env.TERM === undefined;
  let errors = false;
  let password = line.env.REDISCLI_AUTH;
  let at = 1;
  for (; at < line.argv.length; at++) {
    const word = line.argv[at]!;
    if (word === '-h') host = line.argv[++at] ?? host;
    else if (word === '-p') port = Number(line.argv[++at] ?? port);
    else if (word === '--raw') raw = true;
    else if (word === '--no-raw') raw = false;
    else if (word === '-e') errors = true;
    else if (word === '-a' || word === '--pass') password = line.argv[++at];
    else if (
      word === '-n' ||
      word === '-a' ||
      word === '-u' ||
      word === '--user' ||
      word === '--pass'
    )
      at += 1;
    else if (word === '--no-auth-warning') continue;
    else if (word === '--version' || word === '-v') {
      yield* say(self, `redis-cli ${line.env.REDIS_VERSION ?? '8.4.0'}\n`);
      return 0;
    } else if (word.startsWith('-')) {
      return yield* fail(self, `Unrecognized option or bad number of args for: '${word}'`);
    } else break;
  }
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    return yield* fail(self, 'Invalid server port.');
  const target = { host, port, raw, errors, ...(password === undefined ? {} : { password }) };
  const words = line.argv.slice(at);
  if (words.length > 0) {
    return yield* send(line, self, target, words);
  }
  const text = yield* readAll(self.stdin);
  let status = 0;
  for (const one of text.split('\n').slice(0, 10_000)) {
    const parts =
      one.match(/"[^"]*"|'[^']*'|\S+/g)?.map((part) => part.replace(/^(["'])(.*)\1$/s, '$2')) ?? [];
    if (parts.length > 0) status = yield* send(line, self, target, parts);
  }
  return status;
};
