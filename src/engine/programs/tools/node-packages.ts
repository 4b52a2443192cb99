import { sleep, type Self } from '../../sim/process.ts';
import { resolvePath, type Command, type CommandLine } from '../../machine/command.ts';
import { makeDirectory, readFile, writeFile } from '../../machine/files.ts';
import { fail, say, type Step } from './console.ts';
import { modelTool, runShell } from './model-tool.ts';

/**
 * npm 11, yarn 1 and pnpm 10: `node_modules` with a folder and a program for each dependency of
 * `package.json`, and its scripts run by the shell.
 *
 * Simplified: dependencies of dependencies are counted, not written; nothing is fetched.
 */
const FIGURES = { installMs: 2_200, perPackageMs: 40, packageBytes: 350_000, below: 9 };

/** Programs that are not called as their package is. */
const PROGRAMS: Readonly<Record<string, readonly string[]>> = {
  ...{ typescript: ['tsc'], '@angular/cli': ['ng'], 'webpack-cli': ['webpack'], nuxt: ['nuxt'] },
  ...{ '@nestjs/cli': ['nest'], '@vue/cli-service': ['vue-cli-service'], 'ts-node': ['ts-node'] },
};

interface Package {
  readonly name?: string;
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly scripts?: Readonly<Record<string, string>>;
}

function* readPackage({ machine, cwd }: CommandLine): Step<Package | string | undefined> {
  const file = yield* readFile(machine, resolvePath(cwd, 'package.json'));
  if (!file) return undefined;
  try {
    return JSON.parse(file.content) as Package;
  } catch {
    return 'package.json is not valid JSON';
  }
}

function* missing({ cwd }: CommandLine, self: Self): Step<number> {
  const path = `${cwd === '/' ? '' : cwd}/package.json`;
  yield* fail(self, 'npm error code ENOENT');
  yield* fail(self, 'npm error syscall open');
  yield* fail(self, `npm error path ${path}`);
  yield* fail(self, 'npm error errno -2');
  const why = `Could not read package.json: Error: ENOENT: no such file or directory, open '${path}'`;
  yield* fail(self, `npm error enoent ${why}`);
  return 254;
}

/** Writes what an install brings; gives how many packages it was. */
function* install(
  { machine, cwd }: CommandLine,
  { dependencies = {}, devDependencies = {} }: Package,
  production: boolean,
): Step<number> {
  const wanted = { ...dependencies, ...(production ? {} : devDependencies) };
  const root = resolvePath(cwd, 'node_modules');
  const names = Object.keys(wanted);
  if (names.length > 0) yield* makeDirectory(machine, `${root}/.bin`, { parents: true });
  for (const name of names) {
    const version = (wanted[name] ?? '').replace(/^[\^~>=< ]+/, '');
    yield* makeDirectory(machine, `${root}/${name}`, { parents: true });
    const own = `${JSON.stringify({ name, version })}\n`;
    yield* writeFile(machine, `${root}/${name}/package.json`, own);
    const seed = `npm/${name}@${version}`;
    const sizeBytes = FIGURES.packageBytes;
    yield* writeFile(machine, `${root}/${name}/index.js`, { sizeBytes, seed });
    const programs = PROGRAMS[name] ?? [name.replace(/^@[^/]*\//, '')];
    for (const program of programs) {
      const script = '#!/usr/bin/env node\n';
      yield* writeFile(
        machine,
        `${root}/.bin/${program}`,
        { sizeBytes: script.length, seed },
        0o755,
      );
    }
  }
  yield* sleep(FIGURES.installMs + FIGURES.perPackageMs * names.length);
  return names.length * FIGURES.below;
}

const isProduction = ({ argv, env }: CommandLine): boolean =>
  argv.some((word) => /^--(omit=dev|production|only=prod(uction)?|prod)$/.test(word)) ||
  env.NODE_ENV === 'production';

/** npm of a Node.js release. */
function npmVersion({ env }: CommandLine): string {
  const major = Number(/^\d+/.exec(env.NODE_VERSION ?? '24')?.[0] ?? 24);
  return major >= 24 ? '11.6.2' : major >= 22 ? '10.9.4' : '10.8.2';
}

const wordsOf = ({ argv }: CommandLine): string[] =>
  argv.filter((word, i) => i === 0 || !word.startsWith('-'));

const nameOnly = (wanted: string): string => wanted.replace(/(?!^)@.*$/, '');
const versionOf = (wanted: string): string => /(?!^)@(.*)$/.exec(wanted)?.[1] ?? '^1.0.0';

/** `npm install -g`: programs beside node itself. */
function* installGlobal(line: CommandLine, names: readonly string[]): Step<number> {
  for (const name of names.map(nameOnly)) {
    for (const program of PROGRAMS[name] ?? [name.replace(/^@[^/]*\//, '')]) {
      const content = { sizeBytes: FIGURES.packageBytes, seed: `npm/${name}` };
      yield* writeFile(line.machine, `/usr/local/bin/${program}`, content, 0o755);
    }
  }
  yield* sleep(FIGURES.installMs);
  return names.length * FIGURES.below;
}

/** Writes what was asked for by name into package.json, and that there is a lock. */
function* save(line: CommandLine, own: Package, names: readonly string[]): Step<Package> {
  const development = line.argv.some((word) => word === '-D' || word === '--save-dev');
  const key = development ? 'devDependencies' : 'dependencies';
  const more = Object.fromEntries(names.map((name) => [nameOnly(name), versionOf(name)]));
  const all = names.length === 0 ? own : { ...own, [key]: { ...own[key], ...more } };
  const at = (file: string): string => resolvePath(line.cwd, file);
  if (names.length > 0) {
    yield* writeFile(line.machine, at('package.json'), `${JSON.stringify(all, null, 2)}\n`);
  }
  const { name = 'app', version = '1.0.0' } = own;
  const lock = { name, version, lockfileVersion: 3, requires: true, packages: { '': all } };
  yield* writeFile(line.machine, at('package-lock.json'), `${JSON.stringify(lock, null, 2)}\n`);
  return all;
}

/** `npm init -y`. */
function* begin(line: CommandLine, self: Self): Step<number> {
  const path = resolvePath(line.cwd, 'package.json');
  const own = {
    ...{ name: line.cwd.replace(/^.*\//, '') || 'app', version: '1.0.0', description: '' },
    ...{ main: 'index.js', scripts: { test: 'echo "Error: no test specified" && exit 1' } },
    ...{ keywords: [], author: '', license: 'ISC' },
  };
  const text = JSON.stringify(own, null, 2);
  yield* writeFile(line.machine, path, `${text}\n`);
  yield* say(self, `Wrote to ${path}:\n\n${text}\n\n\n`);
  return 0;
}

/** corepack: the package managers that it stands for. */
const corepack: Command = function* (line) {
  if (line.argv[1] !== 'enable') return 0;
  for (const program of ['yarn', 'pnpm']) {
    const content = { sizeBytes: 120, seed: `corepack/${program}` };
    yield* writeFile(line.machine, `/usr/local/bin/${program}`, content, 0o755);
  }
  return 0;
};

const INSTALL = ['install', 'i', 'ci', 'add'];

/** A script of package.json, with the programs of its dependencies. */
function* script(line: CommandLine, self: Self, own: Package, name: string): Step<number> {
  const text = own.scripts?.[name];
  if (text === undefined) return yield* fail(self, `npm error Missing script: "${name}"`);
  const title = [own.name, own.version].filter((part) => part !== undefined).join('@');
  yield* say(self, `\n> ${title === '' ? '' : `${title} `}${name}\n> ${text}\n\n`);
  const PATH = `${resolvePath(line.cwd, 'node_modules/.bin')}:${line.env.PATH ?? ''}`;
  const more = line.argv.includes('--') ? line.argv.slice(line.argv.indexOf('--') + 1) : [];
  return yield* runShell({ ...line, env: { ...line.env, PATH } }, self, [text, ...more].join(' '));
}

function* installAll(line: CommandLine, self: Self, own: Package | undefined): Step<number> {
  const [, action = '', ...names] = wordsOf(line);
  if (line.argv.some((word) => word === '-g' || word === '--global')) {
    const count = yield* installGlobal(line, names);
    yield* say(self, `\nadded ${count} packages in ${SECONDS}s\n`);
    return 0;
  }
  if (action === 'ci') {
    if (!own) return yield* missing(line, self);
    const lock = yield* readFile(line.machine, resolvePath(line.cwd, 'package-lock.json'));
    if (!lock) return yield* noLock(self);
  }
  if (!own && names.length === 0) return yield* missing(line, self);
  const all = action === 'ci' ? (own ?? {}) : yield* save(line, own ?? {}, names);
  const count = yield* install(line, all, isProduction(line));
  const words = count === 0 ? 'up to date' : `added ${count} packages`;
  yield* say(self, `\n${words}, and audited ${count + 1} packages in ${SECONDS}s\n\n`);
  yield* say(self, 'found 0 vulnerabilities\n');
  return 0;
}

const SECONDS = Math.round(FIGURES.installMs / 1000);

const npm: Command = function* (line, self) {
  const [, action = '', name = ''] = wordsOf(line);
  if (line.argv.includes('-v') || line.argv.includes('--version')) {
    yield* say(self, `${npmVersion(line)}\n`);
    return 0;
  }
  if (action === '') return yield* modelTool(line, self);
  if (action === 'init') return yield* begin(line, self);
  const own = yield* readPackage(line);
  if (typeof own === 'string') return yield* fail(self, `npm error code EJSONPARSE\n${own}`);
  if (INSTALL.includes(action)) return yield* installAll(line, self, own);
  const isScript = action === 'run' || action === 'run-script';
  if (!isScript && !['start', 'test', 'stop', 'restart'].includes(action)) {
    return yield* modelTool(line, self);
  }
  if (!own) return yield* missing(line, self);
  // Without a script of its own, `npm start` runs the server that is there.
  const usual: Record<string, string> = action === 'start' ? { start: 'node server.js' } : {};
  const scripts = { ...usual, ...own.scripts };
  return yield* script(line, self, { ...own, scripts }, isScript ? name : action);
};

function* noLock(self: Self): Step<number> {
  yield* fail(self, 'npm error code EUSAGE');
  yield* fail(self, 'npm error');
  const with_ =
    'existing package-lock.json or\nnpm error npm-shrinkwrap.json with lockfileVersion >= 1.';
  return yield* fail(self, `npm error The \`npm ci\` command can only install with an ${with_}`);
}

/** yarn and pnpm: the same, said in fewer words. */
const other: Command = function* (line, self) {
  const [tool = '', action = 'install', name = ''] = wordsOf(line);
  if (line.argv.includes('-v') || line.argv.includes('--version')) {
    yield* say(self, tool.endsWith('pnpm') ? '10.25.0\n' : '1.22.22\n');
    return 0;
  }
  const own = yield* readPackage(line);
  if (typeof own === 'string' || !own) {
    return own === undefined && INSTALL.includes(action)
      ? yield* fail(self, 'error Couldn\'t find a package.json file in "' + line.cwd + '"')
      : yield* modelTool(line, self);
  }
  if (INSTALL.includes(action)) {
    const count = yield* install(line, own, isProduction(line));
    yield* say(self, `Packages: +${count}\nDone in 2.4s\n`);
    return 0;
  }
  const wanted = action === 'run' ? name : action;
  return own.scripts?.[wanted] === undefined
    ? yield* modelTool(line, self)
    : yield* script(line, self, own, wanted);
};

export const NODE_TOOLS: Readonly<Record<string, Command>> = {
  ...{ npm, yarn: other, pnpm: other, corepack },
};
