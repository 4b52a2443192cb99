import type { Container } from '../../../api/container.ts';
import { sortKeys } from '../../../apimachinery/canonical-json.ts';
import { diffPatch } from '../../../apimachinery/merge-patch.ts';
import type { KubeObject } from '../../../apimachinery/object.ts';
import { dryRunOf, saidOf, type DryRun } from '../../options.ts';
import { choosePrinter, Output } from '../../printers/printer.ts';
import { problem, refused, type Problem } from '../../problems.ts';
import { call, check, fatal, printError, type Session, type Step } from '../../session.ts';
import { gather, labelSelectorOf, LOCAL_NEEDS_FILES, type Found } from '../../targets.ts';
import { recorded } from '../../record.ts';
import { typedForm } from '../../typed-form.ts';

/** `kubectl set` (staging/src/k8s.io/kubectl/pkg/cmd/set, v1.36). */
interface Edit {
  /** What is said of an object that was changed. */
  readonly said: string;
  /** In front of the server's refusal; none when it stands alone. */
  readonly prefix?: string;
  readonly words: readonly string[];
  /** Says so even of an object that stays as it is. */
  readonly always?: boolean;
  /** What must hold once the objects were found. */
  readonly validate?: (dryRun: DryRun, found: readonly Found[]) => Step<void>;
  /** What is said first, when nothing in an object is chosen. */
  readonly warning?: (object: KubeObject) => string | undefined;
  /** The object changed; problems where it cannot be, or not wholly. */
  readonly change: (object: KubeObject, one: Found) => KubeObject | Problem[] | Partly;
}

interface Partly {
  readonly changed: KubeObject;
  readonly problems: readonly Problem[];
}

export function* edit(
  session: Session,
  { said, prefix, words, always, validate, warning, change }: Edit,
): Step<number> {
  const { flags } = session;
  const local = flags.has('local');
  const dryRun = yield* dryRunOf(session);
  const output = new Output(session, yield* choosePrinter(session));
  if (local && words.length > 0) yield* fatal(session, LOCAL_NEEDS_FILES);
  const selector = yield* labelSelectorOf(session);
  const { found, problems } = yield* gather(session, {
    words,
    local,
    fetch: !local,
    all: flags.has('all'),
    ...(selector && { selector }),
  });
  yield* check(session, problems);
  if (validate) yield* validate(dryRun, found);
  const failures: Problem[] = [];
  for (const one of found) {
    const before = one.object!;
    const warned = warning?.(before);
    if (warned !== undefined) yield* printError(session, `Warning: ${warned}\n`);
    const result = change(before, one);
    if (Array.isArray(result)) {
      failures.push(...result);
      continue;
    }
    if ('changed' in result) failures.push(...result.problems);
    const after = recorded(session, 'changed' in result ? result.changed : result);
    const body = diffPatch(before, after);
    if (Object.keys(body).length === 0 && !always) continue;
    if (local || dryRun === 'client') {
      const shown = sortKeys(local ? typedForm(after) : after) as KubeObject;
      yield* output.object(shown, saidOf(said, dryRun));
      continue;
    }
    const answer = yield* call(session, {
      verb: 'patch',
      patchType: 'merge',
      resource: one.info.resource,
      namespace: one.namespace,
      name: one.name,
      body,
      fieldManager: flags.text('field-manager'),
      ...(dryRun === 'server' && { dryRun: true }),
    });
    if (answer.ok) {
      yield* output.object(sortKeys(answer.value) as KubeObject, saidOf(said, dryRun));
    } else if (prefix === undefined) failures.push(refused(answer.failure));
    else failures.push(problem(prefix + answer.failure.message));
  }
  yield* check(session, failures);
  return 0;
}

interface PodSpec {
  readonly containers?: readonly Container[];
  readonly initContainers?: readonly Container[];
  readonly serviceAccountName?: string;
}

export type Plain = Readonly<Record<string, unknown>>;

/** The object with its Pod's spec changed; undefined for one that makes no Pods. */
export function withPodSpec(
  object: KubeObject,
  change: (spec: PodSpec) => PodSpec,
): KubeObject | undefined {
  const { spec } = object as KubeObject & { spec?: Plain };
  if (!spec) return undefined;
  if (object.kind === 'Pod') return { ...object, spec: change(spec) } as KubeObject;
  if (object.kind === 'CronJob') {
    const job = spec.jobTemplate as Plain;
    const inner = templated(job.spec as Plain, change);
    return { ...object, spec: { ...spec, jobTemplate: { ...job, spec: inner } } } as KubeObject;
  }
  if (!('template' in spec)) return undefined;
  return { ...object, spec: templated(spec, change) } as KubeObject;
}

function templated(spec: Plain, change: (spec: PodSpec) => PodSpec): Plain {
  const template = spec.template as Plain;
  return { ...spec, template: { ...template, spec: change(template.spec as PodSpec) } };
}

/** How messages name an object: a file's by its kind, the server's by its resource. */
function nameIn({ flags }: Session, { info, name }: Found): string {
  if (!flags.has('local')) return `${info.plural}/${name}`;
  const kind = info.kind.toLowerCase();
  return info.group === '' ? `${kind}/${name}` : `${kind}.${info.group}/${name}\n`;
}

export const misfit = (session: Session, one: Found, why: string): Problem[] => [
  problem(`error: ${nameIn(session, one)} ${why}\n`),
];

export const noPods = (session: Session, one: Found): Problem[] =>
  misfit(
    session,
    one,
    `the object is not a pod or does not have a pod template: *v1.${one.info.kind}`,
  );

export const ALL_AND_SELECTOR = 'cannot set --all and --selector at the same time';
export const allAndSelector = ({ flags }: Session): boolean =>
  flags.has('all') && flags.text('selector') !== '';

export const forEach = (spec: PodSpec, change: (container: Container) => Container): PodSpec => ({
  ...spec,
  ...(spec.initContainers && { initContainers: spec.initContainers.map(change) }),
  ...(spec.containers && { containers: spec.containers.map(change) }),
});

/** Which containers `-c` chooses: `*` stands for any letters. */
export function chooses(session: Session): (container: Container) => boolean {
  const pattern = session.flags.text('containers').replace(/[.+?^${}()|[\]\\]/g, '\\$&');
  const wanted = new RegExp(`^${pattern.replaceAll('*', '.*')}$`);
  return ({ name }) => wanted.test(name);
}
