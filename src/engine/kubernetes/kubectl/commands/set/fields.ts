import { goQuote } from '../../../../go/quote.ts';
import type { KubeObject } from '../../../apimachinery/object.ts';
import { LOCAL_IS_NO_SERVER } from '../../options.ts';
import { problem, type Problem } from '../../problems.ts';
import { check, fatal, type Session, type Step } from '../../session.ts';
import { NOTHING_NAMED } from '../../targets.ts';
import { readLabelSelector, readResourceList, type Amounts } from '../create/workloads.ts';
import { splitPairs } from '../marks.ts';
import {
  ALL_AND_SELECTOR,
  allAndSelector,
  chooses,
  edit,
  forEach,
  misfit,
  noPods,
  withPodSpec,
  type Plain,
} from './pod-templates.ts';

/** `kubectl set image|resources|…` (staging/src/k8s.io/kubectl/pkg/cmd/set, v1.36). */
const nothingNamed = ({ flags }: Session, words: readonly string[]): boolean =>
  words.length === 0 && flags.all('filename').length === 0 && flags.text('kustomize') === '';

export function* setImage(session: Session): Step<number> {
  const { resources, pairs } = yield* splitPairs(session, session.words, 'image');
  if (nothingNamed(session, resources)) yield* fatal(session, NOTHING_NAMED);
  const images = new Map(
    pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
  );
  return yield* edit(session, {
    said: 'image updated',
    prefix: 'failed to patch image update to pod template: ',
    words: resources,
    *validate(dryRun) {
      const refusals: readonly (readonly [boolean, string])[] = [
        [allAndSelector(session), ALL_AND_SELECTOR],
        [images.size === 0, 'at least one image update is required'],
        [
          images.size > 1 && images.has('*'),
          'all containers are already specified by *, but saw more than one container_name=container_image pairs',
        ],
        [session.flags.has('local') && dryRun === 'server', LOCAL_IS_NO_SERVER],
      ];
      const whys = refusals.filter(([holds]) => holds).map(([, why]) => why);
      if (whys.length > 0) yield* check(session, whys.map(problem));
    },
    change: (object, one) => {
      const missing: Problem[] = [];
      const changed = withPodSpec(object, (spec) => {
        const names = [...(spec.initContainers ?? []), ...(spec.containers ?? [])].map(
          (c) => c.name,
        );
        for (const name of images.keys()) {
          if (name === '*' || names.includes(name)) continue;
          missing.push(problem(`error: unable to find container named ${goQuote(name)}`));
        }
        return forEach(spec, (container) => {
          const image = images.get('*') ?? images.get(container.name);
          if (image === undefined) return container;
          return { ...container, image: image === '' ? (undefined as unknown as string) : image };
        });
      });
      return changed ? { changed, problems: missing } : noPods(session, one);
    },
  });
}

export function* setResources(session: Session): Step<number> {
  const { flags, words } = session;
  if (nothingNamed(session, words)) yield* fatal(session, NOTHING_NAMED);
  let limits: Amounts | undefined;
  let requests: Amounts | undefined;
  const wanted = chooses(session);
  const merged = (old: Amounts | undefined, next: Amounts | undefined): Amounts | undefined =>
    next ? { ...old, ...next } : old;
  return yield* edit(session, {
    said: 'resource requirements updated',
    prefix: 'failed to patch resources update to pod template ',
    words,
    *validate(dryRun) {
      const must =
        'you must specify an update to requests or limits (in the form of --requests/--limits)';
      const refusals: readonly (readonly [boolean, string])[] = [
        [flags.has('local') && dryRun === 'server', LOCAL_IS_NO_SERVER],
        [allAndSelector(session), ALL_AND_SELECTOR],
        [flags.text('limits') === '' && flags.text('requests') === '', must],
      ];
      for (const [holds, why] of refusals) if (holds) yield* fatal(session, why);
      limits = yield* readResourceList(session, flags.text('limits'));
      requests = yield* readResourceList(session, flags.text('requests'));
    },
    change: (object, one) => {
      let count = 0;
      const changed = withPodSpec(object, (spec) =>
        forEach(spec, (container) => {
          if (!wanted(container)) return container;
          count += 1;
          const { resources } = container as { resources?: Record<string, Amounts> };
          const next = {
            ...resources,
            limits: merged(resources?.limits, limits),
            requests: merged(resources?.requests, requests),
          };
          return { ...container, resources: next };
        }),
      );
      if (!changed) return noPods(session, one);
      const pattern = flags.text('containers');
      return count > 0 ? changed : [problem(`error: unable to find container named ${pattern}`)];
    },
  });
}

export function* setServiceAccount(session: Session): Step<number> {
  const { words } = session;
  if (words.length === 0) yield* fatal(session, 'serviceaccount is required');
  const serviceAccountName = words.at(-1) ?? '';
  return yield* edit(session, {
    said: 'serviceaccount updated',
    prefix: 'failed to patch ServiceAccountName ',
    words: words.slice(0, -1),
    change: (object, one) =>
      withPodSpec(object, (spec) => ({ ...spec, serviceAccountName })) ?? noPods(session, one),
  });
}

export function* setSelector(session: Session): Step<number> {
  const { words, flags } = session;
  const text = words.at(-1);
  const selector = text === undefined ? undefined : yield* readLabelSelector(session, text);
  if (!selector) return yield* fatal(session, 'one selector is required');
  const version = flags.text('resource-version');
  return yield* edit(session, {
    said: 'selector updated',
    words: words.slice(0, -1),
    always: true,
    change: (object) => {
      const { spec } = object as KubeObject & { spec?: Plain };
      if (object.kind !== 'Service') {
        return [problem('setting a selector is only supported for Services')];
      }
      const { matchLabels = {}, matchExpressions = [] } = selector as {
        matchLabels?: Plain;
        matchExpressions?: readonly { key: string; operator: string; values?: string[] }[];
      };
      if (matchExpressions.length > 0) {
        const list = matchExpressions.map(
          ({ key, operator, values = [] }) => `{${key} ${operator} [${values.join(' ')}]}`,
        );
        const why = `match expression [${list.join(' ')}] not supported on this object`;
        return [problem(why)];
      }
      const { metadata } = object;
      return {
        ...object,
        metadata: version === '' ? metadata : { ...metadata, resourceVersion: version },
        spec: { ...spec, selector: matchLabels },
      } as KubeObject;
    },
  });
}

export function* setSubject(session: Session): Step<number> {
  const { flags, words } = session;
  if (nothingNamed(session, words)) yield* fatal(session, NOTHING_NAMED);
  let subjects: readonly Plain[] = [];
  return yield* edit(session, {
    said: 'subjects updated',
    prefix: 'failed to patch subjects to rolebinding: ',
    words,
    *validate(dryRun, found) {
      const accounts = flags.all('serviceaccount').map((one) => one.split(':'));
      const form = 'serviceaccount must be <namespace>:<name>';
      const given = ['user', 'group', 'serviceaccount'].flatMap((name) => flags.all(name));
      const everywhere = found.some(({ info }) => info.kind === 'ClusterRoleBinding');
      const refusals: readonly (readonly [boolean, string])[] = [
        [flags.has('local') && dryRun === 'server', LOCAL_IS_NO_SERVER],
        [allAndSelector(session), ALL_AND_SELECTOR],
        [
          given.length === 0,
          'you must specify at least one value of user, group or serviceaccount',
        ],
        [accounts.some((parts) => parts.length !== 2 || parts[1] === ''), form],
        [
          everywhere && accounts.some(([place]) => place === ''),
          `${form}, namespace must be specified`,
        ],
      ];
      for (const [holds, why] of refusals) if (holds) yield* fatal(session, why);
      subjects = namedSubjects(session);
    },
    change: (object, one) => {
      if (object.kind !== 'RoleBinding' && object.kind !== 'ClusterRoleBinding') {
        const why = 'setting subjects is only supported for RoleBinding/ClusterRoleBinding';
        return misfit(session, one, why);
      }
      const { subjects: old = [] } = object as KubeObject & { subjects?: readonly Plain[] };
      const same = (a: Plain, b: Plain): boolean =>
        a.kind === b.kind && a.name === b.name && a.namespace === b.namespace;
      const added = subjects.filter((one) => !old.some((before) => same(one, before)));
      return { ...object, subjects: [...old, ...added] } as KubeObject;
    },
  });
}

/** Whom the flags name, in order and each once. */
function namedSubjects({ flags, namespace }: Session): Plain[] {
  const apiGroup = 'rbac.authorization.k8s.io';
  const named = (kind: string, flag: string): Plain[] =>
    [...new Set(flags.all(flag))].sort().map((name) => ({ kind, apiGroup, name }));
  const accounts = [...new Set(flags.all('serviceaccount'))].sort().map((account) => {
    const [place, name] = account.split(':');
    return { kind: 'ServiceAccount', name, namespace: place || namespace };
  });
  return [...named('User', 'user'), ...named('Group', 'group'), ...accounts];
}
