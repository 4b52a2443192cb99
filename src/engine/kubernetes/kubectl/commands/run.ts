import { parseInteger } from '../../../go/numbers.ts';
import { isRefused } from '../../../go/refused.ts';
import { open, read, start } from '../../../sim/process.ts';
import type { NodeChunk } from '../../api/node-requests.ts';
import type { Pod } from '../../api/pod.ts';
import { mergePatch } from '../../apimachinery/merge-patch.ts';
import type { KubeObject } from '../../apimachinery/object.ts';
import { cascadeOf, runningTimeoutOf, dryRunOf, saidOf, type DryRun } from '../options.ts';
import { choosePrinter, Output } from '../printers/printer.ts';
import {
  beginRequest,
  call,
  changesUntil,
  connect as reach,
  fail,
  fatal,
  misused,
  now,
  observe,
  print,
  printError,
  TIMED_OUT,
  type Session,
  type Step,
} from '../session.ts';
import { compact, noteLastApplied, type Plain } from './create/creator.ts';
import { recorded } from '../record.ts';
import { connect } from './exec.ts';

/** `kubectl run` (staging/src/k8s.io/kubectl/pkg/cmd/run/run.go, v1.36). */
export const IMAGE =
  /^(?:(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*|\[[a-fA-F0-9:]+\])(?::\d+)?\/)?[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*)*(?::[\w][\w.-]{0,127})?(?:@[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,})?$/;
const RESTART = ['', 'Always', 'OnFailure', 'Never'];
const PULL = ['', 'Always', 'IfNotPresent', 'Never'];

export function* run(session: Session): Step<number> {
  const { flags, words, dash } = session;
  const dryRun = yield* dryRunOf(session);
  const output = new Output(session, yield* choosePrinter(session));
  yield* cascadeOf(session);
  const attach = flags.changed('attach') ? flags.has('attach') : flags.has('stdin');
  if (words.length === 0 || dash === 0) yield* misused(session, 'NAME is required for run');
  yield* checkFlags(session, attach, dryRun);
  yield* runningTimeoutOf(session);
  const [name = ''] = words;
  const pod = recorded(session, yield* podOf(session, name));
  yield* reach(session);
  const made = yield* submit(session, 'pods', pod, dryRun);
  if (flags.has('expose')) {
    const service = serviceFor(session, pod, name);
    const exposed = yield* submit(session, 'services', service, dryRun);
    yield* output.object(exposed, saidOf('created', dryRun));
  }
  if (attach) return yield* attached(session, made as Pod);
  yield* output.object(made, saidOf('created', dryRun));
  return 0;
}

function* checkFlags(session: Session, attach: boolean, dryRun: DryRun): Step<void> {
  const { flags } = session;
  const image = flags.text('image');
  if (image === '') yield* fatal(session, '--image is required');
  if (!IMAGE.test(image)) {
    yield* fatal(session, `Invalid image name "${image}": invalid reference format`);
  }
  const restart = flags.text('restart');
  const refusals: readonly (readonly [boolean, string])[] = [
    [
      flags.has('tty') && !flags.has('stdin'),
      '-i/--stdin is required for containers with -t/--tty=true',
    ],
    [
      flags.has('expose') && flags.text('port') === '',
      '--port must be set when exposing a service',
    ],
    [!RESTART.includes(restart), `invalid restart policy: ${restart}`],
    [!attach && flags.has('rm'), '--rm should only be used for attached containers'],
    [
      attach && dryRun !== 'none',
      "--dry-run=[server|client] can't be used with attached containers options (--attach, --stdin, or --tty)",
    ],
    [
      !PULL.includes(flags.text('image-pull-policy')),
      `invalid image pull policy: ${flags.text('image-pull-policy')}`,
    ],
  ];
  for (const [holds, why] of refusals) if (holds) yield* misused(session, why);
}

function* podOf(session: Session, name: string): Step<KubeObject> {
  const { flags, words } = session;
  const args = words.length > 1 ? words.slice(1) : undefined;
  const env = yield* variables(session);
  const annotations = yield* pairsOf(session, flags.all('annotations').join(','), 'annotation');
  const labels = yield* labelsOf(session, name);
  const ports = yield* portsOf(session);
  const stdin = flags.has('stdin');
  const container = compact({
    name,
    image: flags.text('image'),
    command: flags.has('command') ? args : undefined,
    args: flags.has('command') ? undefined : args,
    ports,
    env: env.length > 0 ? env : undefined,
    resources: {},
    imagePullPolicy: flags.text('image-pull-policy') || undefined,
    securityContext: flags.has('privileged') ? { privileged: true } : undefined,
    stdin: stdin || undefined,
    stdinOnce: (stdin && !flags.has('leave-stdin-open')) || undefined,
    tty: flags.has('tty') || undefined,
  });
  const restartPolicy = flags.text('restart') || 'Always';
  const given = session.configuration.namespaceIsRequired;
  const pod = {
    kind: 'Pod',
    apiVersion: 'v1',
    metadata: compact({
      name,
      namespace: given ? session.namespace : undefined,
      labels,
      annotations: Object.keys(annotations).length > 0 ? annotations : undefined,
    }),
    spec: { containers: [container], restartPolicy, dnsPolicy: 'ClusterFirst' },
    status: {},
  } as unknown as KubeObject;
  return yield* overridden(session, pod);
}

function* overridden(session: Session, pod: KubeObject): Step<KubeObject> {
  const text = session.flags.text('overrides');
  if (text === '') return pod;
  let patch: unknown;
  try {
    patch = JSON.parse(text);
  } catch {
    return yield* fatal(session, 'invalid JSON document');
  }
  if (session.flags.text('override-type') !== 'merge') {
    yield* fatal(
      session,
      `kubectl run --override-type=${session.flags.text('override-type')} is not modelled here`,
    );
  }
  return mergePatch(pod, patch) as KubeObject;
}

function* variables(session: Session): Step<Plain[]> {
  const found: Plain[] = [];
  for (const text of session.flags.all('env')) {
    const at = text.indexOf('=');
    const name = text.slice(0, Math.max(at, 0));
    if (at <= 0 || !/^[-._a-zA-Z][-._a-zA-Z0-9]*$/.test(name)) {
      yield* fatal(session, `invalid env: ${text}`);
    }
    found.push(compact({ name, value: text.slice(at + 1) || undefined }));
  }
  return found;
}

/** `a=b,c=d`; ends with what is wrong with it. */
export function* pairsOf(
  session: Session,
  text: string,
  what: string,
): Step<Readonly<Record<string, string>>> {
  const pairs: [string, string][] = [];
  for (const pair of text === '' ? [] : text.split(',')) {
    const parts = pair.split('=');
    if (parts.length !== 2) yield* fatal(session, `unexpected ${what} spec: ${pair}`);
    const [key = '', value = ''] = parts;
    if (key === '') yield* fatal(session, `unexpected empty ${what} key`);
    pairs.push([key, value]);
  }
  return Object.fromEntries(pairs);
}

function* labelsOf(session: Session, name: string): Step<Readonly<Record<string, string>>> {
  const text = session.flags.text('labels');
  return text === '' ? { run: name } : yield* pairsOf(session, text, 'label');
}

function* portsOf(session: Session): Step<Plain[] | undefined> {
  const text = session.flags.text('port');
  if (text === '') return undefined;
  const port = parseInteger(text, { what: 'Atoi' });
  if (isRefused(port)) return yield* fatal(session, port.refused);
  return [{ containerPort: port }];
}

function serviceFor({ flags, configuration }: Session, pod: KubeObject, name: string): KubeObject {
  const port = Number(flags.text('port'));
  const ports = [{ protocol: 'TCP', port, targetPort: port }];
  const { labels } = pod.metadata;
  const given = configuration.namespaceIsRequired;
  return {
    kind: 'Service',
    apiVersion: 'v1',
    metadata: compact({ name, namespace: given ? configuration.namespace : undefined }),
    spec: { ports, selector: labels },
    status: { loadBalancer: {} },
  } as unknown as KubeObject;
}

function* submit(
  session: Session,
  resource: 'pods' | 'services',
  object: KubeObject,
  dryRun: DryRun,
): Step<KubeObject> {
  const body = session.flags.has('save-config') ? noteLastApplied(object) : object;
  if (dryRun === 'client') return body;
  const { namespace } = session;
  const fieldManager = session.flags.text('field-manager');
  const answer = yield* call(session, {
    verb: 'create',
    resource,
    namespace,
    body,
    fieldManager,
    ...(dryRun === 'server' && { dryRun: true }),
  });
  return answer.ok ? answer.value : yield* fail(session, answer.failure);
}

/** Watches the container from its start; `--rm` takes the Pod away behind it. */
function* attached(session: Session, pod: Pod): Step<number> {
  const { flags } = session;
  const { name, namespace = '' } = pod.metadata;
  const limitMs = yield* runningTimeoutOf(session);
  const running = yield* untilPhase(session, pod, ['Running', 'Succeeded', 'Failed'], limitMs);
  const container = running.spec.containers[0]?.name ?? '';
  if (running.status.phase === 'Running') {
    // It may have ended by now (kubectl v1.36 `pkg/cmd/run/run.go`, `handleAttachPod`).
    yield* connect(session, { namespace, name }, 'attach', { container }, function* (why) {
      const instead = `couldn't attach to pod/${name}, falling back to streaming logs`;
      yield* printError(session, `warning: ${instead}: ${why}\n`);
      yield* printLog(session, running, container);
    });
  } else yield* printLog(session, running, container);
  let ended: Pod | undefined;
  const restart = flags.text('restart');
  if (!flags.has('leave-stdin-open') && (restart === 'Never' || restart === 'OnFailure')) {
    ended = yield* untilPhase(session, running, ['Succeeded', 'Failed'], limitMs);
  }
  if (flags.has('rm')) {
    const answer = yield* call(session, { verb: 'delete', resource: 'pods', namespace, name });
    if (answer.ok) yield* print(session, `pod "${name}" deleted from ${namespace} namespace\n`);
  }
  return ended ? yield* endingOf(session, ended) : 0;
}

/** What a container wrote that ended before anybody looked. */
function* printLog(session: Session, pod: Pod, container: string): Step<void> {
  const { name, namespace = '' } = pod.metadata;
  const stream = yield* open();
  const asked = { verb: 'get', resource: 'pods', subresource: 'log', namespace, name } as const;
  const args = yield* beginRequest(session, { ...asked, body: { container, stream } }, stream);
  yield* start('kubectl/request', args);
  for (;;) {
    const chunks = yield* read<NodeChunk>(stream);
    if (!chunks) break;
    for (const { text } of chunks) yield* print(session, text);
  }
}

function* untilPhase(
  session: Session,
  pod: Pod,
  phases: readonly string[],
  limitMs: number,
): Step<Pod> {
  const { name, namespace = '' } = pod.metadata;
  const endMs = (yield* now()) + limitMs;
  const begun = yield* observe(session, { resource: 'pods', namespace, name });
  if (!begun.ok) return yield* fail(session, begun.failure);
  let current = (begun.value.object ?? pod) as Pod;
  let { resourceVersion } = begun.value;
  while (!phases.includes(current.status.phase ?? '')) {
    const asked = { resource: 'pods' as const, namespace, name, resourceVersion };
    const answer = yield* changesUntil(session, asked, endMs);
    if (!answer) return yield* fatal(session, TIMED_OUT);
    if (!answer.ok) return yield* fail(session, answer.failure);
    resourceVersion = answer.value.resourceVersion;
    const last = answer.value.events.at(-1);
    if (last?.type === 'DELETED') yield* fatal(session, `pods "${name}" not found`);
    if (last) current = last.object as Pod;
  }
  return current;
}

function* endingOf(session: Session, { metadata, status }: Pod): Step<number> {
  if (status.phase === 'Succeeded') return 0;
  const terminated = status.containerStatuses?.[0]?.state?.terminated;
  const what = `pod ${metadata.namespace}/${metadata.name}`;
  if (!terminated?.exitCode) return yield* fatal(session, `${what} failed with unknown exit code`);
  yield* print(session, '');
  const { reason = '', message = '', exitCode } = terminated;
  return yield* fatal(session, `${what} terminated (${reason})\n${message}`, exitCode);
}
