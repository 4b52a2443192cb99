import { resolvePath } from '../../../machine/command.ts';
import { readFile } from '../../../machine/files.ts';
import { goQuote } from '../../../go/quote.ts';
import { isRefused } from '../../../go/refused.ts';
import { definitionOfKind } from '../../api/schema/definitions.ts';
import { sameValue, sortKeys } from '../../apimachinery/canonical-json.ts';
import { applyJsonPatch } from '../../apimachinery/json-patch.ts';
import { mergePatch } from '../../apimachinery/merge-patch.ts';
import type { KubeObject } from '../../apimachinery/object.ts';
import { strategicMergePatch } from '../../api/schema/strategic-merge.ts';
import type { Subresource } from '../../api/requests.ts';
import { dryRunOf } from '../options.ts';
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
  const type = TYPES.find((one) => one === flags.text('type').toLowerCase());
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
  const output = new Output(session, printer);
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
    yield* output.object(sortKeys(after.object) as KubeObject, said);
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
  if (/^\s*[{[]/.test(source)) {
    try {
      return JSON.parse(source) as unknown;
    } catch {
      const value = readDocument(source);
      return isRefused(value) ? yield* fatal(session, 'invalid JSON document') : value;
    }
  }
  const value = readDocument(source);
  if (!isRefused(value)) return value;
  return yield* fatal(session, `unable to parse ${goQuote(text)}: ${value.refused}`);
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
  if (type === 'merge') return { object: mergePatch(object, body) as KubeObject };
  const patched =
    type === 'json'
      ? applyJsonPatch(object, body)
      : strategicMergePatch(definitionOfKind(object.apiVersion, object.kind), object, body);
  if ('error' in patched) return yield* fatal(session, patched.error);
  return { object: patched.value as KubeObject };
}
