import { goQuote } from '../../go/quote.ts';
import { parseBoolean } from '../../go/numbers.ts';
import { isRefused } from '../../go/refused.ts';
import type { PropagationPolicy } from '../api/requests.ts';
import { fatal, misused, printError, type Session, type Step } from './session.ts';

/** Options that many commands share (kubectl/pkg/cmd/util/helpers.go, v1.36). */
export type DryRun = 'none' | 'client' | 'server';
export const LOCAL_IS_NO_SERVER =
  'cannot specify --local and --dry-run=server - did you mean --dry-run=client?';
export type FieldValidation = 'Strict' | 'Warn' | 'Ignore';

export function* dryRunOf(session: Session): Step<DryRun> {
  const value = session.flags.text('dry-run');
  if (value === '' || value === 'none' || value === 'client' || value === 'server') {
    return value === '' ? 'none' : value;
  }
  const replace = 'is deprecated';
  if (value === 'unchanged') {
    yield* deprecated(session, `--dry-run ${replace} and can be replaced with --dry-run=client.`);
    return 'client';
  }
  const on = parseBoolean(value);
  if (isRefused(on)) {
    const why = `Invalid dry-run value (${value}). Must be "none", "server", or "client".`;
    return yield* fatal(session, why);
  }
  const strategy = on ? 'client' : 'none';
  const instead = `can be replaced with --dry-run=${strategy}.`;
  yield* deprecated(session, `--dry-run=${value} ${replace} (boolean value) and ${instead}`);
  return strategy;
}

/** Simplified: a log line of the real one begins with time and place in the source. */
const deprecated = (session: Session, text: string): Step<void> =>
  printError(session, `W ${text}\n`);

/** What is said of an object that was not really changed. */
export function saidOf(operation: string, dryRun: DryRun): string {
  if (dryRun === 'none') return operation;
  return `${operation} (${dryRun === 'client' ? '' : 'server '}dry run)`;
}

export function* fieldValidationOf(session: Session): Step<FieldValidation> {
  const value = session.flags.text('validate');
  if (value === '' || value === 'strict') return 'Strict';
  if (value === 'warn') return 'Warn';
  if (value === 'ignore') return 'Ignore';
  const on = parseBoolean(value);
  if (!isRefused(on)) return on ? 'Strict' : 'Ignore';
  const allowed = 'must be one of: strict (or true), warn, ignore (or false)';
  return yield* fatal(session, `invalid - validate option ${goQuote(value)}; ${allowed}`);
}

export function* cascadeOf(session: Session): Step<PropagationPolicy> {
  const value = session.flags.text('cascade');
  const policies: Readonly<Record<string, string>> = { true: 'background', false: 'orphan' };
  if (Object.hasOwn(policies, value)) {
    const instead = `can be replaced with --cascade=${policies[value]}.`;
    const old = `--cascade=${value} is deprecated (boolean value) and ${instead}`;
    yield* printError(session, `warning: ${old}\n`);
  }
  if (value === 'background' || value === 'true' || value === '') return 'Background';
  if (value === 'orphan' || value === 'false') return 'Orphan';
  if (value === 'foreground') return 'Foreground';
  const must = 'Must be "background", "foreground", or "orphan"';
  return yield* fatal(session, `invalid cascade value (${value}). ${must}`);
}

/** The one NAME among the words before `--`. */
export function* oneName(session: Session): Step<string> {
  const { words, dash } = session;
  const count = dash === -1 ? words.length : dash;
  if (count !== 1) yield* misused(session, `exactly one NAME is required, got ${count}`);
  return words[0] ?? '';
}

/** How long kubectl waits for a Pod that runs, in milliseconds. */
export function* runningTimeoutOf(session: Session): Step<number> {
  const limitMs = session.flags.durationMs('pod-running-timeout');
  if (limitMs > 0) return limitMs;
  const why = '--pod-running-timeout must be higher than zero';
  const isMisuse = ['run', 'attach', 'port-forward'].includes(session.path);
  return yield* isMisuse ? misused(session, why) : fatal(session, why);
}
