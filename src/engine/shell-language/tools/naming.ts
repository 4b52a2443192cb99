import type { Command } from '../../machine/command.ts';
import { resolvePath } from '../../machine/command.ts';
import { stat } from '../../machine/files.ts';
import { ownUser, placeResources } from '../../machine/processes.ts';
import { write } from '../../sim/process.ts';
import { echoText, formatText } from '../formats.ts';
import { evaluateTest } from '../test-expression.ts';
import { quoted, readOptions, Tool } from './tool.ts';

/** Tools that name things and answer questions: basename, dirname, whoami, id, uname, test, echo. */
export const constant = (status: number): Command =>
  function* (line, self) {
    yield* new Tool(line, self).out('');
    return status;
  };

export const echo: Command = function* (line, self) {
  const tool = new Tool(line, self);
  yield* tool.out(echoText(tool.args, 'bash'));
  return 0;
};

export const printf: Command = function* (line, self) {
  const tool = new Tool(line, self);
  const [format, ...args] = tool.args[0] === '--' ? tool.args.slice(1) : tool.args;
  if (format === undefined) return yield* tool.misuse('missing operand');
  const done = formatText(format, args);
  yield* tool.out(done.text);
  for (const problem of done.problems) {
    yield* tool.fail(
      problem.replace(
        /^(.*): invalid number$/,
        (_, text: string) => `${quoted(text)}: expected a numeric value`,
      ),
    );
  }
  return done.status;
};

export const test: Command = function* (line, self) {
  const tool = new Tool(line, self);
  let { args } = tool;
  if (tool.name === '[') {
    if (args.at(-1) !== ']') return yield* tool.fail('missing ‘]’', 2);
    args = args.slice(0, -1);
  }
  const isSet = (name: string) => Object.hasOwn(line.env, name);
  const { status, message } = yield* evaluateTest(args, {
    place: line.machine,
    cwd: line.cwd,
    isSet,
  });
  return message === undefined ? status : yield* tool.fail(message, 2);
};

const lastName = (name: string): string => name.replace(/\/+$/, '').split('/').at(-1) || '/';

export const basename: Command = function* (line, self) {
  const tool = new Tool(line, self);
  const options = readOptions(tool.args, 'as:z', { long: { multiple: 'a', suffix: 's' } });
  const [name, suffix] = options.operands;
  if (options.problem !== undefined) return yield* tool.misuse(options.problem);
  if (name === undefined) return yield* tool.misuse('missing operand');
  const many = options.has('a') || options.has('s');
  if (!many && options.operands.length > 2)
    return yield* tool.misuse(`extra operand ${quoted(options.operands[2]!)}`);
  const ending = options.value('s') ?? (many ? '' : (suffix ?? ''));
  for (const one of many ? options.operands : [name]) {
    const base = one === '' ? '' : lastName(one);
    yield* tool.out(
      `${ending !== '' && base !== ending && base.endsWith(ending) ? base.slice(0, -ending.length) : base}\n`,
    );
  }
  return 0;
};

export const dirname: Command = function* (line, self) {
  const tool = new Tool(line, self);
  const names = tool.args.filter((arg) => arg !== '--');
  if (names.length === 0) return yield* tool.misuse('missing operand');
  for (const name of names) {
    const trimmed = name.replace(/\/+$/, '');
    const at = trimmed.lastIndexOf('/');
    const directory =
      at < 0
        ? trimmed === '' && name !== ''
          ? '/'
          : '.'
        : trimmed.slice(0, at).replace(/\/+$/, '') || '/';
    yield* tool.out(`${directory}\n`);
  }
  return 0;
};

export const pwd: Command = function* (line, self) {
  yield* new Tool(line, self).out(`${line.cwd}\n`);
  return 0;
};

/** On a machine of the world everybody who types is root. */
function* userOf({ place }: Tool) {
  const root = { uid: 0, gid: 0, groups: [0], name: 'root' };
  return place.includes('/') ? yield* ownUser(place) : root;
}

export const whoami: Command = function* (line, self) {
  const tool = new Tool(line, self);
  const { uid, name } = yield* userOf(tool);
  if (name === '')
    return yield* tool.fail(`cannot find name for user ID ${uid}: No such file or directory`);
  yield* tool.out(`${name}\n`);
  return 0;
};

export const id: Command = function* (line, self) {
  const tool = new Tool(line, self);
  const options = readOptions(tool.args, 'ugGnr', {
    long: { user: 'u', group: 'g', groups: 'G', name: 'n' },
  });
  if (options.problem !== undefined) return yield* tool.misuse(options.problem);
  const { uid, gid, groups, name } = yield* userOf(tool);
  const shown = (number: number) => (options.has('n') && name !== '' ? name : String(number));
  if (options.has('u')) yield* tool.out(`${shown(uid)}\n`);
  else if (options.has('g')) yield* tool.out(`${shown(gid)}\n`);
  else if (options.has('G')) yield* tool.out(`${groups.map(shown).join(' ')}\n`);
  else {
    const named = (number: number) => (name === '' ? String(number) : `${number}(${name})`);
    const list = groups.length === 0 ? [gid] : groups;
    yield* tool.out(`uid=${named(uid)} gid=${named(gid)} groups=${list.map(named).join(',')}\n`);
  }
  return 0;
};

const KERNEL = {
  s: 'Linux',
  r: '6.12.0',
  v: '#1 SMP PREEMPT_DYNAMIC',
  m: 'x86_64',
  o: 'GNU/Linux',
};

export const uname: Command = function* (line, self) {
  const tool = new Tool(line, self);
  const options = readOptions(tool.args, 'asnrvmpio', { long: { all: 'a' } });
  if (options.problem !== undefined) return yield* tool.misuse(options.problem);
  const name = (yield* hostName(tool)) || 'localhost';
  const fields: Readonly<Record<string, string>> = {
    ...KERNEL,
    n: name,
    p: 'unknown',
    i: 'unknown',
  };
  const chosen = options.has('a')
    ? Array.from('snrvmo')
    : Array.from('snrvmpio').filter((letter) => options.has(letter));
  yield* tool.out(
    `${(chosen.length === 0 ? ['s'] : chosen).map((letter) => fields[letter]!).join(' ')}\n`,
  );
  return 0;
};

function* hostName(tool: Tool) {
  if (!tool.place.includes('/')) return tool.place;
  const found = yield* tool.text('/etc/hostname');
  return 'text' in found ? found.text.trim() : (tool.line.env.HOSTNAME ?? '');
}

export const hostname: Command = function* (line, self) {
  const tool = new Tool(line, self);
  const name = yield* hostName(tool);
  if (tool.args[0] === '-i' || tool.args[0] === '-I') {
    const hosts = yield* tool.text('/etc/hosts');
    const found = ('text' in hosts ? hosts.text : '')
      .split('\n')
      .find((one) => one.split(/\s+/).slice(1).includes(name));
    yield* tool.out(
      `${found?.split(/\s+/)[0] ?? '127.0.0.1'}${tool.args[0] === '-I' ? ' ' : ''}\n`,
    );
    return 0;
  }
  if (tool.args.some((arg) => !arg.startsWith('-'))) {
    return yield* tool.fail('you must be root to change the host name');
  }
  yield* tool.out(`${name}\n`);
  return 0;
};

export const nproc: Command = function* (line, self) {
  const tool = new Tool(line, self);
  const cpus = line.machine.includes('/') ? (yield* placeResources(line.machine)).cpus : 4;
  yield* tool.out(`${Math.max(1, Math.floor(cpus))}\n`);
  return 0;
};

export const which: Command = function* (line, self) {
  const tool = new Tool(line, self);
  let status = 0;
  for (const name of tool.args.filter((arg) => !arg.startsWith('-'))) {
    const path = line.env.PATH ?? '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
    const places = name.includes('/')
      ? [resolvePath(line.cwd, name)]
      : path.split(':').map((one) => `${one}/${name}`);
    let found: string | undefined;
    for (const place of places) {
      const file = yield* stat(line.machine, place);
      if (file?.type === 'file' && (file.mode & 0o111) !== 0) {
        found = place;
        break;
      }
    }
    if (found === undefined) status = 1;
    else yield* tool.out(`${found}\n`);
  }
  return status;
};

export const realpath: Command = function* (line, self) {
  const tool = new Tool(line, self);
  let status = 0;
  for (const name of tool.args.filter((arg) => !arg.startsWith('-'))) {
    let path = tool.path(name);
    for (let hops = 0; hops < 40; hops++) {
      const entry = yield* stat(tool.place, path, false);
      if (entry?.target === undefined) break;
      path = resolvePath(path.slice(0, path.lastIndexOf('/')) || '/', entry.target);
      if (tool.name === 'readlink' && !tool.args.includes('-f')) break;
    }
    const entry = yield* stat(tool.place, tool.path(name), false);
    if (tool.name === 'readlink' && !tool.args.includes('-f')) {
      if (entry?.target === undefined) status = 1;
      else yield* tool.out(`${entry.target}\n`);
    } else if (!entry && tool.name === 'realpath') {
      status = yield* tool.fail(`${name}: No such file or directory`);
    } else yield* tool.out(`${path}\n`);
  }
  return status;
};

export const clear: Command = function* (_line, self) {
  yield* write(self.stdout, '\x1b[H\x1b[2J\x1b[3J');
  return 0;
};
