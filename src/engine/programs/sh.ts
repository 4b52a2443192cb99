import type { AndOrList, SimpleCommand } from '../shell-language/ast.ts';
import { expandText, expandWord } from '../shell-language/expand.ts';
import { parseScript } from '../shell-language/parse.ts';
import type {
  ProcessContext,
  ProcessPlan,
  ProcessStep,
  ProgramModel,
  StartFailure,
} from './program.ts';

/**
 * `sh -c SCRIPT` inside a container. The script is followed command by command, each command being
 * a program of its own, and what they do is put one after another on one plan.
 *
 * Simplified: a plan is made when the process starts, so a script does not see what changes later;
 * pipes and redirections inside a container's own script are not carried out.
 */
/** How a command of the script is planned: the registry of programs, which knows the shell too. */
export type Planner = (context: ProcessContext) => ProcessPlan | StartFailure;

interface Course {
  readonly planner: Planner;
  readonly steps: ProcessStep[];
  /** Virtual time since the start. */
  atMs: number;
  status: number;
  ended: boolean;
  signals: ProcessPlan['signals'];
  variables: Record<string, string>;
}

const COMMAND_LIMIT = 10_000;
const SHELL_BYTES = 1_000_000;

export const shell = (planner: Planner): ProgramModel => ({
  usesHostname: true,
  plan(context) {
    const [, flag = '', script = ''] = context.argv;
    // Without a script it reads its standard input, which is closed: it ends at once.
    if (!/^-[a-z]*c$/.test(flag)) return exits(0);
    const parsed = parseScript(script);
    if (!parsed.ok) {
      return exits(2, `sh: ${parsed.message}`);
    }
    const variables = { ...context.env, HOSTNAME: context.hostname };
    const course: Course = {
      planner,
      steps: [],
      atMs: 0,
      status: 0,
      ended: false,
      // The first process of a container ignores what it has no handler for; sh has none.
      signals: { SIGTERM: 'ignore', SIGINT: 'ignore', SIGQUIT: 'ignore', SIGHUP: 'ignore' },
      variables,
    };
    const count = { left: COMMAND_LIMIT };
    for (const list of parsed.script.lists) {
      if (course.ended) break;
      follow(list, course, context, count);
    }
    if (!course.ended) course.steps.push(exitStep(course));
    return { steps: course.steps, signals: course.signals, memoryBytes: SHELL_BYTES };
  },
});

const exitStep = ({ atMs, status }: Course): ProcessStep => ({
  afterMs: atMs,
  do: 'exit',
  code: status,
});

function exits(code: number, message?: string): ProcessPlan {
  const steps: ProcessStep[] = [{ afterMs: 1, do: 'exit', code }];
  if (message !== undefined) {
    steps.unshift({ afterMs: 1, do: 'log', stream: 'stderr', text: message });
  }
  return { steps, signals: {}, memoryBytes: SHELL_BYTES };
}

function follow(
  list: AndOrList,
  course: Course,
  context: ProcessContext,
  count: { left: number },
): void {
  for (const { when, pipeline } of list.parts) {
    if (course.ended || count.left-- <= 0) return;
    if (when === 'success' && course.status !== 0) continue;
    if (when === 'failure' && course.status === 0) continue;
    runCommand(pipeline.commands.at(-1)!, course, context);
    if (pipeline.negated) course.status = course.status === 0 ? 1 : 0;
  }
}

function runCommand(command: SimpleCommand, course: Course, context: ProcessContext): void {
  const variables = { ...course.variables, '?': String(course.status) };
  const own: Record<string, string> = {};
  for (const { name, value } of command.assignments) own[name] = expandText(value, variables);
  let argv = command.words.flatMap((word) => expandWord(word, variables));
  if (argv.length === 0) {
    Object.assign(course.variables, own);
    course.status = 0;
    return;
  }
  const replaces = argv[0] === 'exec';
  if (replaces) argv = argv.slice(1);
  if (argv[0] === 'exit') {
    course.status = Number(argv[1] ?? course.status) & 255;
    course.steps.push(exitStep(course));
    course.ended = true;
    return;
  }
  if (argv[0] === 'set' || argv[0] === ':' || argv[0] === 'trap') {
    course.status = 0;
    return;
  }
  const env = { ...course.variables, ...own };
  const planned = course.planner({ ...context, argv, env });
  if ('failed' in planned) {
    const text = `sh: ${argv[0] ?? ''}: not found`;
    course.steps.push({ afterMs: course.atMs, do: 'log', stream: 'stderr', text });
    course.status = planned.exitCode;
    return;
  }
  append(planned, course, replaces);
}

/** What a command does, moved to where the script has come to. */
function append(plan: ProcessPlan, course: Course, replaces: boolean): void {
  const startMs = course.atMs;
  let ended = false;
  for (const step of plan.steps) {
    if (step.do === 'exit') {
      course.atMs = startMs + step.afterMs;
      course.status = step.code;
      ended = true;
      break;
    }
    course.steps.push({ ...step, afterMs: startMs + step.afterMs });
  }
  if (replaces) {
    if (course.steps.length === 0 || startMs === 0) course.signals = plan.signals;
    if (ended) course.steps.push(exitStep(course));
  }
  // It never ends by itself, and so neither does the script.
  if (!ended || replaces) course.ended = true;
}
