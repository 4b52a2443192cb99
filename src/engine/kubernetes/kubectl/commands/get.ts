import { isRefused } from '../../../go/refused.ts';
import { readFile } from '../../../machine/files.ts';
import { resolvePath } from '../../../machine/command.ts';
import type { ListAnswer, Table, WatchEvent } from '../../api/requests.ts';
import type { ResourceInfo } from '../../api/resources.ts';
import { sortKeys } from '../../apimachinery/canonical-json.ts';
import type { LabelSelector } from '../../apimachinery/label-selector.ts';
import type { KubeObject } from '../../apimachinery/object.ts';
import type { FieldRequirement, Subresource } from '../../api/requests.ts';
import { readManifests } from '../manifest.ts';
import {
  columnsFromFile,
  columnsFromSpec,
  customRow,
  type CustomColumn,
} from '../printers/custom-columns.ts';
import {
  choosePrinter,
  Output,
  withoutManagedFields,
  wordOf,
  type Printer,
} from '../printers/printer.ts';
import { sortBy } from '../printers/sort-by.ts';
import { TableText, viewOf } from '../printers/table.ts';
import { fileErrors, type Problem } from '../problems.ts';
import {
  changes,
  check,
  complain,
  dieWith,
  fatal,
  fail,
  print,
  printError,
  request,
  type Session,
  type Step,
} from '../session.ts';
import {
  checkKustomize,
  checkSelected,
  fieldSelectorOf,
  labelSelectorOf,
  notGot,
  notListed,
  otherNamespace,
  targetsIn,
  type Target,
} from '../targets.ts';
import { layOut, NO_LAYOUT, type Layout } from '../text-table.ts';
import { getRaw } from './raw.ts';

/** `kubectl get` (staging/src/k8s.io/kubectl/pkg/cmd/get/get.go, v1.36). */
interface Query {
  readonly labelSelector?: LabelSelector;
  readonly fieldSelector?: readonly FieldRequirement[];
  readonly subresource?: Subresource;
  readonly everywhere: boolean;
}

/** One object with its row, and what it is an object of. */
interface Item {
  readonly info: ResourceInfo;
  readonly object: KubeObject;
  readonly table: Table;
}

interface Answer {
  readonly target: Target;
  readonly list: ListAnswer;
}

const OWN_FORMATS = ['custom-columns', 'custom-columns-file', 'wide'];

export function* get(session: Session): Step<number> {
  const { flags, words } = session;
  if (flags.text('raw') !== '') return yield* getRaw(session);
  const labels = flags.has('show-labels') && !['', 'wide'].includes(flags.text('output'));
  if (labels) {
    const format = flags.text('output');
    yield* fatal(session, `--show-labels option cannot be used with ${format} printer`);
  }
  const watching = flags.has('watch') || flags.has('watch-only');
  if (flags.has('output-watch-events') && !watching) {
    const why = '--output-watch-events option can only be used with --watch or --watch-only';
    yield* fatal(session, why);
  }
  yield* checkKustomize(session);
  if (words.length === 0 && flags.all('filename').length === 0) yield* nothingNamed(session);
  const targets = yield* targetsOfGet(session);
  const query = yield* queryOf(session);
  if (watching) {
    if (flags.text('sort-by') !== '') {
      const ignored = '--sort-by will be ignored for watch events received';
      yield* printError(session, `warning: --watch requested, ${ignored}\n`);
    }
    return yield* watch(session, targets, query);
  }
  const problems: Problem[] = [];
  const answers: Answer[] = [];
  for (const target of targets) {
    const answer = yield* fetch(session, target, query);
    if ('list' in answer) answers.push(answer);
    else if (answer.problem) problems.push(answer.problem);
  }
  if (isTable(session)) yield* printTables(session, answers, targets, problems);
  else {
    if (isSingle(targets)) yield* check(session, problems);
    yield* printObjects(session, answers, targets);
  }
  yield* check(session, problems);
  return 0;
}

/** Formats of the command itself, for which the server lays the table out. */
function isTable({ flags }: Session): boolean {
  const output = flags.text('output');
  return output === 'wide' || (output === '' && flags.text('template') === '');
}

const isSingle = ([target, ...more]: readonly Target[]): boolean =>
  target?.name !== undefined && more.length === 0;

/** How objects are printed: found wrong only when there is something to print. */
function* formOf(session: Session): Step<Form> {
  const printer = yield* choosePrinter(session, OWN_FORMATS);
  return { printer, columns: yield* customColumns(session, printer) };
}

function* nothingNamed(session: Session): Step<never> {
  return yield* dieWith(
    session,
    'You must specify the type of resource to get. Use "kubectl api-resources" for a complete ' +
      'list of supported resources.\n\nerror: Required resource not specified.\nUse "kubectl ' +
      'explain <resource>" for a detailed description of that resource (e.g. kubectl explain ' +
      "pods).\nSee 'kubectl get -h' for help and examples",
  );
}

function* customColumns(session: Session, printer: Printer): Step<CustomColumn[] | undefined> {
  if (printer.kind !== 'other') return undefined;
  const { line, flags } = session;
  const [name = '', ...rest] = printer.format.split('=');
  if (!name.startsWith('custom-columns')) return undefined;
  const given = rest.length > 0 ? rest.join('=') : flags.text('template');
  let columns = columnsFromSpec(given);
  if (name === 'custom-columns-file') {
    const file = yield* readFile(line.machine, resolvePath(line.cwd, given));
    if (!file) {
      const why = `open ${given}: no such file or directory`;
      return yield* fatal(session, `error reading template ${given}, ${why}\n`);
    }
    columns = columnsFromFile(file.content);
  }
  return isRefused(columns) ? yield* fatal(session, columns.refused) : columns;
}

function* targetsOfGet(session: Session): Step<Target[]> {
  const files = session.flags.all('filename');
  if (files.length === 0) {
    const bySelector =
      session.flags.text('selector') !== '' || session.flags.text('field-selector') !== '';
    if (bySelector) yield* checkSelected(session, session.words);
    if (session.flags.text('subresource') !== '') yield* checkSingle(session);
    return yield* targetsIn(session, session.words);
  }
  const targets: Target[] = [];
  const problems: Problem[] = [];
  for (const item of yield* readManifests(session, files)) {
    if ('problem' in item) {
      problems.push(item.problem);
      continue;
    }
    const elsewhere = otherNamespace(session, item);
    if (elsewhere) yield* check(session, [elsewhere]);
    const { name, namespace } = item.object.metadata;
    targets.push({ info: item.info, name, ...(namespace && { namespace }) });
  }
  if (problems.length > 0) yield* dieWith(session, fileErrors(problems));
  return targets;
}

/** `--subresource` is of one object. */
function* checkSingle(session: Session): Step<void> {
  const { words } = session;
  if (words.some((word) => word.includes('/')) || words.length > 1) return;
  yield* fatal(session, 'subresource cannot be used when bulk resources are specified');
}

function* queryOf(session: Session): Step<Query> {
  const labelSelector = yield* labelSelectorOf(session);
  const fieldSelector = yield* fieldSelectorOf(session);
  const subresource = session.flags.text('subresource');
  return {
    ...(labelSelector && { labelSelector }),
    ...(fieldSelector && { fieldSelector }),
    ...(subresource !== '' && { subresource: subresource as Subresource }),
    everywhere: session.flags.has('all-namespaces'),
  };
}

const placeOf = (session: Session, { info, namespace }: Target, everywhere: boolean): string =>
  !info.namespaced || everywhere ? '' : (namespace ?? session.namespace);

function* fetch(
  session: Session,
  target: Target,
  { labelSelector, fieldSelector, everywhere, subresource }: Query,
): Step<Answer | { problem?: Problem }> {
  const { info, name } = target;
  const { resource } = info;
  if (name !== undefined && everywhere && info.namespaced) {
    yield* fatal(session, 'a resource cannot be retrieved by name across all namespaces');
  }
  if (subresource !== undefined && name === undefined) {
    yield* fatal(session, 'subresource cannot be used when bulk resources are specified');
  }
  const namespace = placeOf(session, target, everywhere);
  const verb = name === undefined ? ('list' as const) : ('get' as const);
  const answer = yield* request<ListAnswer>(session, {
    verb,
    resource,
    namespace,
    asTable: true,
    ...(name !== undefined && { name }),
    ...(subresource !== undefined && { subresource }),
    ...(labelSelector && { labelSelector }),
    ...(fieldSelector && { fieldSelector }),
  });
  if (!answer.ok) {
    const missing = answer.failure.reason === 'NotFound';
    if (missing && session.flags.has('ignore-not-found')) return {};
    const { failure } = answer;
    if (name === undefined) return { problem: notListed(session, info, failure) };
    return { problem: yield* notGot(session, namespace, failure) };
  }
  return { target, list: answer.value };
}

function itemsOf({ target, list }: Answer): Item[] {
  const { info } = target;
  const { columns = [], rows = [] } = list.table ?? {};
  return rows.map((row) => ({ info, object: row.object, table: { columns, rows: [row] } }));
}

function* sorted(session: Session, items: Item[]): Step<Item[]> {
  const field = session.flags.text('sort-by');
  if (field === '') return items;
  const ordered = sortBy(items, field);
  return isRefused(ordered) ? yield* fatal(session, ordered.refused) : ordered;
}

function* printTables(
  session: Session,
  answers: readonly Answer[],
  targets: readonly Target[],
  problems: readonly Problem[],
): Step<void> {
  const { flags } = session;
  const items = yield* sorted(session, answers.flatMap(itemsOf));
  // Kinds that were asked for and of which there is none count as well (`multipleGVKsRequested`).
  const several = new Set(answers.map(({ target }) => target.info)).size > 1;
  const everywhere = flags.has('all-namespaces');
  let shown = 0;
  for (const group of runsOf(items)) {
    const { info } = group[0]!;
    if (shown > 0 && !flags.has('no-headers')) yield* print(session, '\n');
    const view = viewOf(flags);
    const text = new TableText(info, {
      ...view,
      withNamespace: everywhere && info.namespaced,
      withKind: view.withKind || several,
    });
    const { columns } = group[0]!.table;
    yield* print(session, text.text({ columns, rows: group.flatMap(({ table }) => table.rows) }));
    shown += 1;
  }
  if (shown > 0 || problems.length > 0 || flags.has('ignore-not-found')) return;
  const found = answers.length > 0 ? answers.map(({ target }) => target) : targets;
  const inNamespace = !everywhere && found.every(({ info }) => info.namespaced);
  const where = inNamespace ? ` in ${session.namespace} namespace.` : '';
  yield* complain(session, `No resources found${where}`);
}

/** Neighbours that are objects of the same resource. */
function runsOf(items: readonly Item[]): Item[][] {
  const runs: Item[][] = [];
  for (const item of items) {
    const last = runs.at(-1);
    if (last?.[0]?.info === item.info) last?.push(item);
    else runs.push([item]);
  }
  return runs;
}

interface Form {
  readonly printer: Printer;
  readonly columns: readonly CustomColumn[] | undefined;
}

function* printObjects(
  session: Session,
  answers: readonly Answer[],
  targets: readonly Target[],
): Step<void> {
  const found = answers.flatMap(itemsOf);
  if (found.length === 0 && session.flags.has('ignore-not-found')) return;
  const { printer, columns } = yield* formOf(session);
  const items = yield* sorted(session, found);
  if (columns) {
    yield* printCustom(
      session,
      columns,
      items.map(({ object }) => object),
      NO_LAYOUT,
      true,
    );
    return;
  }
  if (printer.kind === 'name') {
    yield* print(session, items.map(({ object }) => `${wordOf(object)}\n`).join(''));
    return;
  }
  const single = isSingle(targets);
  const keep = session.flags.has('show-managed-fields');
  const objects = items.map(({ object }) => (keep ? object : withoutManagedFields(object)));
  const value = single
    ? objects[0]
    : { apiVersion: 'v1', items: objects, kind: 'List', metadata: { resourceVersion: '' } };
  yield* new Output(session, printer).value(sortKeys(value));
}

function* printCustom(
  session: Session,
  columns: readonly CustomColumn[],
  objects: readonly KubeObject[],
  layout: Layout,
  header: boolean,
): Step<Layout> {
  const rows: string[][] = [];
  for (const object of objects) {
    const row = customRow(columns, object);
    if (isRefused(row)) return yield* fatal(session, row.refused);
    rows.push(row);
  }
  const titled = header && !session.flags.has('no-headers');
  const lines = titled ? [columns.map((one) => one.header), ...rows] : rows;
  const laid = layOut(lines, layout);
  yield* print(session, laid.text);
  return laid.layout;
}

/** Prints what there is, and then a row for each change until it is interrupted. */
function* watch(session: Session, targets: readonly Target[], query: Query): Step<number> {
  const { flags } = session;
  const infos = new Set(targets.map(({ info }) => info));
  if (infos.size > 1) yield* fatal(session, 'you may only specify a single resource type');
  if (targets.length > 1) {
    yield* fatal(
      session,
      'watch is only supported on individual resources and resource collections - more than 1 resource was found',
    );
  }
  const target = targets[0]!;
  const first = yield* fetch(session, target, query);
  if (!('list' in first)) {
    if (first.problem) yield* check(session, [first.problem]);
    return 0;
  }
  const { info, name } = target;
  const view = { ...viewOf(flags), withNamespace: query.everywhere && info.namespaced };
  const shower = new Shower(session, new TableText(info, view), yield* formOf(session));
  const items = itemsOf(first);
  if (!flags.has('watch-only')) {
    const events = items.map(({ object, table }): WatchEvent => {
      return { type: 'ADDED', object, row: table.rows[0]?.cells ?? [] };
    });
    yield* shower.show(first.list.table?.columns ?? [], events);
  }
  let { resourceVersion } = first.list;
  const { labelSelector, fieldSelector } = query;
  const namespace = placeOf(session, target, query.everywhere);
  for (;;) {
    const answer = yield* changes(session, {
      resource: info.resource,
      namespace,
      resourceVersion,
      asTable: true,
      ...(name !== undefined && { name }),
      ...(labelSelector && { labelSelector }),
      ...(fieldSelector && { fieldSelector }),
    });
    if (!answer.ok) return yield* fail(session, answer.failure);
    yield* shower.show(answer.value.columns, answer.value.events);
    resourceVersion = answer.value.resourceVersion;
  }
}

/** Shows events of a watch in the form that was asked for. */
class Shower {
  readonly #session: Session;
  readonly #table: TableText;
  readonly #form: Form;
  readonly #output: Output;
  #layout: Layout = NO_LAYOUT;
  #header = true;

  constructor(session: Session, table: TableText, form: Form) {
    this.#session = session;
    this.#table = table;
    this.#form = form;
    this.#output = new Output(session, form.printer);
  }

  *show(columns: Table['columns'], events: readonly WatchEvent[]): Step<void> {
    const withEvents = this.#session.flags.has('output-watch-events');
    if (this.#form.columns) {
      const objects = events.map(({ object }) => object);
      if (objects.length === 0) return;
      const custom = this.#form.columns;
      this.#layout = yield* printCustom(this.#session, custom, objects, this.#layout, this.#header);
      this.#header = false;
      return;
    }
    if (this.#form.printer.kind === 'other') {
      const rows = events.map(({ row = [], object }) => ({ cells: row, object }));
      const types = withEvents ? events.map(({ type }) => type) : undefined;
      yield* print(this.#session, this.#table.text({ columns, rows }, types));
      return;
    }
    for (const { type, object } of events) {
      if (this.#form.printer.kind === 'name') {
        yield* print(this.#session, `${wordOf(object)}\n`);
        continue;
      }
      const shown = withoutManagedFields(object);
      yield* this.#output.value(sortKeys(withEvents ? { type, object: shown } : shown));
    }
  }
}
