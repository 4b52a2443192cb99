import type { ProcessContext, ProcessPlan, ProgramModel, Served } from '../program.ts';
import { resolvePath } from '../../machine/command.ts';
import { httpDate } from '../nginx/answer.ts';
import { stampOf } from '../stamp.ts';
import { appAnswer } from './app.ts';
import { flaskAnswer, flaskIn, flaskPlan } from './flask.ts';
import { NODE, oneLiner, PYTHON } from './one-liner.ts';
import { ends, say } from './plans.ts';
import { scriptPlan } from './script.ts';

/**
 * node and python, as far as containers need them: their versions, the file that they run (see
 * app.ts), and `python -m http.server`.
 *
 * Simplified: code is not executed; a file is an application by what app.ts reads in it.
 */
const encoder = new TextEncoder();

/** The first word that is no option, and where it stands. */
function fileOf({ argv }: ProcessContext, valued: readonly string[] = []): string | undefined {
  for (let at = 1; at < argv.length; at++) {
    const word = argv[at]!;
    if (valued.includes(word)) at += 1;
    else if (!word.startsWith('-')) return word;
  }
  return undefined;
}

const found = ({ files, cwd = '/' }: ProcessContext, file: string): string | undefined => {
  const at = file.startsWith('/') ? file : `${cwd === '/' ? '' : cwd}/${file.replace(/^\.\//, '')}`;
  return [at, `${at}.js`, `${at}/index.js`].find((path) => files.kind(path) === 'file');
};

export const node: ProgramModel = {
  usesHostname: true,
  plan(context): ProcessPlan {
    const { argv, env } = context;
    const version = env.NODE_VERSION ?? '24.12.0';
    if (argv.includes('-v') || argv.includes('--version')) return ends([`v${version}`]);
    const file = fileOf(context, ['-r', '--require', '--import', '--env-file']);
    if (['-e', '-p', '--eval', '--print'].some((word) => argv.includes(word)))
      return evaluated(context);
    // Without a file it reads its standard input, which is closed.
    if (file === undefined) return ends([]);
    const path = found(context, file);
    if (path === undefined) {
      const at = file.startsWith('/')
        ? file
        : `${context.cwd === '/' ? '' : (context.cwd ?? '')}/${file}`;
      return ends(
        [
          'node:internal/modules/cjs/loader:1424',
          '  throw err;',
          '  ^',
          '',
          `Error: Cannot find module '${at}'`,
          '    at Module._resolveFilename (node:internal/modules/cjs/loader:1421:15) {',
          "  code: 'MODULE_NOT_FOUND',",
          '  requireStack: []',
          '}',
          '',
          `Node.js v${version}`,
        ],
        1,
        'stderr',
      );
    }
    return scriptPlan(context, path, 'node');
  },
  serve: (context, request, client) => {
    const file = fileOf(context);
    return appAnswer(
      context,
      request,
      client,
      file === undefined ? undefined : found(context, file),
    );
  },
};

/** `-e "console.log('x')"`, `-p 1+1`. */
function evaluated(context: ProcessContext): ProcessPlan {
  const { argv } = context;
  const at = argv.findIndex((word) => ['-e', '-p', '--eval', '--print'].includes(word));
  const code = argv[at + 1] ?? '';
  const prints = argv[at] === '-p' || argv[at] === '--print';
  return oneLiner(NODE, prints ? `console.log(${code})` : code, context);
}

/** Modules that come with Python and are run by their name; they do their work in silence. */
const MODULES = ['compileall', 'venv', 'ensurepip', 'py_compile', 'timeit', 'unittest', 'zipfile'];
const FILES_LIMIT = 1_000;

/** `python -m compileall DIR`: names what it compiles (Python 3.14 `Lib/compileall.py`). */
function compiled({ argv, files, cwd = '/' }: ProcessContext): ProcessPlan {
  const given = argv.slice(3).filter((word) => !word.startsWith('-'));
  const lines: string[] = [];
  const left = given.map((shown) => ({ shown, path: resolvePath(cwd, shown) }));
  while (left.length > 0 && lines.length < FILES_LIMIT) {
    const { shown, path } = left.shift()!;
    const kind = files.kind(path);
    if (kind === undefined) lines.push(`Can't list '${shown}'`);
    else if (kind === 'file') {
      if (shown.endsWith('.py')) lines.push(`Compiling '${shown}'...`);
    } else {
      lines.push(`Listing '${shown}'...`);
      const below = files.list(path).filter((name) => name !== '__pycache__');
      left.push(...below.map((name) => ({ shown: `${shown}/${name}`, path: `${path}/${name}` })));
    }
  }
  return ends(lines);
}

const isServer = ({ argv }: ProcessContext): boolean =>
  argv[1] === '-m' && argv[2] === 'http.server';
const serverPort = ({ argv }: ProcessContext): number =>
  Number(argv.slice(3).find((word) => /^\d+$/.test(word)) ?? 8000);

export const python: ProgramModel = {
  usesHostname: true,
  plan(context): ProcessPlan {
    const { argv, env } = context;
    const version = env.PYTHON_VERSION ?? '3.13.11';
    if (argv.includes('--version') || argv.includes('-V')) return ends([`Python ${version}`]);
    if (isServer(context)) {
      const port = serverPort(context);
      // Its greeting waits in the buffer of standard output, unless PYTHONUNBUFFERED is set.
      const greeting = `Serving HTTP on 0.0.0.0 port ${port} (http://0.0.0.0:${port}/) ...`;
      const shown =
        (env.PYTHONUNBUFFERED !== undefined && env.PYTHONUNBUFFERED !== '') || argv.includes('-u');
      return {
        steps: [{ afterMs: 150, do: 'listen', port }, ...say(150, shown ? [greeting] : [])],
        signals: {
          SIGINT: {
            exitCode: 0,
            afterMs: 10,
            log: [
              { stream: 'stdout', text: '' },
              { stream: 'stdout', text: 'Keyboard interrupt received, exiting.' },
            ],
          },
        },
        memoryBytes: 18_000_000,
      };
    }
    if (argv[1] === '-m') {
      const [, , module = ''] = argv;
      if (module === 'compileall') return compiled(context);
      if (MODULES.includes(module)) return ends([]);
      return ends([`/usr/local/bin/python: No module named ${module}`], 1, 'stderr');
    }
    if (argv[1] === '-c') return oneLiner(PYTHON, argv[2] ?? '', context);
    const file = fileOf(context);
    if (file === undefined) return ends([]);
    const path = found(context, file);
    if (path === undefined) {
      const at = file.startsWith('/')
        ? file
        : `${context.cwd === '/' ? '' : (context.cwd ?? '')}/${file}`;
      return ends(
        [`${argv[0] ?? 'python'}: can't open file '${at}': [Errno 2] No such file or directory`],
        2,
        'stderr',
      );
    }
    const flask = flaskIn(context, path)?.run;
    if (flask) {
      const name = path.replace(/^.*\//, '').replace(/\.py$/, '');
      return flaskPlan(name, flask.port, flask.debug);
    }
    return scriptPlan(context, path, 'python');
  },
  serve(context, request, client) {
    if (!isServer(context)) {
      const file = fileOf(context);
      const path = file === undefined ? undefined : found(context, file);
      const flask = flaskIn(context, path);
      if (flask?.run) return flaskAnswer(context, flask, request, client);
      return appAnswer(context, request, client, path);
    }
    const served = directoryAnswer(context, request.path);
    const time = stampOf('access', client.timeMs).replace(':', ' ').replace(' +0000', '');
    const text = `${client.ip} - - [${time}] "${request.method} ${request.path} HTTP/1.1" ${served.status} -`;
    const headers = {
      Server: `SimpleHTTP/0.6 Python/${context.env.PYTHON_VERSION ?? '3.13.11'}`,
      Date: httpDate(client.timeMs),
      'Content-type': served.type,
      'Content-Length': String(served.body.length),
    };
    const body = request.method === 'HEAD' ? new Uint8Array(0) : served.body;
    return {
      response: { status: served.status, headers, body },
      afterMs: 3,
      log: { stream: 'stderr', text },
    } satisfies Served;
  },
};

function directoryAnswer({ files, cwd = '/' }: ProcessContext, path: string) {
  const clean = path
    .replace(/[?#].*$/s, '')
    .split('/')
    .filter((part) => part !== '' && part !== '.' && part !== '..');
  const at = `${cwd === '/' ? '' : cwd}/${clean.join('/')}`.replace(/\/$/, '') || '/';
  const index = `${at === '/' ? '' : at}/index.html`;
  const target = files.kind(at) === 'dir' && files.kind(index) === 'file' ? index : at;
  if (files.kind(target) === 'file') {
    const type = /\.html?$/.test(target)
      ? 'text/html'
      : /\.(txt|md|py)$/.test(target)
        ? 'text/plain'
        : 'application/octet-stream';
    return { status: 200, type, body: files.read(target) ?? new Uint8Array(0) };
  }
  if (files.kind(target) === 'dir') {
    const title = `Directory listing for /${clean.map((part) => `${part}/`).join('')}`;
    const items = files.list(target).map((name) => {
      const shown =
        files.kind(`${target === '/' ? '' : target}/${name}`) === 'dir' ? `${name}/` : name;
      return `<li><a href="${shown}">${shown}</a></li>\n`;
    });
    const text = `<!DOCTYPE HTML>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>${title}</title>\n</head>\n<body>\n<h1>${title}</h1>\n<hr>\n<ul>\n${items.join('')}</ul>\n<hr>\n</body>\n</html>\n`;
    return { status: 200, type: 'text/html; charset=utf-8', body: encoder.encode(text) };
  }
  const text =
    '<!DOCTYPE HTML>\n<html lang="en">\n    <head>\n        <meta charset="utf-8">\n        <style type="text/css">\n            :root {\n                color-scheme: light dark;\n            }\n        </style>\n        <title>Error response</title>\n    </head>\n    <body>\n        <h1>Error response</h1>\n        <p>Error code: 404</p>\n        <p>Message: File not found.</p>\n        <p>Error code explanation: 404 - Nothing matches the given URI.</p>\n    </body>\n</html>\n';
  return { status: 404, type: 'text/html;charset=utf-8', body: encoder.encode(text) };
}
