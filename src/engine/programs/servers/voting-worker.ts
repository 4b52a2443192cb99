import type { Command, CommandLine } from '../../machine/command.ts';
import { http } from '../../net/http.ts';
import { ask, exec, sleep, write, type Self } from '../../sim/process.ts';
import type { Step } from '../tools/console.ts';
import type { RedisReply } from './redis-commands.ts';
import { DATABASE, VOTES } from './voting-app.ts';

/**
 * The worker of Docker's voting application (dockersamples/example-voting-app `worker/Program.cs`):
 * takes votes out of the list in Redis and writes them into postgres, where a voter has one.
 *
 * Simplified: it looks once a second whether there is a vote, not ten times; a database that goes away
 * while a vote is written ends it.
 */
export const VOTING_WORKER = 'voting-worker';

const WAIT_MS = 1000;
/** The program starts itself anew now and then, so that what it remembers stays short. */
const TICKS = 100;
const CONNECTED = '--connected';
const CREATE = `CREATE TABLE IF NOT EXISTS ${VOTES.table} (id VARCHAR(255) NOT NULL UNIQUE, vote VARCHAR(255) NOT NULL)`;
const UNKNOWN_HOST =
  'System.Net.Sockets.SocketException (00000001, 11): Name or service not known\n';

export const votingWorker: Command = function* (line, self) {
  if (!line.argv.includes(CONNECTED)) {
    while (!(yield* sql(line, CREATE))) yield* waitFor(self, 'db');
    yield* write(self.stderr, 'Connected to db\n');
    if (!(yield* connectRedis(line, self))) return 1;
  }
  for (let tick = 0; tick < TICKS; tick++) {
    const popped = yield* redis(line, ['LPOP', VOTES.list]);
    if (popped === undefined) {
      yield* write(self.stdout, 'Reconnecting Redis\n');
      if (!(yield* connectRedis(line, self))) return 1;
    } else if ('bulk' in popped && popped.bulk !== null) {
      if (!(yield* keep(line, self, popped.bulk))) return 1;
    } else yield* sleep(WAIT_MS);
  }
  const argv = line.argv.includes(CONNECTED) ? line.argv : [...line.argv, CONNECTED];
  return yield* exec('programs/run', { ...line, argv, command: VOTING_WORKER }, { ...self });
};

function* waitFor(self: Self, name: string): Step<void> {
  yield* write(self.stderr, `Waiting for ${name}\n`);
  yield* sleep(WAIT_MS);
}

/** Asks for its address once; a name that nobody has ends the worker. */
function* connectRedis(line: CommandLine, self: Self): Step<boolean> {
  const ip = yield* addressOf(line, 'redis');
  if (ip === undefined) {
    yield* write(self.stderr, UNKNOWN_HOST);
    return false;
  }
  yield* write(self.stdout, `Found redis at ${ip}\n`);
  yield* write(self.stderr, 'Connecting to redis\n');
  while ((yield* redis(line, ['PING'])) === undefined) yield* waitFor(self, 'redis');
  return true;
}

/** A vote goes over what the voter said before. */
function* keep(line: CommandLine, self: Self, text: string): Step<boolean> {
  const { voter_id: voter = '', vote = '' } = JSON.parse(text) as Record<string, string>;
  yield* write(self.stdout, `Processing vote for '${vote}' by '${voter}'\n`);
  const [id, value] = [voter, vote].map((word) => `'${word.replaceAll("'", "''")}'`);
  if (yield* sql(line, `DELETE FROM ${VOTES.table} WHERE id = ${id}`)) {
    if (yield* sql(line, `INSERT INTO ${VOTES.table} (id, vote) VALUES (${id}, ${value})`)) {
      return true;
    }
  }
  yield* write(self.stderr, 'Npgsql.NpgsqlException: Exception while writing to stream\n');
  return false;
}

const addressOf = ({ machine }: CommandLine, name: string) =>
  ask<string | undefined>('net/resolve', { name, place: machine });

function* send(
  line: CommandLine,
  to: { readonly host: string; readonly port: number },
  request: { readonly method: string; readonly path: string; readonly connection?: string },
): Step<string | undefined> {
  const ip = yield* addressOf(line, to.host);
  if (ip === undefined) return undefined;
  const { method, path, connection } = request;
  const outcome = yield* http(
    { machine: line.machine, name: 'worker' },
    { ip, port: to.port },
    { method, path, host: to.host, ...(connection !== undefined && { headers: { connection } }) },
  );
  if (!outcome.ok || outcome.response.status !== 200) return undefined;
  return new TextDecoder().decode(outcome.response.body);
}

function* redis(line: CommandLine, words: readonly string[]): Step<RedisReply | undefined> {
  const request = { method: 'REDIS', path: JSON.stringify(words) };
  const text = yield* send(line, { host: 'redis', port: 6379 }, request);
  return text === undefined ? undefined : (JSON.parse(text) as RedisReply);
}

/** Whether the statement was carried out. */
function* sql(line: CommandLine, statement: string): Step<boolean> {
  const connection = JSON.stringify(DATABASE.account);
  const text = yield* send(line, DATABASE, { method: 'POSTGRES', path: statement, connection });
  return text !== undefined && !/^[!?]/.test(text);
}
