import { sleep } from '../../sim/process.ts';
import { resolvePath, type Command, type CommandLine } from '../../machine/command.ts';
import { listFiles, makeDirectory, readFile, stat, writeFile } from '../../machine/files.ts';
import { compiledFrom, compiledSeed } from '../servers/compiled.ts';
import { fail, say, type Step } from './console.ts';
import { modelTool, runShell } from './model-tool.ts';
import { NODE_TOOLS } from './node-packages.ts';
import { PYTHON_TOOLS } from './python-packages.ts';

/**
 * Compilers and package managers of languages: what a build runs, as far as it shows in files.
 *
 * Simplified: nothing is compiled and no package is fetched; what comes out is a model file of a
 * stated size at the place where the tool would put it, after a stated time.
 */
const FIGURES = {
  compileMs: 4_000,
  binaryBytes: 12_000_000,
  jarBytes: 24_000_000,
  modulesMs: 1_800,
  moduleBytes: 400_000,
};

function* put(
  line: CommandLine,
  path: string,
  bytes: number,
  mode = 0o644,
  seed = line.argv.join(' '),
): Step<void> {
  const at = resolvePath(line.cwd, path);
  yield* makeDirectory(line.machine, at.slice(0, at.lastIndexOf('/')) || '/', { parents: true });
  yield* writeFile(line.machine, at, { sizeBytes: bytes, seed }, mode);
}

const textOf = function* ({ machine, cwd }: CommandLine, path: string): Step<string | undefined> {
  return (yield* readFile(machine, resolvePath(cwd, path)))?.content;
};

const SOURCES_LIMIT = 200;

/** A program made of sources: it remembers what they do. */
function* compile(
  line: CommandLine,
  path: string,
  bytes: number,
  sources: readonly string[],
): Step<void> {
  let text = '';
  for (const source of sources.slice(0, SOURCES_LIMIT)) {
    text += `${(yield* readFile(line.machine, source))?.content ?? ''}\n`;
  }
  const seed = compiledSeed(line.argv.join(' '), compiledFrom(text));
  yield* put(line, path, bytes, 0o755, seed);
}

const baseOf = (path: string): string => path.replace(/\/+$/, '').replace(/^.*\//, '');

/** The value of an option: `-o app`, `-o=app`. */
function option(argv: readonly string[], name: string): string | undefined {
  const at = argv.indexOf(name);
  if (at !== -1) return argv[at + 1];
  return argv.find((word) => word.startsWith(`${name}=`))?.slice(name.length + 1);
}

/** What the Go tool does beside building: tried, fetched or checked, and nothing to see of it. */
const GO_QUIET = ['env', 'fmt', 'vet', 'generate'];
const GO_MODELS = ['test', 'get', 'run', 'list', 'tool', 'work', 'clean', 'doc', 'fix'];

const go: Command = function* (line, self) {
  const [, action, ...rest] = line.argv;
  if (action === undefined) {
    const usage = 'Usage:\n\n\tgo <command> [arguments]';
    return yield* fail(self, `Go is a tool for managing Go source code.\n\n${usage}`, 2);
  }
  if (action === 'version') {
    yield* say(self, `go version go${line.env.GOLANG_VERSION ?? '1.25.5'} linux/amd64\n`);
    return 0;
  }
  if (GO_QUIET.includes(action)) return 0;
  const module = yield* textOf(line, 'go.mod');
  if (action === 'mod') {
    if (rest[0] === 'init') {
      yield* writeFile(
        line.machine,
        resolvePath(line.cwd, 'go.mod'),
        `module ${rest[1] ?? 'app'}\n`,
      );
      return 0;
    }
    if (module === undefined) {
      return yield* fail(self, "go: no modules specified (see 'go help mod download')");
    }
    const names = [...module.matchAll(/^\s*(?:require\s+)?(\S+\.\S+\/\S+) v(\S+)/gm)];
    yield* sleep(FIGURES.modulesMs);
    for (const [, name = '', version = ''] of names) {
      yield* put(line, `/go/pkg/mod/${name}@v${version}/module`, FIGURES.moduleBytes);
    }
    return 0;
  }
  if (GO_MODELS.includes(action)) return yield* modelTool(line, self);
  if (action !== 'build' && action !== 'install') {
    const words = `go ${action}: unknown command\nRun 'go help' for usage.`;
    return yield* fail(self, words, 2);
  }
  if (module === undefined) {
    return yield* fail(
      self,
      "go: go.mod file not found in current directory or any parent directory; see 'go help modules'",
    );
  }
  const sources = (yield* listFiles(line.machine, line.cwd)).filter(({ path }) =>
    path.endsWith('.go'),
  );
  if (sources.length === 0) return yield* fail(self, `no Go files in ${line.cwd}`);
  yield* sleep(FIGURES.compileMs);
  const name = baseOf(/^module\s+(\S+)/m.exec(module)?.[1] ?? 'app');
  const out = option(rest, '-o') ?? (action === 'install' ? `/go/bin/${name}` : name);
  const there = yield* stat(line.machine, resolvePath(line.cwd, out));
  const path = there?.type === 'dir' || out.endsWith('/') ? `${out}/${name}` : out;
  const paths = sources.map(({ path: source }) => source).filter((source) => !isTest(source));
  yield* compile(line, path, FIGURES.binaryBytes, paths);
  return 0;
};

const isTest = (path: string): boolean => path.endsWith('_test.go');

const mvn: Command = function* (line, self) {
  const pom = yield* textOf(line, option(line.argv, '-f') ?? 'pom.xml');
  if (pom === undefined) {
    yield* say(
      self,
      '[ERROR] The goal you specified requires a project to execute but there is no ',
    );
    yield* say(self, `POM in this directory (${line.cwd}).\n`);
    return 1;
  }
  yield* sleep(FIGURES.compileMs);
  const own = pom.replace(/<parent>[^]*?<\/parent>|<dependencies>[^]*?<\/dependencies>/g, '');
  const name = /<artifactId>([^<]+)</.exec(own)?.[1] ?? 'app';
  const version = /<version>([^<]+)</.exec(own)?.[1] ?? '1.0';
  if (line.argv.some((word) => ['package', 'install', 'verify'].includes(word))) {
    const file = /<finalName>([^<]+)</.exec(own)?.[1] ?? `${name}-${version}`;
    yield* put(line, `target/${file}.jar`, FIGURES.jarBytes);
  } else yield* put(line, '/root/.m2/repository/cache', FIGURES.jarBytes);
  yield* say(self, '[INFO] BUILD SUCCESS\n');
  return 0;
};

const gradle: Command = function* (line, self) {
  yield* sleep(FIGURES.compileMs);
  const settings = (yield* textOf(line, 'settings.gradle')) ?? '';
  const name = /rootProject\.name\s*=\s*['"]([^'"]+)/.exec(settings)?.[1] ?? baseOf(line.cwd);
  yield* put(line, `build/libs/${name || 'app'}.jar`, FIGURES.jarBytes);
  yield* say(self, '\nBUILD SUCCESSFUL in 4s\n');
  return 0;
};

const cargo: Command = function* (line, self) {
  const manifest = yield* textOf(line, 'Cargo.toml');
  if (manifest === undefined) {
    const where = `could not find \`Cargo.toml\` in \`${line.cwd}\` or any parent directory`;
    return yield* fail(self, `error: ${where}`, 101);
  }
  yield* sleep(FIGURES.compileMs * 2);
  const name = /^name\s*=\s*"([^"]+)"/m.exec(manifest)?.[1] ?? 'app';
  const profile = line.argv.includes('--release') ? 'release' : 'debug';
  if (line.argv[1] === 'build') {
    const found = (yield* listFiles(line.machine, line.cwd)).map(({ path }) => path);
    const sources = found.filter((path) => path.endsWith('.rs') && !path.includes('/target/'));
    yield* compile(line, `target/${profile}/${name}`, FIGURES.binaryBytes, sources);
  } else if (line.argv[1] === 'install') {
    yield* put(line, `/usr/local/cargo/bin/${name}`, FIGURES.binaryBytes, 0o755);
  }
  return 0;
};

const gcc: Command = function* (line, self) {
  const sources = line.argv.slice(1).filter((word) => /\.(c|cc|cpp|cxx)$/.test(word));
  const compiler = baseOf(line.argv[0] ?? 'gcc');
  for (const source of sources) {
    if ((yield* textOf(line, source)) !== undefined) continue;
    yield* fail(self, `${compiler}: error: ${source}: No such file or directory`);
    return yield* fail(self, `${compiler}: fatal error: no input files\ncompilation terminated.`);
  }
  if (sources.length === 0) {
    return yield* fail(self, `${compiler}: fatal error: no input files\ncompilation terminated.`);
  }
  yield* sleep(FIGURES.compileMs / 4);
  yield* put(line, option(line.argv, '-o') ?? 'a.out', FIGURES.binaryBytes / 600, 0o755);
  return 0;
};

const RULE = /^([^\s:#=]+(?:[ \t]+[^\s:#=]+)*)[ \t]*:(?!=)(.*)$/;

interface MakeRule {
  readonly needs: readonly string[];
  readonly recipe: string[];
}

/** Rules of a Makefile by target; the first is the default. */
function readMakefile(text: string): Map<string, MakeRule> {
  const rules = new Map<string, MakeRule>();
  let open: MakeRule | undefined;
  for (const row of text.replace(/\\\n/g, ' ').split('\n')) {
    if (row.startsWith('\t')) {
      open?.recipe.push(row.trim());
      continue;
    }
    const match = RULE.exec(row);
    if (!match) continue;
    open = { needs: (match[2] ?? '').split(/\s+/).filter((need) => need !== ''), recipe: [] };
    for (const target of (match[1] ?? '').split(/\s+/)) rules.set(target, open);
  }
  return rules;
}

/** Simplified: variables are the shell's, and a target is always out of date. */
const make: Command = function* (line, self) {
  const text = (yield* textOf(line, 'Makefile')) ?? (yield* textOf(line, 'makefile'));
  const wanted = line.argv.slice(1).filter((word) => !word.startsWith('-') && !word.includes('='));
  if (text === undefined) {
    const words = wanted[0]
      ? `No rule to make target '${wanted[0]}'.  Stop.`
      : 'No targets specified and no makefile found.  Stop.';
    return yield* fail(self, `make: *** ${words}`, 2);
  }
  const rules = readMakefile(text);
  const first = [...rules.keys()].find((name) => !name.startsWith('.'));
  const open = wanted.length > 0 ? [...wanted] : first === undefined ? [] : [first];
  const order: string[] = [];
  const visit = (target: string, above: readonly string[]): string | undefined => {
    if (order.includes(target) || above.includes(target)) return undefined;
    const rule = rules.get(target);
    if (!rule) return above.length === 0 ? target : undefined;
    for (const need of rule.needs) {
      const missing = visit(need, [...above, target]);
      if (missing !== undefined) return missing;
    }
    order.push(target);
    return undefined;
  };
  for (const target of open) {
    const missing = visit(target, []);
    if (missing === undefined) continue;
    return yield* fail(self, `make: *** No rule to make target '${missing}'.  Stop.`, 2);
  }
  for (const target of order) {
    for (const row of rules.get(target)!.recipe) {
      const command = row.replace(/^[@-]+/, '').replace(/\$\$/g, '$');
      if (!row.startsWith('@')) yield* say(self, `${command}\n`);
      const code = yield* runShell(line, self, command);
      if (code !== 0 && !row.startsWith('-')) {
        return yield* fail(self, `make: *** [Makefile: ${target}] Error ${code}`, 2);
      }
    }
  }
  return 0;
};

/** By the names people call them by; which of them are there, files decide. */
export const TOOLCHAINS: Readonly<Record<string, Command>> = {
  ...{ go, mvn, mvnw: mvn, gradle, gradlew: gradle, cargo, make, ...PYTHON_TOOLS },
  ...{ gcc, cc: gcc, 'g++': gcc, 'c++': gcc, clang: gcc },
  ...NODE_TOOLS,
};
