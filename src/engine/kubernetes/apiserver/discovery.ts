import { RESOURCES, type ResourceInfo } from '../api/resources.ts';
import { noSuchResource } from '../apimachinery/status.ts';
import type { HttpAnswer } from './rest.ts';
import { failureAnswer, jsonAnswer, textAnswer } from './wire.ts';

/**
 * What the server says of itself: its version, its health, and which groups, versions and resources
 * it serves (staging/src/k8s.io/apiserver/pkg/{endpoints/discovery,server/healthz},
 * staging/src/k8s.io/component-base/version, v1.36).
 *
 * Simplified: commit and build date of the version are stand-ins; no OpenAPI documents.
 */
export const SERVER_VERSION = {
  major: '1',
  minor: '36',
  emulationMajor: '1',
  emulationMinor: '36',
  minCompatibilityMajor: '1',
  minCompatibilityMinor: '35',
  gitVersion: 'v1.36.0',
  gitCommit: '0000000000000000000000000000000000000000',
  gitTreeState: 'clean',
  buildDate: '2026-04-22T00:00:00Z',
  goVersion: 'go1.26.0',
  compiler: 'gc',
  platform: 'linux/amd64',
};

const HEALTH_CHECKS: Readonly<Record<string, readonly string[]>> = {
  healthz: ['ping', 'log', 'etcd', 'poststarthook/rbac/bootstrap-roles'],
  livez: ['ping', 'log', 'etcd', 'poststarthook/rbac/bootstrap-roles'],
  readyz: [
    ...['ping', 'log', 'etcd', 'etcd-readiness', 'informer-sync'],
    ...['poststarthook/rbac/bootstrap-roles', 'shutdown'],
  ],
};

/**
 * @param path without a slash at its end
 * @param isVerbose whether health lists its checks
 * @param hasStore whether etcd answers
 */
export function documentOf(path: string, isVerbose: boolean, hasStore: boolean): HttpAnswer {
  const [, root = '', group, version] = path.split('/');
  if (HEALTH_CHECKS[root]) return healthOf(root, isVerbose, hasStore);
  switch (root) {
    case '':
      return jsonAnswer(200, { paths: allPaths() });
    case 'version':
      return {
        ...jsonAnswer(200, {}),
        body: JSON.stringify(SERVER_VERSION, undefined, 2),
      };
    case 'api':
      return group === undefined ? coreVersions() : resourcesOf('', group);
    default:
      if (group === undefined) return jsonAnswer(200, groupList());
      return version === undefined ? groupOf(group) : resourcesOf(group, version);
  }
}

function healthOf(root: string, isVerbose: boolean, hasStore: boolean): HttpAnswer {
  if (hasStore && !isVerbose) return textAnswer(200, 'ok');
  const lines = (HEALTH_CHECKS[root] ?? []).map((check) =>
    check.startsWith('etcd') && !hasStore
      ? `[-]${check} failed: reason withheld`
      : `[+]${check} ok`,
  );
  const verdict = hasStore ? `${root} check passed` : `${root} check failed`;
  return textAnswer(hasStore ? 200 : 500, `${lines.join('\n')}\n${verdict}\n`);
}

const versionsOf = ({ version, furtherVersions }: ResourceInfo): readonly string[] => [
  version,
  ...furtherVersions,
];

function coreVersions(): HttpAnswer {
  const serverAddressByClientCIDRs = [
    { clientCIDR: '0.0.0.0/0', serverAddress: '192.168.10.10:6443' },
  ];
  return jsonAnswer(200, { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs });
}

const groups = (): string[] =>
  [...new Set(RESOURCES.map(({ group }) => group))].filter((group) => group !== '');

function groupEntry(name: string): unknown {
  const served = RESOURCES.filter(({ group }) => group === name);
  const versions = [...new Set(served.flatMap(versionsOf))];
  const entry = (version: string) => ({ groupVersion: `${name}/${version}`, version });
  return {
    name,
    versions: versions.map(entry),
    preferredVersion: entry(versions[0] ?? 'v1'),
  };
}

const groupList = (): unknown => ({
  kind: 'APIGroupList',
  apiVersion: 'v1',
  groups: groups().map(groupEntry),
});

function groupOf(name: string): HttpAnswer {
  if (!groups().includes(name)) return failureAnswer(noSuchResource());
  const entry = groupEntry(name) as Record<string, unknown>;
  return jsonAnswer(200, { kind: 'APIGroup', apiVersion: 'v1', ...entry });
}

function resourcesOf(group: string, version: string): HttpAnswer {
  const served = RESOURCES.filter(
    (info) => info.group === group && versionsOf(info).includes(version),
  );
  if (served.length === 0) return failureAnswer(noSuchResource());
  return jsonAnswer(200, {
    kind: 'APIResourceList',
    ...(group && { apiVersion: 'v1' }),
    groupVersion: group ? `${group}/${version}` : version,
    resources: served.flatMap(resourceEntries),
  });
}

const SUBRESOURCE_VERBS: Readonly<Record<string, readonly string[]>> = {
  status: ['get', 'patch', 'update'],
  scale: ['get', 'patch', 'update'],
  ephemeralcontainers: ['get', 'patch', 'update'],
  resize: ['get', 'patch', 'update'],
  log: ['get'],
  binding: ['create'],
  eviction: ['create'],
  token: ['create'],
  finalize: ['update'],
  exec: ['create', 'get'],
  attach: ['create', 'get'],
  portforward: ['create', 'get'],
  proxy: ['create', 'delete', 'get', 'patch', 'update'],
};

/** The kinds of subresources that are not what they belong to. */
const SUBRESOURCE_KINDS: Readonly<Record<string, object>> = {
  scale: { group: 'autoscaling', version: 'v1', kind: 'Scale' },
  eviction: { group: 'policy', version: 'v1', kind: 'Eviction' },
  token: { group: 'authentication.k8s.io', version: 'v1', kind: 'TokenRequest' },
  binding: { kind: 'Binding' },
  exec: { kind: 'PodExecOptions' },
  attach: { kind: 'PodAttachOptions' },
  portforward: { kind: 'PodPortForwardOptions' },
};

function resourceEntries(info: ResourceInfo): unknown[] {
  const { plural, singular, namespaced, kind, verbs, shortNames, categories } = info;
  const own = {
    name: plural,
    singularName: singular,
    namespaced,
    kind,
    verbs,
    ...(shortNames.length > 0 && { shortNames }),
    ...(categories.length > 0 && { categories }),
  };
  const below = info.subresources.map((subresource) => ({
    name: `${plural}/${subresource}`,
    singularName: '',
    namespaced,
    kind,
    ...SUBRESOURCE_KINDS[subresource],
    verbs: SUBRESOURCE_VERBS[subresource] ?? ['get'],
  }));
  return [own, ...below];
}

function allPaths(): string[] {
  const versions = RESOURCES.flatMap((info) =>
    versionsOf(info).map((version) =>
      info.group ? `/apis/${info.group}/${version}` : `/api/${version}`,
    ),
  );
  const roots = ['/api', '/apis', '/healthz', '/livez', '/readyz', '/version'];
  const all = [...roots, ...groups().map((group) => `/apis/${group}`), ...versions];
  return [...new Set(all)].sort((a, b) => (a < b ? -1 : 1));
}
