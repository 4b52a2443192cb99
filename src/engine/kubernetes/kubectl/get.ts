import { stringify } from 'yaml';
import type { Cell } from '../api/tables/columns.ts';
import type { ListAnswer, Table } from '../api/requests.ts';
import { typedName, type ResourceInfo } from '../api/resources.ts';
import { sortKeys } from '../apimachinery/canonical-json.ts';
import { parseSelector } from '../apimachinery/label-selector.ts';
import type { KubeObject } from '../apimachinery/object.ts';
import { changes, complain, list, print, refuse, type Session, type Step } from './session.ts';
import { targetsOf, type Target } from './targets.ts';
import { layOut, NO_LAYOUT, type Layout } from './text-table.ts';

/** `kubectl get` (staging/src/k8s.io/kubectl/pkg/cmd/get/get.go, v1.36). */
interface View {
  readonly info: ResourceInfo;
  readonly namespace: string;
  readonly wide: boolean;
  readonly allNamespaces: boolean;
  /** `pod/` before each name, when several resources are shown. */
  readonly prefixed: boolean;
}

export function* get(session: Session): Step<number> {
  const { args } = session;
  const targets = targetsOf(args.words);
  if (typeof targets === 'string') return yield* complain(session, targets);
  if (targets.length === 0) {
    return yield* complain(
      session,
      'You must specify the type of resource to get. Use "kubectl api-resources" for a complete ' +
        'list of supported resources.\n\nerror: Required resource not specified.\nUse "kubectl ' +
        'explain <resource>" for a detailed description of that resource (e.g. kubectl explain ' +
        "pods).\nSee 'kubectl get -h' for help and examples",
    );
  }
  const output = args.flags.get('output') ?? '';
  if (!['', 'wide', 'name', 'yaml', 'json'].includes(output)) {
    return yield* complain(
      session,
      `error: unable to match a printer suitable for the output format "${output}", allowed ` +
        'formats are: custom-columns,custom-columns-file,go-template,go-template-file,json,' +
        'jsonpath,jsonpath-as-json,jsonpath-file,name,template,templatefile,wide,yaml',
    );
  }
  return output === '' || output === 'wide'
    ? yield* getTables(session, targets, output === 'wide')
    : yield* getObjects(session, targets, output);
}

function* fetch(session: Session, { info, name }: Target): Step<ListAnswer | number> {
  const text = session.args.flags.get('selector');
  const labelSelector = text === undefined ? undefined : parseSelector(text);
  if (text !== undefined && !labelSelector) {
    const why = `unable to parse requirement: ${text}`;
    return yield* complain(session, `error: ${why}`);
  }
  const { resource } = info;
  const namespace = placeOf(session, info);
  const answer = yield* list(session, { resource, namespace, name, labelSelector, asTable: true });
  if (!answer.ok) return yield* refuse(session, answer.failure);
  if (name === undefined || answer.value.items.length > 0) return answer.value;
  const qualified = info.group ? `${resource}.${info.group}` : resource;
  return yield* complain(session, `Error from server (NotFound): ${qualified} "${name}" not found`);
}

function placeOf({ args, namespace }: Session, info: ResourceInfo): string {
  return !info.namespaced || args.flags.has('all-namespaces') ? '' : namespace;
}

function* getTables(session: Session, targets: readonly Target[], wide: boolean): Step<number> {
  const { args } = session;
  const allNamespaces = args.flags.has('all-namespaces');
  const prefixed = new Set(targets.map(({ info }) => info)).size > 1;
  let code = 0;
  let shown = 0;
  for (const target of targets) {
    const answer = yield* fetch(session, target);
    if (typeof answer === 'number') {
      code = answer;
      continue;
    }
    const namespace = placeOf(session, target.info);
    const view: View = { info: target.info, namespace, wide, allNamespaces, prefixed };
    if (answer.items.length === 0 && !args.flags.has('watch')) continue;
    if (shown > 0) yield* print(session, '\n');
    const header = !args.flags.has('no-headers');
    const layout = yield* show(session, view, answer.table!, header, NO_LAYOUT);
    shown += 1;
    if (args.flags.has('watch')) yield* follow(session, view, target, answer, layout);
  }
  if (shown > 0 || code !== 0) return code;
  const [first] = targets;
  const scope =
    allNamespaces || !first?.info.namespaced ? '' : ` in ${session.namespace} namespace`;
  yield* complain(session, `No resources found${scope}${scope ? '.' : ''}`);
  return 0;
}

function* show(
  session: Session,
  view: View,
  table: Table,
  header: boolean,
  layout: Layout,
): Step<Layout> {
  const chosen = table.columns.map((column) => view.wide || column.priority === 0);
  const head = table.columns.filter((_, i) => chosen[i]).map(({ name }) => name.toUpperCase());
  const labels = session.args.flags.has('show-labels');
  const rows = table.rows.map(({ cells, object }) => {
    const row = rowText(view, cells, chosen, object);
    return labels ? [...row, labelText(object)] : row;
  });
  const named = view.allNamespaces && view.info.namespaced ? ['NAMESPACE', ...head] : head;
  const titled = labels ? [...named, 'LABELS'] : named;
  const laid = layOut(header && rows.length > 0 ? [titled, ...rows] : rows, layout);
  yield* print(session, laid.text);
  return laid.layout;
}

function rowText(
  view: View,
  cells: readonly Cell[],
  chosen: readonly boolean[],
  object: KubeObject,
): string[] {
  const texts = cells.filter((_, i) => chosen[i]).map(String);
  const { name, namespace = '' } = object.metadata;
  if (view.prefixed) {
    const at = texts.indexOf(name);
    if (at === 0) texts[0] = typedName(view.info, name);
  }
  return view.allNamespaces && view.info.namespaced ? [namespace, ...texts] : texts;
}

function labelText({ metadata }: KubeObject): string {
  const labels = Object.entries(metadata.labels ?? {}).map(([key, value]) => `${key}=${value}`);
  return labels.sort((a, b) => (a < b ? -1 : 1)).join(',') || '<none>';
}

/** Prints a row for each change until it is interrupted. */
function* follow(
  session: Session,
  view: View,
  { info, name }: Target,
  start: ListAnswer,
  first: Layout,
): Step<void> {
  const text = session.args.flags.get('selector');
  const labelSelector = text === undefined ? undefined : parseSelector(text);
  let { resourceVersion } = start;
  let layout = first;
  let header = start.items.length === 0;
  const { resource } = info;
  const { namespace } = view;
  for (;;) {
    const asked = { resource, namespace, name, labelSelector, resourceVersion, asTable: true };
    const answer = yield* changes(session, asked);
    if (!answer.ok) return;
    const { events, columns } = answer.value;
    const rows = events.map(({ row = [], object }) => ({ cells: row, object }));
    layout = yield* show(session, view, { columns, rows }, header, layout);
    header = false;
    resourceVersion = answer.value.resourceVersion;
  }
}

function* getObjects(session: Session, targets: readonly Target[], output: string): Step<number> {
  const items: KubeObject[] = [];
  for (const target of targets) {
    const answer = yield* fetch(session, target);
    if (typeof answer === 'number') return answer;
    if (output === 'name') {
      const names = answer.items.map(({ metadata }) => typedName(target.info, metadata.name));
      yield* print(session, names.map((name) => `${name}\n`).join(''));
    }
    items.push(...answer.items);
  }
  if (output === 'name') return 0;
  const one = targets.length === 1 && targets[0]?.name !== undefined ? items[0] : undefined;
  const whole = one ?? { apiVersion: 'v1', items, kind: 'List', metadata: { resourceVersion: '' } };
  const sorted = sortKeys(whole);
  const text =
    output === 'json'
      ? `${JSON.stringify(sorted, undefined, 4)}\n`
      : stringify(sorted, { lineWidth: 0, indentSeq: false });
  yield* print(session, text);
  return 0;
}
