import { sameValue } from '../../apimachinery/canonical-json.ts';
import { goQuote } from '../../../go/quote.ts';
import type { KubeObject } from '../../apimachinery/object.ts';
import { dryRunOf, saidOf } from '../options.ts';
import { choosePrinter, wordOf } from '../printers/printer.ts';
import { refused } from '../problems.ts';
import { call, check, fatal, misused, print, type Session, type Step } from '../session.ts';
import { gather, labelSelectorOf, notGot, type Found } from '../targets.ts';
import { writeYaml } from '../yaml/emit.ts';
import { lastApplied } from './apply.ts';
import { annotate } from './edit.ts';

/** `kubectl apply view-last-applied` (pkg/cmd/apply/apply_view_last_applied.go, v1.36). */
export function* viewLastApplied(session: Session): Step<number> {
  const { flags } = session;
  const selector = yield* labelSelectorOf(session);
  const all = flags.has('all');
  const { found, problems } = yield* gather(session, {
    fetch: true,
    all,
    ...(selector && { selector }),
  });
  yield* check(session, problems);
  const output = flags.text('output');
  for (const { object, name, source } of found) {
    const applied = lastApplied(object!);
    if (applied === undefined) {
      // Upstream adds these words to an error that there is not: without a file nothing is said.
      if (source === undefined) return 0;
      const what = `no last-applied-configuration annotation found on resource: ${name}\n`;
      yield* fatal(session, `error when ${what} ${goQuote(source)}: %!v(<nil>)`);
    }
    if (output === 'json') yield* print(session, `${JSON.stringify(applied, undefined, 2)}\n`);
    else if (output === 'yaml') yield* print(session, writeYaml(applied));
    else {
      const why = `Unexpected -o output mode: ${output}, the flag 'output' must be one of yaml|json`;
      yield* misused(session, why);
    }
  }
  return 0;
}

function wantedOf({ object, namespace }: Found): KubeObject {
  const metadata = { ...object!.metadata, ...(namespace && { namespace }) };
  return { ...object!, metadata };
}

/** `kubectl apply set-last-applied` (pkg/cmd/apply/apply_set_last_applied.go, v1.36). */
export function* setLastApplied(session: Session): Step<number> {
  const { flags } = session;
  const dryRun = yield* dryRunOf(session);
  yield* choosePrinter(session);
  const { found, problems } = yield* gather(session, { words: [] });
  yield* check(session, problems);
  const chosen = [];
  for (const one of found) {
    const { info, namespace, name } = one;
    const answer = yield* call(session, { verb: 'get', resource: info.resource, namespace, name });
    if (!answer.ok) yield* check(session, [yield* notGot(session, namespace, answer.failure)]);
    else if (lastApplied(answer.value) === undefined && !flags.has('create-annotation')) {
      const what = 'no last-applied-configuration annotation found on resource';
      const how = 'to create the annotation, run the command with --create-annotation';
      yield* fatal(session, `${what}: ${name}, ${how}`);
    } else if (sameValue(lastApplied(answer.value), wantedOf(one))) {
      yield* print(session, `set-last-applied ${name}: no changes required.\n`);
    } else chosen.push({ one, live: answer.value });
  }
  for (const { one, live } of chosen) {
    if (dryRun !== 'client') {
      const failure = yield* annotate(session, one, wantedOf(one), dryRun === 'server');
      if (failure) yield* check(session, [refused(failure)]);
    }
    const word = wordOf(live);
    const said = `${word} ${saidOf('configured', dryRun)}`;
    yield* print(session, flags.text('output') === 'name' ? `${word}\n` : `${said}\n`);
  }
  return 0;
}
