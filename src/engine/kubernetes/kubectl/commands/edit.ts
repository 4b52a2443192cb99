import { join, start } from '../../../sim/process.ts';
import { readFile, removeFile, writeFile } from '../../../machine/files.ts';
import { isRefused } from '../../../go/refused.ts';
import { goQuote } from '../../../go/quote.ts';
import { apiVersionOf, qualifiedName } from '../../api/resources.ts';
import { definitionOfKind, isCustomResource } from '../../api/schema/definitions.ts';
import { LAST_APPLIED } from '../../api/workloads.ts';
import { sameValue, sortKeys } from '../../apimachinery/canonical-json.ts';
import { diffPatch } from '../../apimachinery/merge-patch.ts';
import type { KubeObject } from '../../apimachinery/object.ts';
import type { Failure } from '../../apimachinery/status.ts';
import { goJson } from '../printers/go-json.ts';
import { withoutManagedFields, wordOf } from '../printers/printer.ts';
import {
  call,
  check,
  complain,
  dieWith,
  fatal,
  now,
  print,
  printError,
  type Session,
  type Step,
} from '../session.ts';
import { strategicThreeWay } from '../strategic-diff.ts';
import { gather, NOTHING_NAMED, type Found } from '../targets.ts';
import { readDocument } from '../yaml/document.ts';
import { writeYaml } from '../yaml/emit.ts';
import { lastApplied } from './apply.ts';

/**
 * `kubectl edit` and `kubectl apply edit-last-applied`
 * (staging/src/k8s.io/kubectl/pkg/cmd/util/editor/editoptions.go, v1.36): the objects as text in a
 * file, the command of KUBE_EDITOR or EDITOR upon it, and a patch of what it changed.
 */
const SHELL = 'shell/sh';
/** How often the file is opened again after something in it was refused. */
const ROUNDS_LIMIT = 100;

const EDIT_HEADER = `# Please edit the object below. Lines beginning with a '#' will be ignored,
# and an empty file will abort the edit. If an error occurs while saving this file will be
# reopened with the relevant failures.
#
`;
const LAST_APPLIED_HEADER = `# Please edit the 'last-applied-configuration' annotations below.
# Lines beginning with a '#' will be ignored, and an empty file will abort the edit.
#
`;

interface Editing {
  readonly session: Session;
  readonly found: readonly Found[];
  /** What stands in the file for an object. */
  readonly shown: readonly KubeObject[];
  readonly header: string;
  readonly path: string;
  readonly save: (one: Found, before: KubeObject, after: KubeObject) => Step<Failure | undefined>;
}

export function* edit(session: Session): Step<number> {
  const found = yield* chosen(session);
  const shown = found.map(({ object }) =>
    session.flags.has('show-managed-fields') ? object! : withoutManagedFields(object!),
  );
  const path = yield* temporaryFile(session);
  const save = (one: Found, before: KubeObject, after: KubeObject) =>
    patchWith(session, one, before, after);
  return yield* rounds({ session, found, shown, header: EDIT_HEADER, path, save });
}

export function* editLastApplied(session: Session): Step<number> {
  const found = yield* chosen(session);
  const shown: KubeObject[] = [];
  for (const { object, name } of found) {
    const applied = lastApplied(object!);
    if (applied === undefined) {
      const what = 'no last-applied-configuration annotation found on resource';
      yield* complain(
        session,
        `error: ${what}: ${name}, to create the annotation, use the command with --create-annotation`,
      );
      return 1;
    }
    shown.push(applied as KubeObject);
  }
  const path = yield* temporaryFile(session);
  const save = (one: Found, _before: KubeObject, after: KubeObject) =>
    annotate(session, one, after);
  return yield* rounds({ session, found, shown, header: LAST_APPLIED_HEADER, path, save });
}

function* chosen(session: Session): Step<readonly Found[]> {
  const { flags, words } = session;
  if (words.length === 0 && flags.all('filename').length === 0) {
    yield* fatal(session, NOTHING_NAMED);
  }
  const bare = words.length === 1 && !words[0]!.includes('/');
  const { found, problems } = yield* gather(session, { fetch: true, all: bare });
  yield* check(session, problems);
  if (found.length === 0) yield* fatal(session, 'edit cancelled, no objects found');
  return found;
}

function* temporaryFile({ flags }: Session): Step<string> {
  const number = String(1_000_000_000 + ((yield* now()) % 1_000_000_000));
  return `/tmp/kubectl-edit-${number}.${flags.text('output') === 'json' ? 'json' : 'yaml'}`;
}

function textOf({ session, shown }: Editing): string {
  const items = shown.map((object) => sortKeys(object));
  const list = { apiVersion: 'v1', items, kind: 'List', metadata: {} };
  const value = items.length === 1 ? items[0] : list;
  return session.flags.text('output') === 'json' ? `${goJson(value, 4)}\n` : writeYaml(value);
}

const withoutComments = (text: string): string =>
  text
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .join('\n');

function* rounds(editing: Editing): Step<number> {
  const { session, path, header } = editing;
  const { machine } = session.line;
  const original = textOf(editing);
  let text = original;
  let reasons = '';
  for (let round = 0; round < ROUNDS_LIMIT; round++) {
    yield* writeFile(machine, path, header + reasons + text, 0o600);
    yield* openEditor(session, path);
    const edited = (yield* readFile(machine, path))?.content ?? '';
    const own = withoutComments(edited);
    if (round > 0 && own === withoutComments(text)) {
      return yield* preserved(session, path, 'Edit cancelled, no valid changes were saved.');
    }
    if (own === withoutComments(original)) {
      yield* removeFile(machine, path);
      yield* printError(session, 'Edit cancelled, no changes made.\n');
      return 0;
    }
    const outcome = yield* saveAll(editing, own);
    if (outcome === undefined) {
      yield* removeFile(machine, path);
      return 0;
    }
    reasons = outcome;
    text = own;
  }
  return yield* preserved(session, path, 'Edit cancelled, no valid changes were saved.');
}

function* preserved(session: Session, path: string, why: string): Step<number> {
  yield* printError(session, `A copy of your changes has been stored to ${goQuote(path)}\n`);
  return yield* fatal(session, why);
}

/** Runs what KUBE_EDITOR or EDITOR names, in the shell of the machine. */
function* openEditor(session: Session, path: string): Step<void> {
  const { machine, env, cwd } = session.line;
  const editor = env.KUBE_EDITOR || env.EDITOR || 'vi';
  const argv = ['bash', '-c', `${editor} ${path} 2>/tmp/.kubectl-editor`];
  const pid = yield* start(SHELL, { machine, argv, env, cwd }, session.self);
  const { result } = (yield* join(pid)) as { result?: unknown };
  yield* removeFile(machine, '/tmp/.kubectl-editor');
  if (result === 127) yield* fatal(session, `unable to launch the editor ${goQuote(editor)}`);
  if (result !== 0) yield* fatal(session, `there was a problem with the editor ${goQuote(editor)}`);
}

/** Saves what is changed; what was refused instead, as lines for the head of the file. */
function* saveAll(editing: Editing, text: string): Step<string | undefined> {
  const { session, found, shown, path } = editing;
  const objects = objectsIn(text);
  if (!objects) {
    const [first] = found;
    const what = `${qualifiedName(first!.info)} ${goQuote(first!.name)}`;
    yield* printError(session, `error: ${what} is invalid\n`);
    return `# ${what} was not valid:\n# * <nil>: Invalid value: "The edited file failed validation"\n#\n`;
  }
  let reasons = '';
  let again = false;
  let missing = false;
  for (const after of objects) {
    const at = found.findIndex(({ info, name }) => {
      const { apiVersion, kind, metadata } = after;
      return apiVersion === apiVersionOf(info) && kind === info.kind && metadata.name === name;
    });
    const one = found[at];
    const before = shown[at];
    if (!one || !before) {
      const why = 'At least one of apiVersion, kind and name was changed';
      yield* preserved(session, path, why);
      continue;
    }
    if (sameValue(before, after)) {
      yield* print(session, `${wordOf(one.object!)} skipped\n`);
      continue;
    }
    const failure = yield* editing.save(one, before, after);
    const named = `${qualifiedName(one.info)} ${goQuote(one.name)}`;
    if (!failure) yield* print(session, `${wordOf(one.object!)} edited\n`);
    else if (failure.reason === 'Invalid') {
      yield* printError(session, `error: ${named} is invalid\n`);
      const causes = failure.details?.causes ?? [];
      const lines = causes.map(({ field, message }) => `# * ${field}: ${message}\n`);
      reasons += `# ${named} was not valid:\n${lines.join('')}#\n`;
    } else if (failure.reason === 'NotFound') {
      missing = true;
      yield* printError(session, `error: ${named} could not be found on the server\n`);
    } else {
      again = true;
      yield* printError(session, `error: ${named} could not be patched: ${failure.message}\n`);
    }
  }
  if (again) {
    const how = `You can run \`kubectl replace -f ${path}\` to try this update again.`;
    yield* dieWith(session, how);
  }
  if (missing) {
    const where = `have been saved to ${goQuote(path)}`;
    yield* dieWith(session, `The edits you made on deleted resources ${where}`);
  }
  return reasons === '' ? undefined : reasons;
}

/** The objects of the text; undefined when one of them is none. */
function objectsIn(text: string): readonly KubeObject[] | undefined {
  const value = readDocument(text);
  if (isRefused(value) || typeof value !== 'object' || value === null) return undefined;
  const { kind, items } = value as { kind?: unknown; items?: unknown };
  const objects = kind === 'List' && Array.isArray(items) ? (items as unknown[]) : [value];
  const isObject = (one: unknown): one is KubeObject => {
    const { apiVersion, kind: word, metadata } = (one ?? {}) as Partial<KubeObject>;
    return Boolean(apiVersion) && Boolean(word) && typeof metadata === 'object';
  };
  return objects.every(isObject) ? objects : undefined;
}

function* patchWith(
  session: Session,
  { info, namespace, name }: Found,
  before: KubeObject,
  after: KubeObject,
): Step<Failure | undefined> {
  const definition = definitionOfKind(before.apiVersion, before.kind);
  const isTyped = definition !== undefined && !isCustomResource(definition);
  const body = isTyped ? strategicThreeWay(before, after, before) : diffPatch(before, after);
  if (isRefused(body)) return yield* fatal(session, body.refused);
  const answer = yield* call(session, {
    verb: 'patch',
    patchType: isTyped ? 'strategic' : 'merge',
    resource: info.resource,
    namespace,
    name,
    body,
    fieldManager: session.flags.text('field-manager') || 'kubectl-edit',
  });
  return answer.ok ? undefined : answer.failure;
}

/** Writes the annotation that tells what was applied last. */
export function* annotate(
  session: Session,
  { info, namespace, name }: Found,
  applied: KubeObject,
  dryRun = false,
): Step<Failure | undefined> {
  const text = `${goJson(sortKeys(applied))}\n`;
  const answer = yield* call(session, {
    verb: 'patch',
    patchType: 'merge',
    resource: info.resource,
    namespace,
    name,
    body: { metadata: { annotations: { [LAST_APPLIED]: text } } },
    ...(dryRun && { dryRun: true }),
  });
  return answer.ok ? undefined : answer.failure;
}
