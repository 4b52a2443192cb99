import { typedName } from '../api/resources.ts';
import { LAST_APPLIED } from '../api/workloads.ts';
import { canonicalJson, sameValue } from '../apimachinery/canonical-json.ts';
import { applyThreeWay, diffPatch } from '../apimachinery/merge-patch.ts';
import { without, type KubeObject } from '../apimachinery/object.ts';
import { readManifests, type Manifest } from './manifest.ts';
import { call, complain, print, refuse, type Session, type Step } from './session.ts';

/**
 * `kubectl apply`: makes what is not there; of what is there, changes what the manifest says and
 * takes away what an earlier manifest said and this one does not
 * (staging/src/k8s.io/kubectl/pkg/cmd/apply/{apply,patcher}.go, v1.36).
 */
export function* apply(session: Session): Step<number> {
  const path = session.args.flags.get('filename');
  if (path === undefined) return yield* complain(session, 'error: must specify one of -f and -k');
  let code = 0;
  const items = yield* readManifests(session, path);
  if (items.length === 0) return yield* complain(session, 'error: no objects passed to apply');
  for (const item of items) {
    const result =
      'error' in item ? yield* complain(session, item.error) : yield* applyOne(session, item);
    code = Math.max(code, result);
  }
  return code;
}

function* applyOne(session: Session, { info, object }: Manifest): Step<number> {
  const { resource } = info;
  const { name } = object.metadata;
  const namespace = info.namespaced ? (object.metadata.namespace ?? session.namespace) : '';
  const place = { resource, namespace, name };
  const wanted = withLastApplied(object, namespace);
  const found = yield* call(session, { verb: 'get', ...place });
  const said = typedName(info, name);
  if (!found.ok) {
    if (found.failure.reason !== 'NotFound') return yield* refuse(session, found.failure);
    const made = yield* call(session, { verb: 'create', resource, namespace, body: wanted });
    if (!made.ok) return yield* refuseFile(session, made.failure);
    yield* print(session, `${said} created\n`);
    return 0;
  }
  const live = found.value;
  const original = lastApplied(live);
  const merged = applyThreeWay(original, wanted, live);
  const patch = diffPatch(live, merged);
  if (Object.keys(patch).length === 0) {
    yield* print(session, `${said} unchanged\n`);
    return 0;
  }
  const patched = yield* call(session, { verb: 'patch', ...place, body: patch });
  if (!patched.ok) return yield* refuseFile(session, patched.failure);
  const same = sameValue(patched.value, live);
  yield* print(session, `${said} ${same ? 'unchanged' : 'configured'}\n`);
  return 0;
}

function refuseFile(session: Session, failure: Parameters<typeof refuse>[1]): Step<number> {
  if (failure.reason === 'Invalid') return refuse(session, failure);
  const path = session.args.flags.get('filename') ?? '';
  return refuse(session, failure, `error when creating "${path}"`);
}

/** The manifest with itself, as text, in an annotation: what the next apply compares with. */
function withLastApplied(object: KubeObject, namespace: string): KubeObject {
  const { annotations = {}, ...metadata } = object.metadata;
  const own = without(annotations, LAST_APPLIED);
  const placed = { ...metadata, ...(namespace && { namespace }), annotations: own };
  const text = canonicalJson({ ...object, metadata: placed });
  const noted = { ...own, [LAST_APPLIED]: `${text}\n` };
  return { ...object, metadata: { ...placed, annotations: noted } };
}

function lastApplied(live: KubeObject): unknown {
  const text = live.metadata.annotations?.[LAST_APPLIED];
  return text === undefined ? undefined : JSON.parse(text);
}
