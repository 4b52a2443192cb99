import { parseDuration } from '../../engine/travel.ts';
import type { Localized } from '../claims/claim-table.ts';
import type { ClaimFault } from '../claims/judge.ts';
import { readAssertion } from '../claims/read-assertion.ts';
import { readFiles, readId, readLocalized, readPreset, readSteps } from '../claims/read-check.ts';
import { YamlReader, type Fields } from '../claims/yaml-fields.ts';
import type { Challenge, Goal, Limit } from './challenge.ts';

type ReadChallenge =
  | { readonly ok: true; readonly challenge: Challenge }
  | { readonly ok: false; readonly faults: readonly ClaimFault[] };

/** Reads an exercise. Every fault of its form is found; whether it can be solved is for a test. */
export function readChallenge(id: string, text: string): ReadChallenge {
  const reader = new YamlReader(text);
  if (reader.faults.length > 0) return { ok: false, faults: reader.faults };
  const root = reader.fields(reader.root, 'The challenge');
  if (!root) return { ok: false, faults: reader.faults };
  const challenge: Challenge = {
    id,
    preset: readPreset(reader, root),
    title: readLocalized(reader, root, 'title', 'the challenge'),
    brief: readLocalized(reader, root, 'brief', 'the challenge'),
    hints: reader
      .items(root.take('hints'), '"hints"', root.node)
      .map((node) => readHint(reader, node)),
    files: readFiles(reader, root, 'the challenge'),
    setup: readSetup(reader, root),
    goal: reader
      .items(root.take('goal'), '"goal"', root.node)
      .flatMap((node) => readGoal(reader, node) ?? []),
    limits: readLimits(reader, root),
  };
  root.end();
  tellTwins(reader, root, challenge.goal);
  if (reader.faults.length > 0) return { ok: false, faults: reader.faults };
  return { ok: true, challenge };
}

function readHint(reader: YamlReader, node: unknown): Localized {
  const fields = reader.fields(node, 'A hint');
  const hint = { ko: fields?.text('ko') ?? '', en: fields?.text('en') ?? '' };
  fields?.end();
  return hint;
}

/** Nobody asks what a command of the set-up printed: it needs no name. */
function readSetup(reader: YamlReader, root: Fields): readonly string[] {
  return readSteps(reader, root, 'the challenge', 'setup').map(({ name, command }) => {
    if (name === undefined) return command;
    const what = `The command "${name}" of the set-up has a name.`;
    reader.fault(root.take('setup'), what, 'Write the command alone; quote one with ": " in it.');
    return command;
  });
}

function readGoal(reader: YamlReader, node: unknown): Goal | undefined {
  const fields = reader.fields(node, 'A part of the goal');
  if (!fields) return undefined;
  const id = readId(reader, fields, 'a part of the goal');
  const name = `the goal "${id}"`;
  const says = readLocalized(reader, fields, 'says', name);
  const steps = readSteps(reader, fields, name);
  const proof = reader
    .items(fields.take('proof'), `"proof" of ${name}`, fields.node)
    .flatMap((one) => readAssertion(reader, one, steps, name) ?? []);
  const holdMs = readHold(reader, fields, name);
  fields.end();
  return { id, says, steps, proof, holdMs };
}

function readHold(reader: YamlReader, fields: Fields, name: string): number {
  const text = fields.scalar('for');
  if (text === undefined) return 0;
  const holdMs = typeof text === 'string' ? parseDuration(text) : undefined;
  if (holdMs !== undefined && holdMs > 0) return holdMs;
  const what = `"for" of ${name} is no span of time.`;
  reader.fault(fields.take('for'), what, 'Write "for: 60s", or leave it out.');
  return 0;
}

function readLimits(reader: YamlReader, root: Fields): readonly Limit[] {
  const node = root.take('limits');
  if (node === undefined) return [];
  return reader.items(node, '"limits"', root.node).flatMap((one) => {
    const fields = reader.fields(one, 'A limit');
    if (!fields) return [];
    const forbids = fields.text('forbids');
    if (!isPattern(forbids)) {
      reader.fault(fields.take('forbids'), `/${forbids}/ is no regular expression.`, 'Correct it.');
    }
    const says = readLocalized(reader, fields, 'says', 'a limit');
    fields.end();
    return [{ forbids, says }];
  });
}

function isPattern(text: string): boolean {
  try {
    return Boolean(new RegExp(text));
  } catch {
    return false;
  }
}

function tellTwins(reader: YamlReader, root: Fields, goal: readonly Goal[]): void {
  const twin = goal.find(({ id }, i) => goal.findIndex((other) => other.id === id) < i);
  if (!twin) return;
  const what = `Two parts of the goal are "${twin.id}".`;
  reader.fault(root.take('goal'), what, 'Rename one of them.');
}
