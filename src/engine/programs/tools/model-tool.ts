import { join, record, sleep, start, type Self } from '../../sim/process.ts';
import { resolvePath, type Command, type CommandLine } from '../../machine/command.ts';
import { makeDirectory, writeFile } from '../../machine/files.ts';
import { baseName, fail, say, type Step } from './console.ts';

/**
 * A program whose inside is not modelled, where it has to end: a step of a build. It takes a while,
 * leaves a model file that names it, and succeeds.
 *
 * Simplified: what it would really print and write is not computed.
 */
const SIMPLIFIED =
  'what this program prints and writes is not computed: it takes a while, leaves a model file and succeeds';
const DURATION_MS = 1_500;
const BYTES = 1_000_000;

/** Where bundlers put what they make. */
const OUTPUT: Readonly<Record<string, string>> = {
  ...{ vite: 'dist', webpack: 'dist', rollup: 'dist', tsc: 'dist', esbuild: 'dist', astro: 'dist' },
  ...{ 'react-scripts': 'build', next: '.next', nuxt: '.output', ng: 'dist', parcel: 'dist' },
};

const VERSION = ['--version', '-v', '-V', 'version', '--help', '-h'];

export const modelTool: Command = function* ({ machine, argv, cwd }, self) {
  const name = baseName(argv[0] ?? '');
  if (VERSION.includes(argv[1] ?? '')) {
    yield* say(self, `${name} (model)\n`);
    return 0;
  }
  yield* record({
    ...{ actor: machine.replace(/\/.*$/, ''), verb: 'model', object: `program ${name}` },
    detail: { command: argv.join(' '), simplified: SIMPLIFIED },
  });
  yield* sleep(DURATION_MS);
  const folder = Object.hasOwn(OUTPUT, name) ? OUTPUT[name] : undefined;
  const content = { sizeBytes: BYTES, seed: argv.join(' ') };
  if (folder !== undefined) {
    const at = resolvePath(cwd, folder);
    yield* makeDirectory(machine, at, { parents: true });
    yield* writeFile(machine, `${at}/index.html`, `<!doctype html><title>${name}</title>\n`);
    yield* writeFile(machine, `${at}/bundle.js`, content);
    return 0;
  }
  const at = '/usr/local/share/model';
  yield* makeDirectory(machine, at, { parents: true });
  yield* writeFile(machine, `${at}/${name}`, content);
  return 0;
};

/**
 * A program whose inside is not modelled, where somebody runs it and waits: it says so and succeeds.
 * What it says is no output of its own, so that a pipe gets nothing.
 */
export const unmodelled: Command = function* (line, self) {
  const name = baseName(line.argv[0] ?? '');
  if (VERSION.includes(line.argv[1] ?? '')) yield* say(self, `${name} (model)\n`);
  else yield* fail(self, `${name}: a model: what it prints and does is not computed`, 0);
  return 0;
};

/** Runs a line in the container's shell, with the tool's own streams; gives the exit code. */
export function* runShell(line: CommandLine, self: Self, command: string): Step<number> {
  const { machine, cwd, env } = line;
  const args = { machine, cwd, env, argv: ['/bin/sh', '-c', command] };
  const { stdin, stdout, stderr } = self;
  const ending = yield* join(yield* start('programs/run', args, { stdin, stdout, stderr }));
  return ending.signal === undefined ? Number(ending.result) : 128;
}
