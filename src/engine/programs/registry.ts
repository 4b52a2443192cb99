import type { Command } from '../machine/command.ts';
import { sh } from '../shell-language/sh.ts';
import { TOOLS } from '../shell-language/tools.ts';
import { isCompiled } from './compiled-mark.ts';
import { baseName, findFile, type LookUp, type StartFailure } from './find.ts';
import { nginx } from './nginx/nginx.ts';
import { nginxEntrypoint } from './nginx-entrypoint.ts';
import type { FileView, ProcessContext, ProcessPlan, ProgramModel } from './program.ts';
import { IDLE } from './idle.ts';
import { modelTool, unmodelled } from './tools/model-tool.ts';
import { app } from './servers/app.ts';
import { compiled } from './servers/compiled.ts';
import { COMPONENTS } from './servers/components.ts';
import { httpd } from './servers/httpd.ts';
import { java } from './servers/java.ts';
import { JENKINS_CLOUD, jenkinsCloud } from './servers/jenkins-cloud.ts';
import { PYTHON_SERVERS } from './servers/python-servers.ts';
import { mysqld } from './servers/mysql.ts';
import { postgres } from './servers/postgres.ts';
import { redisServer } from './servers/redis.ts';
import { node, python } from './servers/runtimes.ts';
import { VOTING_SERVERS } from './servers/voting-app.ts';
import { VOTING_WORKER, votingWorker } from './servers/voting-worker.ts';
import { wordpress } from './servers/wordpress.ts';
import { nexus, registryServer } from './servers/slow-starters.ts';
import { hello } from './hello.ts';
import { stress } from './stress.ts';
import { mysql, mysqladmin, pgIsReady, psql } from './tools/databases.ts';
import { envsubst, tini } from './tools/wrappers.ts';
import { redisCli } from './tools/redis-cli.ts';
import { CONTAINER_TOOLS } from './tools/table.ts';

/**
 * Which program a file is. A program is either a *plan* (program.ts), which costs a row and an
 * event and which servers are made of, or a *command*, a durable process like those a person types
 * at a prompt.
 */
const PLANS: Readonly<Record<string, ProgramModel>> = {
  ...{ nginx, 'nginx-debug': nginx, httpd, app, node, nodejs: node },
  ...{ python, python3: python, 'redis-server': redisServer, postgres, mysqld },
  ...{ java, nexus, registry: registryServer, compiled },
  ...PYTHON_SERVERS,
  ...VOTING_SERVERS,
  wordpress,
  ...COMPONENTS,
};

const named = (tools: Readonly<Record<string, Command>>): Record<string, Command> =>
  Object.fromEntries(Object.entries(tools).map(([name, tool]) => [baseName(name), tool]));

/** In a container a shell finds what it runs in files; it has no table. */
const shell = sh({});
const SHELLS: Readonly<Record<string, Command>> = {
  sh: shell,
  ash: shell,
  bash: shell,
  dash: shell,
};
/** What stands for a program whose inside is not modelled, where it has to end. */
const MODEL_TOOL = 'model-tool';
const UNMODELLED = 'unmodelled';

const COMMANDS: Readonly<Record<string, Command>> = {
  [MODEL_TOOL]: modelTool,
  [UNMODELLED]: unmodelled,
  [JENKINS_CLOUD]: jenkinsCloud,
  [VOTING_WORKER]: votingWorker,
  ...named(TOOLS),
  ...CONTAINER_TOOLS,
  ...{
    tini,
    envsubst,
    hello,
    stress,
    'redis-cli': redisCli,
    psql,
    pg_isready: pgIsReady,
    mysql,
    mysqladmin,
  },
  ...SHELLS,
};

/** Many programs in one file; they go by the name they are called by. */
const MULTI_CALL = ['busybox', 'coreutils', 'toybox'];

export type FoundProgram =
  | { readonly command: string; readonly argv: readonly string[] }
  | {
      /** Name of its model, see {@link modelNamed}. */
      readonly plan: string;
      readonly argv: readonly string[];
      /** What its entrypoint says before it takes its place. */
      readonly said?: readonly string[];
    };

const own = <T>(table: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined;

/** The command of a name in the table. */
export const commandNamed = (name: string): Command | undefined => own(COMMANDS, name);

const IDLE_NAME = 'idle';

/** The model of a name that {@link findProgram} gave. */
export const modelNamed = (name: string): ProgramModel => own(PLANS, name) ?? IDLE;

/** What a process with these words runs, or why it cannot start. */
export function findProgram(
  lookUp: LookUp,
  files: FileView,
  argv: readonly string[],
  env: Readonly<Record<string, string>>,
  cwd: string,
): FoundProgram | StartFailure {
  const said = nginxEntrypoint(argv, files);
  const words = said ? argv.slice(1) : argv;
  const found = findFile(lookUp, words, env, cwd);
  if ('failed' in found) return found;
  const file = baseName(found.file.path);
  if (MULTI_CALL.includes(file)) {
    if (found.asked === file) return applet(lookUp, found.argv, file);
    return applet(lookUp, [found.asked, ...found.argv.slice(1)], file, found.argv);
  }
  const { content } = found.file.node as { content?: Uint8Array | { seed: string } };
  if (content && 'seed' in content && isCompiled(content.seed)) {
    return { plan: 'compiled', argv: found.argv };
  }
  // A module of Python that is a tool of its own: `python3 -m pip install …`.
  const [, flag, module = ''] = found.argv;
  if (/^python3?(\.\d+)?$/.test(file) && flag === '-m' && own(COMMANDS, module)) {
    return { command: module, argv: found.argv.slice(2) };
  }
  for (const name of [file, found.asked]) {
    if (own(PLANS, name)) return { plan: name, argv: found.argv, ...(said && { said }) };
    if (own(COMMANDS, name)) return { command: name, argv: found.argv };
  }
  return { plan: IDLE_NAME, argv: found.argv };
}

const APPLET_PLACES = ['/bin', '/sbin', '/usr/bin', '/usr/sbin'];

/** `busybox sh -c …` is `sh -c …`. */
function applet(
  lookUp: LookUp,
  argv: readonly string[],
  box: string,
  words: readonly string[] = argv.slice(1),
): FoundProgram | StartFailure {
  const called = baseName(argv[0] ?? '');
  const name = called === box ? (argv[1] ?? '') : called;
  if (own(COMMANDS, name)) return { command: name, argv: words };
  if (own(PLANS, name)) return { plan: name, argv: words };
  const isThere = APPLET_PLACES.some((at) => lookUp(`${at}/${name}`)?.path.endsWith(`/${box}`));
  if (isThere) return { plan: IDLE_NAME, argv: words };
  const message = `${name}: applet not found`;
  return { failed: true, late: true, exitCode: 127, message };
}

const RUNTIMES = ['node', 'nodejs', 'python', 'python3', 'java', 'compiled', IDLE_NAME];

/**
 * In a step of a build a program does not wait for ever: what nobody knows is a model there, and so
 * is code that would go on listening.
 */
export function ending(
  found: Extract<FoundProgram, { plan: string }>,
  { steps }: ProcessPlan,
): FoundProgram {
  const waits = RUNTIMES.includes(found.plan) && !steps.some((step) => step.do === 'exit');
  return waits ? { command: MODEL_TOOL, argv: found.argv } : found;
}

/** Servers among the programs that are not modelled, by how servers are called. */
const SERVER = /(server|daemon|proxy|agent)$|^(mongod|mariadbd|traefik)$/;
const DAEMON = /\/sbin\/(?!.*passwd$)\w+d$/;

/**
 * What nobody models waits when it is a server, and else says what it is and ends, as a tool does:
 * nobody waits for ever for `openssl version`.
 */
export function serving(
  found: Extract<FoundProgram, { plan: string }>,
  path: string,
): FoundProgram {
  const isTool = found.plan === IDLE_NAME && !SERVER.test(baseName(path)) && !DAEMON.test(path);
  return isTool ? { command: UNMODELLED, argv: found.argv } : found;
}

/** Simplified: no time, so that who starts nginx and asks at once gets an answer, as people do. */
const PREPARATION_MS = 0;

/** What a found program will do; lines said before it come first. */
export function planOf(
  found: Extract<FoundProgram, { plan: string }>,
  context: ProcessContext,
): ProcessPlan {
  const plan = modelNamed(found.plan).plan({ ...context, argv: found.argv });
  const { said } = found;
  if (!said) return plan;
  const afterMs = PREPARATION_MS;
  const lines = said.map((text) => ({ afterMs, do: 'log', stream: 'stdout', text }) as const);
  const steps = plan.steps.map((step) => ({ ...step, afterMs: step.afterMs + PREPARATION_MS }));
  return { ...plan, steps: [...lines, ...steps] };
}
