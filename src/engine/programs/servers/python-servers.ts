import type { HttpRequest } from '../../net/http.ts';
import type { Client, ProcessContext, ProcessPlan, ProgramModel } from '../program.ts';
import { appAnswer, appPlan } from './app.ts';
import { flaskAnswer, flaskIn, flaskPlan } from './flask.ts';
import { ends, flagValue } from './plans.ts';

/** Servers of Python that pip brings along: the applications they load are of app.ts. */
const DEFAULT_PORT: Readonly<Record<string, number>> = {
  ...{ gunicorn: 8000, uvicorn: 8000, hypercorn: 8000, flask: 5000, fastapi: 8000 },
  ...{ streamlit: 8501, 'waitress-serve': 8080 },
};

const nameOf = ({ argv }: ProcessContext): string =>
  argv.map((word) => word.replace(/^.*\//, '')).find((word) => Object.hasOwn(DEFAULT_PORT, word)) ??
  '';

/** `-b 0.0.0.0:5000`, `--port 80`; what the server does without. */
function settled(context: ProcessContext): ProcessContext {
  const { argv, env } = context;
  const name = nameOf(context);
  const port =
    flagValue(argv, '--port', '--server.port') ??
    (name === 'flask' || name === 'fastapi' ? flagValue(argv, '-p') : undefined) ??
    /:(\d+)$/.exec(flagValue(argv, '-b', '--bind', '--listen') ?? '')?.[1] ??
    (name === 'flask' ? env.FLASK_RUN_PORT : undefined) ??
    (name === 'gunicorn' ? env.PORT : undefined) ??
    String(DEFAULT_PORT[name] ?? 8000);
  return { ...context, env: { ...env, PORT: port } };
}

/** The file of the application that is named: `app:app`, `--app hello`, FLASK_APP. */
function fileOf({ argv, env, files, cwd = '/' }: ProcessContext): string | undefined {
  const named =
    flagValue(argv, '--app', '-A') ??
    argv.slice(1).find((word) => /^[\w.]+:\w+$/.test(word) && !/^[\d.]+:/.test(word)) ??
    env.FLASK_APP;
  const modules = named === undefined ? ['wsgi', 'app'] : [named.replace(/:.*$|\.py(:.*)?$/, '')];
  const paths = modules.map((name) => `${cwd === '/' ? '' : cwd}/${name.replaceAll('.', '/')}.py`);
  return paths.find((path) => files.kind(path) === 'file');
}

const DEBUGS = ['1', 'true', 'yes'];

/** `flask run`, with what it calls the application. */
function flaskServer(context: ProcessContext): ProcessPlan | undefined {
  const { argv, env } = context;
  const file = fileOf(context);
  if (nameOf(context) !== 'flask' || !argv.includes('run') || !flaskIn(context, file)) {
    return undefined;
  }
  const name = flagValue(argv, '--app', '-A') ?? env.FLASK_APP ?? file?.replace(/^.*\//, '') ?? '';
  const debug = argv.includes('--debug') || DEBUGS.includes((env.FLASK_DEBUG ?? '').toLowerCase());
  return flaskPlan(name, Number(settled(context).env.PORT), debug);
}

const server: ProgramModel = {
  usesHostname: true,
  plan(context) {
    const name = nameOf(context);
    const { argv } = context;
    if (argv.includes('--version')) return ends([`${name} (model)`]);
    const others = argv.slice(1).filter((word) => !word.startsWith('-'));
    if (name === 'gunicorn' && others.every((word) => /^[\d.:]+$|gunicorn$/.test(word)))
      return ends(['', 'Error: No application module specified.'], 1, 'stderr');
    return flaskServer(context) ?? appPlan(settled(context));
  },
  serve(context, request: HttpRequest, client: Client) {
    const flask = flaskIn(context, fileOf(context));
    if (flask) return flaskAnswer(context, flask, request, client);
    return appAnswer(settled(context), request, client);
  },
};

export const PYTHON_SERVERS: Readonly<Record<string, ProgramModel>> = Object.fromEntries(
  Object.keys(DEFAULT_PORT).map((name) => [name, server]),
);
