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

const npm: Command = function* (line, self) {
  const [, action = '', name = ''] = line.argv.filter(
    (word, i) => i === 0 || !word.startsWith('-'),
  );
  if (action === '') return yield* modelTool(line, self);
  const own = yield* readPackage(line);
  if (typeof own === 'string') return yield* fail(self, `npm error code EJSONPARSE\n${own}`);
  if (INSTALL.includes(action)) {
    const global = line.argv.includes('-g') || line.argv.includes('--global');
    if (global) return yield* modelTool(line, self);
    if (action === 'ci') {
      if (!own) return yield* missing(line, self);
      const lock = yield* readFile(line.machine, resolvePath(line.cwd, 'package-lock.json'));
      if (!lock) return yield* noLock(self);
    }
    const wanted = own ?? {};
    const added = name === '' ? {} : { [name.replace(/(?!^)@.*$/, '')]: 'latest' };
    const all = { ...wanted, dependencies: { ...wanted.dependencies, ...added } };
    const count = yield* install(line, all, isProduction(line));
    const seconds = Math.max(1, Math.round(FIGURES.installMs / 1000));
    const words = count === 0 ? 'up to date' : `added ${count} packages`;
    yield* say(self, `\n${words}, and audited ${count + 1} packages in ${seconds}s\n\n`);
    yield* say(self, 'found 0 vulnerabilities\n');
    return 0;
  }
  if (action === 'run' || action === 'run-script') {
    return own ? yield* script(line, self, own, name) : yield* missing(line, self);
  }
  if (action === 'start' || action === 'test') {
    return own ? yield* script(line, self, own, action) : yield* missing(line, self);
  }
  return yield* modelTool(line, self);
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
  const [, action = 'install', name = ''] = line.argv.filter(
    (word, i) => i === 0 || !word.startsWith('-'),
  );
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

export const NODE_TOOLS: Readonly<Record<string, Command>> = { npm, yarn: other, pnpm: other };
