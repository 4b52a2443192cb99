import { resolvePath } from '../../../machine/command.ts';
import { readFile } from '../../../machine/files.ts';
import { goQuote } from '../../../go/quote.ts';
import { parseJson } from '../../../go/json.ts';
import { isRefused } from '../../../go/refused.ts';
import { resourceByKind } from '../../api/resources.ts';
import { definitionOfKind } from '../../api/schema/definitions.ts';
import { sameValue, sortKeys } from '../../apimachinery/canonical-json.ts';
import { applyJsonPatch } from '../../apimachinery/json-patch.ts';
import { mergePatch } from '../../apimachinery/merge-patch.ts';
import type { KubeObject } from '../../apimachinery/object.ts';
import { strategicMergePatch } from '../../api/schema/strategic-merge.ts';
import type { Subresource } from '../../api/requests.ts';
import { dryRunOf, LOCAL_IS_NO_SERVER } from '../options.ts';
import { choosePrinter, Output } from '../printers/printer.ts';
import { refused, type Problem } from '../problems.ts';
import { call, check, fatal, type Session, type Step } from '../session.ts';
import { gather, type Found } from '../targets.ts';
import { readDocument } from '../yaml/document.ts';

/** `kubectl patch` (staging/src/k8s.io/kubectl/pkg/cmd/patch/patch.go, v1.36). */
type PatchType = 'json' | 'merge' | 'strategic';
const TYPES: readonly PatchType[] = ['json', 'merge', 'strategic'];

export function* patch(session: Session): Step<number> {
  const { flags } = session;
  const dryRun = yield* dryRunOf(session);
  const printer = yield* choosePrinter(session);
  const [text, file] = [flags.text('patch'), flags.text('patch-file')];
  if (text !== '' && file !== '') {
    yield* fatal(session, 'cannot specify --patch and --patch-file together');
  }
  if (text === '' && file === '') {
    const must = 'must specify --patch or --patch-file containing the contents of the patch';
    yield* fatal(session, must);
  }
  const local = flags.has('local');
  if (local && session.words.length > 0) {
    yield* fatal(session, 'cannot specify --local and server resources');
  }
  if (local && dryRun === 'server') yield* fatal(session, LOCAL_IS_NO_SERVER);
  const type = TYPES.find((one) => one === (flags.text('type') || 'strategic').toLowerCase());
  if (!type) {
    const allowed = `[${TYPES.join(' ')}]`;
    return yield* fatal(
      session,
      `--type must be one of ${allowed}, not ${goQuote(flags.text('type'))}`,
    );
  }
  const body = yield* patchOf(session, text, file);
  const { found, problems } = yield* gather(session, { local, fetch: !local });
  const failures: Problem[] = [...problems];
  for (const one of found) {
    const before = one.object!;
    const after =
      local || dryRun === 'client'
        ? yield* patchLocally(session, before, type, body)
        : yield* patchOnServer(session, one, type, body, dryRun === 'server');
    if ('problem' in after) {
      failures.push(after.problem);
      continue;
    }
    const said = sameValue(before, after.object) ? 'patched (no change)' : 'patched';
    // It does not say that it was a dry run: the words for it are replaced by `patched`.
    // Every object has a printer of its own, so that no `---` parts them.
    yield* new Output(session, printer).object(sortKeys(after.object) as KubeObject, said);
  }
  yield* check(session, failures);
  return 0;
}

function* patchOf(session: Session, text: string, path: string): Step<unknown> {
  let source = text;
  if (path !== '') {
    const file = yield* readFile(session.line.machine, resolvePath(session.line.cwd, path));
    if (!file) {
      const why = `open ${path}: no such file or directory`;
      return yield* fatal(session, `unable to read patch file: ${why}`);
    }
    source = file.content;
  }
  if (/^\s*\{/.test(source)) {
    const read = parseJson(source);
    return 'refused' in read ? new BrokenJson(read.refused) : read.value;
  }
  const value = readDocument(source);
  if (!isRefused(value)) return value;
  return yield* fatal(session, `unable to parse ${goQuote(text)}: ${value.refused}`);
}

/** What begins like JSON is sent as it is: who reads it says what is wrong. */
class BrokenJson {
  readonly why: string;

  constructor(why: string) {
    this.why = why;
  }
}

type Patched = { readonly object: KubeObject } | { readonly problem: Problem };

function* patchOnServer(
  session: Session,
  { info, namespace, name }: Found,
  patchType: PatchType,
  body: unknown,
  isDryRun: boolean,
): Step<Patched> {
  const subresource = session.flags.text('subresource') as Subresource | '';
  if (body instanceof BrokenJson) {
    const message = patchType === 'strategic' ? body.why : `error decoding patch: ${body.why}`;
    return { problem: refused({ code: 400, reason: 'BadRequest', message }) };
  }
  const answer = yield* call(session, {
    verb: 'patch',
    patchType,
    resource: info.resource,
    namespace,
    name,
    body,
    fieldManager: session.flags.text('field-manager'),
    ...(subresource !== '' && { subresource }),
    ...(isDryRun && { dryRun: true }),
  });
  return answer.ok ? { object: answer.value } : { problem: refused(answer.failure) };
}

export function* patchLocally(
  session: Session,
  object: KubeObject,
  type: PatchType,
  body: unknown,
): Step<{ readonly object: KubeObject }> {
  const broken = body instanceof BrokenJson ? body.why : undefined;
  if (type === 'merge') {
    const isPatch = typeof body === 'object' && body !== null && broken === undefined;
    if (!isPatch) return yield* fatal(session, 'Invalid JSON Patch');
    const merged = mergePatch(object, body);
    return {
      object: Array.isArray(merged) ? yield* fatal(session, NO_OBJECT) : (merged as KubeObject),
    };
  }
  if (type === 'json') {
    if (broken !== undefined) return yield* fatal(session, broken);
    const patched = applyJsonPatch(object, body);
    if (!('error' in patched)) return { object: patched.value as KubeObject };
    const [, key] = patched.error.split('doc is missing key: ');
    const why =
      key === undefined ? patched.error : `Object to be patched is missing field (${key})`;
    return yield* fatal(session, why);
  }
  if (!resourceByKind(object.apiVersion, object.kind)) {
    const [group, version = ''] = object.apiVersion.includes('/')
      ? object.apiVersion.split('/')
      : ['', object.apiVersion];
    const what = `${group}/${version}, Kind=${object.kind}`;
    const why = `strategic merge patch is not supported for ${what} locally, try --type merge`;
    return yield* fatal(session, why);
  }
  if (body === null) return { object };
  if (broken !== undefined) return yield* fatal(session, 'invalid JSON document');
  const definition = definitionOfKind(object.apiVersion, object.kind);
  const patched = strategicMergePatch(definition, object, body);
  if ('error' in patched) return yield* fatal(session, patched.error);
  return { object: patched.value as KubeObject };
}

const NO_OBJECT = 'json: cannot unmarshal array into Go value of type unstructured.detector';
