import { sleep } from '../../sim/process.ts';
import { resolvePath, type Command, type CommandLine } from '../../machine/command.ts';
import {
  linkFile,
  listDirectory,
  makeDirectory,
  readFile,
  writeFile,
} from '../../machine/files.ts';
import { fail, say, type Step } from './console.ts';
import { modelTool } from './model-tool.ts';

/**
 * pip 25 and venv: a folder under site-packages for each requirement, and the programs that some of
 * them bring along.
 *
 * Simplified: nothing is fetched; a requirement without a version is 1.0.0, and what it requires
 * itself is counted in its size.
 */
const FIGURES = { wheelMs: 900, wheelBytes: 1_500_000, scriptBytes: 230 };

/** Programs by the package that brings them. */
const PROGRAMS: Readonly<Record<string, readonly string[]>> = {
  ...{
    django: ['django-admin'],
    waitress: ['waitress-serve'],
    jupyterlab: ['jupyter', 'jupyter-lab'],
  },
  ...{ notebook: ['jupyter'], awscli: ['aws'], ansible: ['ansible', 'ansible-playbook'] },
};
/** Packages that bring a program of their own name. */
const NAMESAKES =
  /^(?:flask|gunicorn|uvicorn|hypercorn|fastapi|streamlit|pytest|black|ruff|mypy|flake8|celery|alembic|poetry|pipenv|uv|tox|httpie|yt-dlp|supervisor|scrapy|mkdocs|pylint|isort|virtualenv)$/;

const VALUED = ['-i', '--index-url', '--extra-index-url', '-f', '--find-links', '-t', '--target'];

interface Requirement {
  readonly text: string;
  /** `-r FILE` and its line. */
  readonly origin?: string;
}

/** Where this pip keeps what it installs: beside itself, in an environment of its own. */
function* homeOf(line: CommandLine): Step<{ site: string; bin: string }> {
  const environment =
    /^(.*)\/bin\/pip[\d.]*$/.exec(line.argv[0] ?? '')?.[1] ?? line.env.VIRTUAL_ENV;
  const root = environment === undefined || environment === '/usr' ? '/usr/local' : environment;
  const there = (yield* listDirectory(line.machine, `${root}/lib`)) ?? [];
  const python = there.find(({ name }) => /^python3\.\d+$/.test(name));
  const bin = `${root}/bin`;
  if (python) return { site: `${root}/lib/${python.name}/site-packages`, bin };
  return { site: '/usr/lib/python3/dist-packages', bin };
}

function* requirements(
  line: CommandLine,
  words: readonly string[],
): Step<Requirement[] | { missing: string }> {
  const wanted: Requirement[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    const file = /^(?:-r|--requirement)(?:=?(.+))?$/.exec(word);
    if (file) {
      const name = file[1] ?? words[++at] ?? '';
      const found = yield* readFile(line.machine, resolvePath(line.cwd, name));
      if (!found) return { missing: name };
      for (const [i, row] of found.content.split('\n').entries()) {
        const text = row.replace(/(^|\s)#.*/, '').trim();
        if (text === '' || text.startsWith('-')) continue;
        wanted.push({ text, origin: ` (from -r ${name} (line ${i + 1}))` });
      }
    } else if (VALUED.includes(word)) at += 1;
    else if (!word.startsWith('-')) wanted.push({ text: word });
  }
  return wanted;
}

const pip: Command = function* (line, self) {
  const [, action, ...rest] = line.argv;
  if (action !== 'install') return yield* modelTool(line, self);
  const wanted = yield* requirements(line, rest);
  if ('missing' in wanted) {
    const why = `[Errno 2] No such file or directory: '${wanted.missing}'`;
    return yield* fail(self, `ERROR: Could not open requirements file: ${why}`);
  }
  if (wanted.length === 0) {
    const usage = 'You must give at least one requirement to install (see "pip help install")';
    return yield* fail(self, `ERROR: ${usage}`);
  }
  const { site, bin } = yield* homeOf(line);
  const seed = (name: string): string => `pip/${name}`;
  const done: { name: string; version: string }[] = [];
  for (const { text, origin = '' } of wanted) {
    const [, name = text, version = '1.0.0'] =
      /^([\w.-]+)(?:\[[^\]]*\])?(?:\s*[=~<>!]=?=?\s*([\w.]+))?/.exec(text) ?? [];
    if (/^[./]/.test(text)) continue;
    yield* say(self, `Collecting ${text.replace(/\s*;.*$/, '')}${origin}\n`);
    yield* sleep(FIGURES.wheelMs);
    const folder = name.toLowerCase().replace(/[-.]/g, '_');
    yield* makeDirectory(line.machine, `${site}/${folder}`, { parents: true });
    const content = { sizeBytes: FIGURES.wheelBytes, seed: seed(name) };
    yield* writeFile(line.machine, `${site}/${folder}/__init__.py`, content);
    const own = name.toLowerCase();
    const programs = PROGRAMS[own] ?? (NAMESAKES.test(own) ? [own] : []);
    for (const program of programs) {
      const script = { sizeBytes: FIGURES.scriptBytes, seed: seed(program) };
      yield* writeFile(line.machine, `${bin}/${program}`, script, 0o755);
    }
    done.push({ name, version });
  }
  if (done.length === 0) return 0;
  const names = done.map(({ name }) => name);
  yield* say(self, `Installing collected packages: ${names.join(', ')}\n`);
  const told = done.map(({ name, version }) => `${name}-${version}`);
  yield* say(self, `Successfully installed ${told.join(' ')}\n`);
  return 0;
};

/** `python -m venv DIR`: the interpreter, pip and `activate`, and a place for packages. */
const venv: Command = function* (line, self) {
  const folder = line.argv.slice(1).find((word) => !word.startsWith('-'));
  if (folder === undefined) {
    const words = 'venv: error: the following arguments are required: ENV_DIR';
    return yield* fail(self, `usage: venv [-h] ENV_DIR [ENV_DIR ...]\n${words}`, 2);
  }
  const root = resolvePath(line.cwd, folder);
  const there = (yield* listDirectory(line.machine, '/usr/local/lib')) ?? [];
  const python = there.find(({ name }) => /^python3\.\d+$/.test(name))?.name ?? 'python3';
  const bin = python === 'python3' ? '/usr/bin' : '/usr/local/bin';
  yield* makeDirectory(line.machine, `${root}/bin`, { parents: true });
  yield* makeDirectory(line.machine, `${root}/lib/${python}/site-packages`, { parents: true });
  yield* linkFile(line.machine, `${bin}/python3`, `${root}/bin/python3`);
  yield* linkFile(line.machine, 'python3', `${root}/bin/python`);
  const script = { sizeBytes: FIGURES.scriptBytes, seed: `venv ${root}` };
  for (const name of ['pip', 'pip3']) {
    yield* writeFile(line.machine, `${root}/bin/${name}`, script, 0o755);
  }
  const activate = `VIRTUAL_ENV='${root}'\nexport VIRTUAL_ENV\nPATH="$VIRTUAL_ENV/bin:$PATH"\nexport PATH\n`;
  yield* writeFile(line.machine, `${root}/bin/activate`, activate);
  yield* writeFile(line.machine, `${root}/pyvenv.cfg`, `home = ${bin}\n`);
  return 0;
};

export const PYTHON_TOOLS: Readonly<Record<string, Command>> = { pip, pip3: pip, venv };
