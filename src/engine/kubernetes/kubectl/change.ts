import { DAY } from '../../sim/clock.ts';
import { resourceByKind, typedName } from '../api/resources.ts';
import type { Deployment } from '../api/workloads.ts';
import type { KubeObject } from '../apimachinery/object.ts';
import { parseSelector } from '../apimachinery/label-selector.ts';
import { readManifests } from './manifest.ts';
import { patchDeployment } from './rollout.ts';
import {
  call,
  changesUntil,
  complain,
  list,
  now,
  print,
  refuse,
  TIMED_OUT,
  timeLimit,
  type Session,
  type Step,
} from './session.ts';
import { oneTarget, targetsOf, type Target } from './targets.ts';

const NOTHING_NAMED =
  'error: You must provide one or more resources by argument or filename.\n' +
  "Example resource specifications include:\n   '-f rsrc.yaml'\n   '--filename=rsrc.json'\n" +
  "   '<resource> <name>'\n   '<resource>'";

/** `kubectl set image deployment/web web=registry.local:5000/web:1.1`. */
export function* set(session: Session): Step<number> {
  const [what, ...words] = session.args.words;
  if (what !== 'image') {
    const hint = "See 'kubectl set -h' for help and examples";
    return yield* complain(session, `error: unknown command "${what ?? ''}"\n${hint}`);
  }
  const pairs = words.filter((word) => word.includes('='));
  const named = words.filter((word) => !word.includes('='));
  const target = yield* oneTarget(session, named, NOTHING_NAMED);
  if (typeof target === 'number') return target;
  if (pairs.length === 0)
    return yield* complain(session, 'error: at least one image update is required');
  const { namespace } = session;
  const { info, name } = target;
  const found = yield* call(session, { verb: 'get', resource: info.resource, namespace, name });
  if (!found.ok) return yield* refuse(session, found.failure);
  const deployment = found.value as Deployment;
  const { template } = deployment.spec;
  let containers = template.spec.containers;
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    const [container, image] = [pair.slice(0, at), pair.slice(at + 1)];
    if (container !== '*' && !containers.some((one) => one.name === container)) {
      return yield* complain(session, `error: unable to find container named "${container}"`);
    }
    containers = containers.map((one) =>
      container === '*' || one.name === container ? { ...one, image } : one,
    );
  }
  const spec = { ...template.spec, containers };
  const next = { ...deployment.spec, template: { ...template, spec } };
  const code = yield* patchDeployment(session, deployment, { ...deployment, spec: next });
  if (code === 0) yield* print(session, `${typedName(info, name)} image updated\n`);
  return code;
}

/** `kubectl scale deployment/web --replicas=5`. */
export function* scale(session: Session): Step<number> {
  const replicas = session.args.flags.get('replicas');
  if (replicas === undefined) {
    return yield* complain(session, 'error: required flag(s) "replicas" not set');
  }
  if (!/^[+-]?\d+$/.test(replicas)) {
    const why = `strconv.ParseInt: parsing ${JSON.stringify(replicas)}: invalid syntax`;
    return yield* complain(
      session,
      `error: invalid argument ${JSON.stringify(replicas)} for "--replicas" flag: ${why}\n` +
        "See 'kubectl scale --help' for usage.",
    );
  }
  const need =
    'error: one or more resources must be specified as <resource> <name> or <resource>/<name>';
  const target = yield* oneTarget(session, session.args.words, need);
  if (typeof target === 'number') return target;
  const { info, name } = target;
  const { namespace } = session;
  const body = { spec: { replicas: Number(replicas) } };
  const patched = yield* call(session, {
    verb: 'patch',
    resource: info.resource,
    namespace,
    name,
    body,
  });
  if (!patched.ok) return yield* refuse(session, patched.failure);
  yield* print(session, `${typedName(info, name)} scaled\n`);
  return 0;
}

/** `kubectl delete` without `--timeout` waits this long at most (cmd/delete/delete.go). */
const A_WEEK_MS = 7 * DAY;

/** `kubectl delete`: asks, says so, and waits until what was deleted is gone. */
export function* remove(session: Session): Step<number> {
  const path = session.args.flags.get('filename');
  const targets = path === undefined ? yield* named(session) : yield* fromFile(session, path);
  if (typeof targets === 'number') return targets;
  const limit = timeLimit(session);
  if (typeof limit === 'string') return yield* complain(session, limit);
  let code = 0;
  const gone: [Target, KubeObject][] = [];
  for (const target of targets) {
    const { info, name = '' } = target;
    const namespace = info.namespaced ? session.namespace : '';
    const grace = session.args.flags.get('grace-period');
    const asked = { verb: 'delete', resource: info.resource, namespace, name } as const;
    const answer = yield* call(session, {
      ...asked,
      ...(grace !== undefined && { gracePeriodSeconds: Number(grace) }),
    });
    if (!answer.ok) {
      code = yield* refuse(session, answer.failure);
      continue;
    }
    const kind = info.group ? `${info.singular}.${info.group}` : info.singular;
    const where = namespace ? ` from ${namespace} namespace` : '';
    yield* print(session, `${kind} "${name}" deleted${where}\n`);
    gone.push([target, answer.value]);
  }
  if (session.args.flags.get('wait') === 'false') return code;
  const endMs = (yield* now()) + (limit || A_WEEK_MS);
  for (const [target, object] of gone) {
    code = Math.max(code, yield* waitUntilGone(session, target, object, endMs));
  }
  return code;
}

function* named(session: Session): Step<Target[] | number> {
  const targets = targetsOf(session.args.words);
  if (typeof targets === 'string') return yield* complain(session, targets);
  if (targets.length === 0) return yield* complain(session, NOTHING_NAMED);
  const selector = session.args.flags.get('selector');
  const all = session.args.flags.has('all');
  const chosen: Target[] = [];
  for (const target of targets) {
    if (target.name !== undefined) {
      chosen.push(target);
      continue;
    }
    if (!all && selector === undefined) {
      return yield* complain(
        session,
        'error: resource(s) were provided, but no name was specified',
      );
    }
    const { resource } = target.info;
    const { namespace } = session;
    const labelSelector = selector === undefined ? undefined : parseSelector(selector);
    const answer = yield* list(session, { resource, namespace, labelSelector });
    if (!answer.ok) return yield* refuse(session, answer.failure);
    const found = answer.value.items.map(({ metadata }) => ({ ...target, name: metadata.name }));
    chosen.push(...found);
  }
  if (chosen.length === 0) yield* complain(session, 'No resources found');
  return chosen;
}

function* fromFile(session: Session, path: string): Step<Target[] | number> {
  const targets: Target[] = [];
  for (const item of yield* readManifests(session, path)) {
    if ('error' in item) return yield* complain(session, item.error);
    const info = resourceByKind(item.object.apiVersion, item.object.kind);
    if (info) targets.push({ info, name: item.object.metadata.name });
  }
  return targets;
}

function* waitUntilGone(
  session: Session,
  { info, name = '' }: Target,
  { metadata }: KubeObject,
  endMs: number,
): Step<number> {
  const { resource } = info;
  const namespace = info.namespaced ? session.namespace : '';
  for (;;) {
    const found = yield* call(session, { verb: 'get', resource, namespace, name });
    if (!found.ok || found.value.metadata.uid !== metadata.uid) return 0;
    const { resourceVersion } = found.value.metadata;
    const asked = { resource, namespace, name, resourceVersion };
    if (yield* changesUntil(session, asked, endMs)) continue;
    return yield* complain(session, `error: ${TIMED_OUT} on ${resource}/${name}`);
  }
}
