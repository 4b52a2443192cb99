import { choosePrinter } from '../printers/printer.ts';
import { ask } from '../../../sim/process.ts';
import { apiVersionOf, apiVersions, RESOURCES, type ResourceInfo } from '../../api/resources.ts';
import type { Service } from '../../api/cluster-objects.ts';
import { goJson } from '../printers/go-json.ts';
import {
  connect,
  dieWith,
  fail,
  fatal,
  list,
  misused,
  print,
  type Session,
  type Step,
  checkConfiguration,
  unreachable,
} from '../session.ts';
import { layOut } from '../text-table.ts';
import { writeYaml } from '../yaml/emit.ts';
import { writeKyaml } from '../yaml/kyaml.ts';
import { EXPLAIN_SERVICE, type ExplainRequest } from '../explain/explain-request.ts';
import type { Explanation } from '../explain/explain.ts';

/** What the server has (kubectl/pkg/cmd/{apiresources,clusterinfo,version,explain}, v1.36). */
const VERSION = 'v1.36.0';
const KUSTOMIZE_VERSION = 'v5.8.1';
const LONG = {
  major: '1',
  minor: '36',
  gitVersion: VERSION,
  gitTreeState: 'clean',
  compiler: 'gc',
  platform: 'linux/amd64',
};

export function* apiResources(session: Session): Step<number> {
  const { flags, words } = session;
  const output = flags.text('output');
  if (words.length > 0) yield* misused(session, `unexpected arguments: [${words.join(' ')}]`);
  const formats = ['', 'wide', 'name', 'json', 'yaml', 'kyaml'];
  if (!formats.includes(output)) {
    const allowed = 'json,kyaml,name,wide,yaml';
    const why = `unable to match a printer suitable for the output format "${output}"`;
    yield* fatal(session, `${why}, allowed formats are: ${allowed}`);
  }
  const sort = flags.text('sort-by');
  if (!['', 'name', 'kind'].includes(sort)) {
    yield* fatal(session, '--sort-by accepts only name or kind');
  }
  const wide = output === 'wide';
  const header = ['NAME', 'SHORTNAMES', 'APIVERSION', 'NAMESPACED', 'KIND'];
  if (wide) header.push('VERBS', 'CATEGORIES');
  if ((output === '' || wide) && (yield* unreachable(session)) !== undefined) {
    // Of what it knows of before, nothing, the table is printed all the same.
    yield* print(session, layOut(flags.has('no-headers') ? [] : [header]).text);
  }
  yield* connect(session);
  const chosen = RESOURCES.filter((info) => isChosen(session, info));
  const key = ({ plural, kind }: ResourceInfo): string => (sort === 'kind' ? kind : plural);
  const sorted =
    sort === ''
      ? [...chosen].sort((a, b) => compare(a.group, b.group) || compare(a.plural, b.plural))
      : [...chosen].sort((a, b) => compare(key(a), key(b)));
  if (output === 'name') {
    const names = sorted.map(({ plural, group }) => `${plural}${group ? `.${group}` : ''}\n`);
    yield* print(session, names.join(''));
    return 0;
  }
  if (output === 'json' || output === 'yaml' || output === 'kyaml') {
    const resources = sorted.map((info) => resourceObject(info));
    const value = { kind: 'APIResourceList', apiVersion: 'v1', groupVersion: '', resources };
    const yaml = output === 'kyaml' ? writeKyaml(value) : writeYaml(value);
    yield* print(session, output === 'json' ? `${goJson(value, 4)}\n` : yaml);
    return 0;
  }
  const rows = sorted.map((info) => [
    info.plural,
    info.shortNames.join(','),
    apiVersionOf(info),
    String(info.namespaced),
    info.kind,
    ...(wide ? [info.verbs.join(','), info.categories.join(',')] : []),
  ]);
  yield* print(session, layOut(flags.has('no-headers') ? rows : [header, ...rows]).text);
  return 0;
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function isChosen({ flags }: Session, info: ResourceInfo): boolean {
  const verbs: readonly string[] = info.verbs;
  if (flags.changed('api-group') && flags.text('api-group') !== info.group) return false;
  if (flags.changed('namespaced') && flags.has('namespaced') !== info.namespaced) return false;
  if (!flags.all('verbs').every((verb) => verbs.includes(verb))) return false;
  return flags.all('categories').every((one) => info.categories.includes(one));
}

const resourceObject = (info: ResourceInfo): unknown => ({
  name: info.plural,
  singularName: info.singular,
  namespaced: info.namespaced,
  group: info.group || undefined,
  version: info.version,
  kind: info.kind,
  verbs: info.verbs,
  shortNames: info.shortNames.length > 0 ? info.shortNames : undefined,
  categories: info.categories.length > 0 ? info.categories : undefined,
});

export function* listApiVersions(session: Session): Step<number> {
  const { words } = session;
  if (words.length > 0) yield* misused(session, `unexpected arguments: [${words.join(' ')}]`);
  const gone = yield* unreachable(session);
  if (gone !== undefined) {
    const get = `Get "${session.configuration.server}/api?timeout=32s": ${gone}`;
    yield* fatal(session, `couldn't get available api versions from server: ${get}`);
  }
  yield* connect(session);
  yield* print(
    session,
    apiVersions()
      .map((one) => `${one}\n`)
      .join(''),
  );
  return 0;
}

export function* version(session: Session): Step<number> {
  const { flags, words } = session;
  if (words.length > 0) yield* fatal(session, `extra arguments: [${words.join(' ')}]`);
  const output = flags.text('output');
  if (!['', 'yaml', 'json'].includes(output)) {
    yield* fatal(session, "--output must be 'yaml' or 'json'");
  }
  const client = flags.has('client');
  const whole = {
    clientVersion: LONG,
    kustomizeVersion: KUSTOMIZE_VERSION,
    ...(!client && { serverVersion: LONG }),
  };
  const own = `Client Version: ${VERSION}\nKustomize Version: ${KUSTOMIZE_VERSION}\n`;
  if (client) {
    yield* print(session, output === '' ? own : formatted(whole, output));
    return 0;
  }
  if (output === '') yield* print(session, own);
  yield* connect(session);
  yield* print(session, output === '' ? `Server Version: ${VERSION}\n` : formatted(whole, output));
  return 0;
}

const formatted = (value: unknown, output: string): string =>
  output === 'json' ? `${goJson(value, 2)}\n` : `${writeYaml(value)}\n`;

export function* clusterInfo(session: Session): Step<number> {
  const { server } = session.configuration;
  const hint =
    "\nTo further debug and diagnose cluster problems, use 'kubectl cluster-info dump'.\n";
  yield* checkConfiguration(session);
  if ((yield* unreachable(session)) !== undefined) yield* print(session, hint);
  const labelSelector = { matchLabels: { 'kubernetes.io/cluster-service': 'true' } };
  const answer = yield* list(session, {
    resource: 'services',
    namespace: 'kube-system',
    labelSelector,
  });
  if (!answer.ok) {
    yield* print(session, hint);
    return yield* fail(session, answer.failure);
  }
  yield* print(session, `Kubernetes control plane is running at ${server}\n`);
  for (const { metadata, spec } of answer.value.items as readonly Service[]) {
    const [port] = spec.ports ?? [];
    const suffix = port?.name ? `:${port.name}` : '';
    const path = `/api/v1/namespaces/${metadata.namespace}/services/${metadata.name}${suffix}/proxy`;
    const name = metadata.labels?.['kubernetes.io/name'] ?? metadata.name;
    yield* print(session, `${name} is running at ${server}${path}\n`);
  }
  yield* print(session, hint);
  return 0;
}

export function* explain(session: Session): Step<number> {
  const { flags, words } = session;
  const all = 'Use "kubectl api-resources" for a complete list of supported resources.';
  if (words.length === 0) {
    yield* fatal(session, `You must specify the type of resource to explain. ${all}`);
  }
  if (words.length > 1) yield* fatal(session, 'We accept only this format: explain RESOURCE');
  yield* connect(session);
  const apiVersion = flags.text('api-version');
  const options = { recursive: flags.has('recursive'), ...(apiVersion !== '' && { apiVersion }) };
  const asked: ExplainRequest = { request: words[0] ?? '', options };
  const { stdout, error } = yield* ask<Explanation>(EXPLAIN_SERVICE, asked);
  yield* print(session, stdout);
  // An unknown resource is told as the REST mapper does, without the word in front.
  if (error?.startsWith('the server')) yield* dieWith(session, error);
  if (error !== undefined) yield* fatal(session, error);
  return 0;
}

/** Simplified: nothing is written down; its words are looked at. */
export function* clusterInfoDump(session: Session): Step<number> {
  yield* choosePrinter(session);
  yield* connect(session);
  return yield* fatal(session, 'kubectl cluster-info dump is not modelled here');
}
