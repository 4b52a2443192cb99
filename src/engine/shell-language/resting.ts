import type { Job, Shell, Variable } from './state.ts';
import type { CommandNode } from './syntax.ts';

/**
 * A shell between two lines as plain data. With it a shell can go on as a new process that was told
 * nothing yet, so that who has typed ten thousand lines is not slower to take one back.
 */
const KEPT = [
  ...(['name', 'positional', 'cwd', 'status', 'line', 'shellPid', 'backgroundPid'] as const),
  ...(['fds', 'budget', 'steps', 'random', 'pipeStatus', 'nowMs', 'secondsFromMs'] as const),
  ...(['optionOffset', 'optionWord', 'processFiles'] as const),
] as const;

export interface Resting extends Pick<Shell, (typeof KEPT)[number] | 'options'> {
  readonly variables: readonly (readonly [string, Variable])[];
  readonly functions: readonly (readonly [string, CommandNode])[];
  readonly traps: readonly (readonly [string, string])[];
  readonly ignored: readonly string[];
  readonly jobs: readonly Job[];
  /** Where they are not as at first. */
  readonly aliases?: readonly (readonly [string, string])[];
}

export function restingOf(shell: Shell): Resting {
  const kept = Object.fromEntries(KEPT.map((field) => [field, shell[field]]));
  return {
    ...(kept as Pick<Shell, (typeof KEPT)[number]>),
    options: { ...shell.options },
    variables: [...shell.variables],
    functions: [...shell.functions],
    traps: [...shell.traps],
    ignored: [...shell.ignored],
    jobs: shell.jobs.map((job) => ({ ...job })),
    ...(shell.hasOwnAliases && { aliases: [...shell.aliases] }),
  };
}

/** Lets a new shell be the one that rested. */
export function wake(shell: Shell, resting: Resting): void {
  const { options, variables, functions, traps, ignored, jobs, aliases, ...kept } = resting;
  Object.assign(shell, kept);
  Object.assign(shell.options, options);
  shell.variables.clear();
  for (const [name, variable] of variables) shell.variables.set(name, variable);
  for (const [name, body] of functions) shell.functions.set(name, body);
  for (const [name, action] of traps) shell.traps.set(name, action);
  for (const name of ignored) shell.ignored.add(name);
  shell.jobs = jobs.map((job) => ({ ...job }));
  if (aliases) shell.takeAliases(aliases);
}
