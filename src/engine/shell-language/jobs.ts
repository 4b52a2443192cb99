import { poll } from '../sim/process.ts';
import type { Job, Shell, Step } from './state.ts';
import { waitFor } from './waiting.ts';

/** Commands in the background. */

/** Its process id, or the status of what could not be started. */
export type Forked = { readonly pid: number } | { readonly status: number };

/** Looks which jobs have ended. */
export function* lookAfterJobs(shell: Shell): Step<void> {
  for (const job of shell.jobs) {
    if (job.status !== undefined) continue;
    if (yield* poll(job.pid)) yield* finishJob(shell, job);
  }
}

/** `share` is what it may start of the shell's budget; it comes back when the job has ended. */
export function addJob(shell: Shell, forked: Forked, text: string, share: number): Job {
  const id = (shell.jobs.at(-1)?.id ?? 0) + 1;
  const pid = 'pid' in forked ? forked.pid : 0;
  const status = 'status' in forked ? forked.status : undefined;
  const job: Job = { id, pid, text, share, status, told: false };
  shell.jobs.push(job);
  if (pid !== 0) shell.backgroundPid = pid;
  return job;
}

/** Waits for a job; its exit status. */
export function* finishJob(shell: Shell, job: Job): Step<number> {
  if (job.status === undefined) {
    job.status = yield* waitFor(shell, job.pid, []);
    shell.budget += job.share;
  }
  return job.status;
}

/** The job that `%1`, `%%`, `%-`, `%name` or a process id names. */
export function findJob(shell: Shell, text: string): Job | undefined {
  if (!text.startsWith('%')) return shell.jobs.find(({ pid }) => String(pid) === text);
  const name = text.slice(1);
  const living = shell.jobs.filter(({ status }) => status === undefined);
  if (name === '' || name === '%' || name === '+') return living.at(-1);
  if (name === '-') return living.at(-2) ?? living.at(-1);
  if (/^\d+$/.test(name)) return shell.jobs.find(({ id }) => String(id) === name);
  return living.findLast((job) => job.text.startsWith(name));
}
