import type { Flow, TraceRecord } from '../engine/sim/trace.ts';
import type { Run } from '../scenarios/play.ts';
import type { Locale } from '../i18n/locales.ts';
import { actorStrings, recordStrings, type RecordSentence } from '../i18n/records.ts';
import { fill } from '../i18n/strings.ts';

/**
 * Trace records in words. A record that no rule knows has no sentence: it belongs to the run but is
 * not a step that a figure shows.
 */
interface Rule {
  /** Left out: another record tells it better. */
  readonly sentence?: RecordSentence;
  readonly verb: string;
  /** The actor without its machine: `kubelet` for `kubelet/node-1`. */
  readonly actor?: string;
  /** What stands before the blank in the object's name: `Pod`, `image`. */
  readonly kind?: string;
  readonly reason?: string;
  /** How its object begins. */
  readonly about?: string;
  /** What its message says somewhere. */
  readonly says?: string;
  /** How it travelled: `api` is a request to the API server. */
  readonly channel?: Flow['channel'];
  /** A field of `detail` and its value. */
  readonly detail?: readonly [name: string, value: unknown];
}

/** A program in a Pod looks how one of its objects is, as it does every few seconds. */
const ASKED_AGAIN = 'request GET http://kubernetes.default.svc/';

/** The first rule that fits decides. */
const rules: readonly Rule[] = [
  { sentence: 'run', verb: 'run', actor: 'developer' },
  { sentence: 'call', verb: 'call', actor: 'docker-cli' },
  { sentence: 'build', verb: 'build' },
  { sentence: 'step', verb: 'step' },
  { sentence: 'stepCached', verb: 'step-cached' },
  { sentence: 'layer', verb: 'layer' },
  { sentence: 'built', verb: 'built' },
  { sentence: 'buildFailed', verb: 'build-failed' },
  { sentence: 'pull', verb: 'pull' },
  { sentence: 'pullFailed', verb: 'pull-failed' },
  { sentence: 'fetch', verb: 'fetch' },
  { sentence: 'extract', verb: 'extract' },
  { sentence: 'skip', verb: 'skip' },
  { sentence: 'pulled', verb: 'pulled' },
  { sentence: 'push', verb: 'push' },
  { sentence: 'upload', verb: 'push-blob' },
  { sentence: 'pushSkip', verb: 'push-skip' },
  { sentence: 'manifest', verb: 'push-manifest' },
  { sentence: 'pushed', verb: 'pushed' },
  { sentence: 'name', verb: 'name', actor: 'docker', kind: 'image' },
  { sentence: 'createContainer', verb: 'create', actor: 'docker', kind: 'container' },
  { sentence: 'prepareContainer', verb: 'create', actor: 'containerd', kind: 'container' },
  { sentence: 'startContainer', verb: 'start', actor: 'containerd', kind: 'container' },
  { sentence: 'running', verb: 'running', actor: 'docker', kind: 'container' },
  { sentence: 'listen', verb: 'listen', kind: 'container' },
  { sentence: 'exec', verb: 'exec', actor: 'docker', kind: 'container' },
  { sentence: 'execEnd', verb: 'exec-end', kind: 'container' },
  { sentence: 'signal', verb: 'signal', kind: 'container' },
  { sentence: 'exitContainer', verb: 'exit', actor: 'containerd', kind: 'container' },
  { sentence: 'oomKill', verb: 'oom-kill', kind: 'container' },
  { sentence: 'pause', verb: 'pause', kind: 'container' },
  { sentence: 'resume', verb: 'resume', kind: 'container' },
  { sentence: 'backOff', verb: 'back-off', kind: 'container' },
  { sentence: 'healthy', verb: 'healthy', kind: 'container' },
  { sentence: 'unhealthy', verb: 'unhealthy', kind: 'container' },
  { sentence: 'commit', verb: 'commit', kind: 'container' },
  { sentence: 'podMended', verb: 'fault', kind: 'Pod', detail: ['kind', 'none'] },
  { sentence: 'podFault', verb: 'fault', kind: 'Pod' },
  { sentence: 'mended', verb: 'fault', detail: ['kind', 'none'] },
  { sentence: 'fault', verb: 'fault' },
  { sentence: 'removeContainer', verb: 'delete', actor: 'docker', kind: 'container' },
  { sentence: 'stopDaemon', verb: 'stop', kind: 'daemon' },
  { sentence: 'startDaemon', verb: 'start', kind: 'daemon' },
  { sentence: 'createNetwork', verb: 'create', kind: 'network' },
  { sentence: 'connect', verb: 'connect', kind: 'network' },
  { sentence: 'disconnect', verb: 'disconnect', kind: 'network' },
  { sentence: 'destroyNetwork', verb: 'destroy', kind: 'network' },
  { sentence: 'createVolume', verb: 'create', kind: 'volume' },
  { sentence: 'mount', verb: 'mount', kind: 'volume' },
  { sentence: 'unmount', verb: 'unmount', kind: 'volume' },
  { sentence: 'destroyVolume', verb: 'destroy', kind: 'volume' },
  { sentence: 'bind', verb: 'bind' },
  { sentence: 'initSwarm', verb: 'init', kind: 'swarm' },
  { sentence: 'joinAsManager', verb: 'join', kind: 'swarm', detail: ['role', 'manager'] },
  { sentence: 'joinAsWorker', verb: 'join', kind: 'swarm' },
  { sentence: 'leaveSwarm', verb: 'leave', kind: 'swarm' },
  { sentence: 'register', verb: 'register', kind: 'node' },
  { sentence: 'promote', verb: 'promote', kind: 'node' },
  { sentence: 'demote', verb: 'demote', kind: 'node' },
  { sentence: 'nodeReady', verb: 'ready', actor: 'dispatcher' },
  { sentence: 'nodeDown', verb: 'down', actor: 'dispatcher' },
  { sentence: 'assign', verb: 'assign', actor: 'dispatcher' },
  { sentence: 'compare', verb: 'reconcile', actor: 'orchestrator' },
  { sentence: 'replaceTask', verb: 'restart', actor: 'orchestrator' },
  { sentence: 'updateTask', verb: 'update', actor: 'orchestrator' },
  { sentence: 'updating', verb: 'updating', actor: 'orchestrator' },
  { sentence: 'updated', verb: 'completed', actor: 'orchestrator' },
  { sentence: 'updatePaused', verb: 'paused', actor: 'orchestrator' },
  { sentence: 'rollback', verb: 'rollback_started', actor: 'orchestrator' },
  { sentence: 'rolledBack', verb: 'rollback_completed', actor: 'orchestrator' },
  { sentence: 'endTasks', verb: 'remove', actor: 'orchestrator' },
  { sentence: 'noLongerFits', verb: 'reject', actor: 'constraint-enforcer' },
  { sentence: 'placeTasks', verb: 'schedule', actor: 'scheduler', kind: 'tasks' },
  { verb: 'ready', actor: 'agent' },
  { verb: 'failed', actor: 'agent' },
  { sentence: 'taskState', verb: 'report', actor: 'agent', detail: ['state', 'running'] },
  { sentence: 'taskState', verb: 'report', actor: 'agent', detail: ['state', 'complete'] },
  { sentence: 'taskState', verb: 'report', actor: 'agent', detail: ['state', 'failed'] },
  { sentence: 'taskState', verb: 'report', actor: 'agent', detail: ['state', 'rejected'] },
  { sentence: 'taskState', verb: 'report', actor: 'agent', detail: ['state', 'shutdown'] },
  { sentence: 'taskStage', verb: 'report', actor: 'agent' },
  { sentence: 'askVote', verb: 'vote', actor: 'manager' },
  { sentence: 'answerVote', verb: 'vote-answer', actor: 'manager' },
  { sentence: 'handOver', verb: 'timeout-now', kind: 'group' },
  { sentence: 'stepDown', verb: 'step-down', kind: 'group', detail: ['why', 'no quorum'] },
  { sentence: 'stepBack', verb: 'step-down', kind: 'group' },
  { verb: 'create', actor: 'apiserver' },
  { sentence: 'create', verb: 'create', channel: 'api' },
  { sentence: 'status', verb: 'update', detail: ['subresource', 'status'] },
  { sentence: 'update', verb: 'update' },
  { sentence: 'update', verb: 'patch' },
  { sentence: 'askEviction', verb: 'delete', detail: ['subresource', 'eviction'] },
  { sentence: 'delete', verb: 'delete', channel: 'api' },
  { sentence: 'lead', verb: 'lead', kind: 'Lease' },
  { sentence: 'lostLead', verb: 'stop', kind: 'Lease' },
  { sentence: 'campaign', verb: 'campaign', kind: 'group' },
  { sentence: 'elected', verb: 'become-leader', kind: 'group' },
  { sentence: 'waitDisk', verb: 'wait', kind: 'disk' },
  { sentence: 'store', verb: 'store', actor: 'apiserver' },
  { sentence: 'added', verb: 'notify', detail: ['type', 'ADDED'] },
  { sentence: 'modified', verb: 'notify', detail: ['type', 'MODIFIED'] },
  { sentence: 'deleted', verb: 'notify', detail: ['type', 'DELETED'] },
  { sentence: 'scaling', verb: 'report', reason: 'ScalingReplicaSet' },
  { sentence: 'scheduled', verb: 'report', reason: 'Scheduled' },
  { sentence: 'unschedulable', verb: 'warn', reason: 'FailedScheduling' },
  { sentence: 'createdJob', verb: 'report', kind: 'CronJob', reason: 'SuccessfulCreate' },
  { sentence: 'createdClaim', verb: 'report', reason: 'SuccessfulCreate', says: 'create Claim' },
  { sentence: 'createdPod', verb: 'report', reason: 'SuccessfulCreate' },
  { sentence: 'rescale', verb: 'report', reason: 'SuccessfulRescale' },
  // In an update a StatefulSet deletes a Pod to put another in its place.
  { sentence: 'deletedReplica', verb: 'report', kind: 'StatefulSet', reason: 'SuccessfulDelete' },
  { sentence: 'deletedPod', verb: 'report', reason: 'SuccessfulDelete' },
  { sentence: 'claimWaits', verb: 'report', reason: 'WaitForPodScheduled' },
  { sentence: 'claimAsks', verb: 'report', reason: 'ExternalProvisioning' },
  { sentence: 'provisioning', verb: 'report', reason: 'Provisioning' },
  { sentence: 'provisioned', verb: 'report', reason: 'ProvisioningSucceeded' },
  { sentence: 'jobComplete', verb: 'report', kind: 'Job', reason: 'Completed' },
  { sentence: 'sawJobEnd', verb: 'report', kind: 'CronJob', reason: 'SawCompletedJob' },
  { sentence: 'nodeBack', verb: 'report', actor: 'kubelet', reason: 'NodeReady' },
  { sentence: 'newSandbox', verb: 'report', actor: 'kubelet', reason: 'SandboxChanged' },
  { sentence: 'killing', verb: 'report', reason: 'Killing' },
  { sentence: 'refresh', verb: 'refresh', actor: 'kubelet' },
  { sentence: 'pulling', verb: 'report', reason: 'Pulling' },
  { sentence: 'present', verb: 'report', reason: 'Pulled', says: 'already present' },
  { sentence: 'started', verb: 'report', reason: 'Started' },
  { sentence: 'exit', verb: 'exit', actor: 'kubelet' },
  { sentence: 'notReady', verb: 'report', reason: 'NodeNotReady' },
  { sentence: 'keepPod', verb: 'report', reason: 'TaintManagerEviction', says: 'Cancelling' },
  { sentence: 'evict', verb: 'report', reason: 'TaintManagerEviction' },
  { verb: 'report', actor: 'kubelet', reason: 'Created' },
  { verb: 'report', actor: 'kubelet', reason: 'Pulled' },
  { verb: 'report', actor: 'kubelet', reason: 'BackOff' },
  { sentence: 'report', verb: 'report' },
  { sentence: 'silentPod', verb: 'warn', kind: 'Pod', reason: 'NodeNotReady' },
  { sentence: 'crashLoop', verb: 'warn', reason: 'BackOff', says: 'restarting failed container' },
  { sentence: 'notUpYet', verb: 'warn', reason: 'Unhealthy', says: 'Startup probe' },
  { sentence: 'notReadyYet', verb: 'warn', reason: 'Unhealthy', says: 'Readiness probe' },
  { sentence: 'noImage', verb: 'warn', reason: 'Failed', says: 'Failed to pull image' },
  { sentence: 'warn', verb: 'warn' },
  { sentence: 'stuck', verb: 'observe', reason: 'ProgressDeadlineExceeded' },
  { sentence: 'complete', verb: 'observe', reason: 'NewReplicaSetAvailable' },
  { sentence: 'available', verb: 'observe', reason: 'MinimumReplicasAvailable' },
  { sentence: 'ready', verb: 'ready' },
  { sentence: 'unready', verb: 'unready' },
  { verb: 'request', about: ASKED_AGAIN },
  { verb: 'answer', about: ASKED_AGAIN },
  { sentence: 'request', verb: 'request' },
  { sentence: 'answer', verb: 'answer' },
  { sentence: 'refuse', verb: 'refuse' },
  { sentence: 'lookup', verb: 'lookup', channel: 'request' },
  { sentence: 'unknownName', verb: 'lookup', detail: ['found', false] },
  { sentence: 'unknownName', verb: 'resolve', detail: ['found', false] },
  { sentence: 'resolve', verb: 'resolve' },
  { sentence: 'served', verb: 'served' },
  { sentence: 'failed', verb: 'failed' },
  { sentence: 'program', verb: 'program' },
];

const rulesByVerb = new Map<string, Rule[]>();
for (const rule of rules) {
  rulesByVerb.set(rule.verb, [...(rulesByVerb.get(rule.verb) ?? []), rule]);
}

function ruleOf(record: TraceRecord): Rule | undefined {
  return rulesByVerb.get(record.verb)?.find((rule) => {
    if (rule.actor !== undefined && rule.actor !== componentOf(record.actor)) return false;
    if (rule.kind !== undefined && rule.kind !== kindOf(record.object)) return false;
    if (rule.reason !== undefined && rule.reason !== record.reason) return false;
    if (rule.channel !== undefined && rule.channel !== record.flow?.channel) return false;
    if (rule.about !== undefined && !record.object.startsWith(rule.about)) return false;
    if (rule.says !== undefined && !record.message?.includes(rule.says)) return false;
    return !rule.detail || record.detail?.[rule.detail[0]] === rule.detail[1];
  });
}

/** Which sentence tells a record, if any does. */
export function sentenceOf(record: TraceRecord): RecordSentence | undefined {
  return ruleOf(record)?.sentence;
}

/** Whether a record can be told in a sentence. */
export function canBeTold(record: TraceRecord): boolean {
  return sentenceOf(record) !== undefined;
}

/** Told in a chain of causes, but too small to stop at: the chatter of a machine that works. */
const asides: ReadonlySet<RecordSentence> = new Set([
  ...(['status', 'extract', 'skip', 'program', 'unready', 'register', 'taskStage'] as const),
]);

/**
 * Whether a record is a step: it can be told, it is more than a report of state on its way to the
 * store, and a message counts only when something came of it.
 */
export function isStep(record: TraceRecord, run: Run): boolean {
  const told = sentenceOf(record);
  if (told === undefined || asides.has(told)) return false;
  if (record.verb === 'notify') return run.ledOn(record.id) && !isReport(record, run);
  if (told === 'assign') return run.ledOn(record.id);
  return record.verb !== 'store' || !isReport(record, run);
}

/** Whether what was stored, or told of, is an object's status alone. */
function isReport(record: TraceRecord, run: Run): boolean {
  const request = record.verb === 'notify' ? run.record(record.cause) : record;
  const asked = request && run.record(request.cause);
  return asked?.detail?.subresource === 'status';
}

/** The record in one sentence of a language; its own words when no rule knows it. */
export function captionOf(record: TraceRecord, locale: Locale): string {
  const told = sentenceOf(record);
  if (told === undefined) return [record.actor, record.verb, record.object].join(' ');
  const { flow, detail = {}, reason = '', message = '' } = record;
  const facts = Object.fromEntries(
    Object.entries(detail).flatMap(([name, value]) =>
      typeof value === 'string' || typeof value === 'number' ? [[name, String(value)]] : [],
    ),
  );
  const sentence = fill(recordStrings[locale][told], {
    ...facts,
    reason,
    message,
    // What the filters found; what preemption could not do about it is in the event.
    verdict: message.replace(/\. .*$/s, ''),
    actor: nameOf(record.actor, locale),
    object: objectIn(record.object),
    name: keyOf(record.object),
    short: shortOf(record.object),
    task: keyOf(record.object).replace(/\.[a-z0-9]{25}$/, ''),
    volume: keyOf(record.object).replace(/^([0-9a-f]{12})[0-9a-f]{52}$/, '$1'),
    from: flow ? nameOf(flow.from, locale) : '',
    to: flow ? nameOf(flow.to, locale) : '',
    bytes: sizeOf(flow?.bytes ?? detail.bytes ?? detail.size),
  });
  return sentence.replace(/^(the|container) /, (word) => word[0]!.toUpperCase() + word.slice(1));
}

/** `the kubelet of node-1`, `the scheduler`, `Pod web-5d9c7-x2k4q`. */
export function nameOf(name: string, locale: Locale): string {
  const names: Readonly<Record<string, string>> = actorStrings[locale];
  if (name in names) return names[name]!;
  const kind = names[`part.${kindOf(name)}`];
  if (name.includes(' ')) return objectIn(kind ? name.replace(kindOf(name), kind) : name);
  const slash = name.indexOf('/');
  if (slash < 0) return name;
  const part = name.slice(0, slash);
  const component = names[`part.${part}`] ?? part;
  return fill(actorStrings[locale].on, { component, node: name.slice(slash + 1) });
}

const componentOf = (actor: string): string => actor.split('/')[0] ?? actor;
const kindOf = (object: string): string => object.split(' ')[0] ?? '';
/** The name in an object; an image that has a tag goes without its digest. */
const keyOf = (object: string): string =>
  object.slice(object.indexOf(' ') + 1).replace(/(:[\w.-]+)@sha256:[0-9a-f]{64}$/, '$1');

/** Objects of the namespace `default` are named without it, Docker's by 12 characters of their id. */
const objectIn = (object: string): string =>
  object.replace(/^(\w+) default\//, '$1 ').replace(/(\/[0-9a-f]{12})[0-9a-f]{52}\b/g, '$1');

/** A digest by its first characters. */
const shortOf = (object: string): string =>
  /sha256:([0-9a-f]{8})/.exec(object)?.[1] ?? keyOf(object);

/** `1.2 kB`, `18 MB`: three figures at most, in thousands as docker counts. */
function sizeOf(bytes: unknown): string {
  if (typeof bytes !== 'number') return '';
  let size = bytes;
  let unit = 0;
  const units = ['B', 'kB', 'MB', 'GB'];
  while (size >= 1000 && unit < units.length - 1) {
    size /= 1000;
    unit += 1;
  }
  return `${size < 10 && unit > 0 ? size.toFixed(1) : Math.round(size)} ${units[unit] ?? ''}`;
}
