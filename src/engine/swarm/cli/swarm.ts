import type { SystemInfo } from '../../docker/api.ts';
import type { CommandHandlers } from '../../docker/cli/commands.ts';
import { helpText } from '../../docker/cli/help.ts';
import { query, type Invocation, type Step } from '../../docker/cli/invocation.ts';
import { SWARM } from '../../docker/cli/spec/swarm.ts';
import { goQuote } from '../../go/quote.ts';
import { digestOfText } from '../../oci/digest.ts';
import type { SwarmWire } from '../wire/cluster.ts';
import type { NodeWire } from '../wire/node.ts';
import { problemOf, say } from './lines.ts';
import { mergeFlags } from './swarm-spec.ts';

/** `docker swarm` (docker/cli v29.7 `cli/command/swarm`). */
const DEFAULT_LISTEN = '0.0.0.0:2377';
const AVAILABILITIES = ['active', 'pause', 'drain'];

/** As the flag has it, or why it is none. */
function availabilityOf({ flags }: Invocation): { value: string } | { problem: string } {
  if (!flags.changed('availability')) return { value: '' };
  const text = flags.text('availability');
  const value = text.toLowerCase();
  if (AVAILABILITIES.includes(value)) return { value };
  const shown = goQuote(text);
  return { problem: `invalid availability ${shown}, only active, pause and drain are supported` };
}

/** `HOST:PORT` with what is left out filled in. */
function listenAddr(text: string): string {
  if (text === '') return DEFAULT_LISTEN;
  const [, host = '', port = ''] = /^(.*?)(?::(\d*))?$/.exec(text) ?? [];
  return `${host === '' ? '0.0.0.0' : host}:${port === '' ? '2377' : port}`;
}

function* init(call: Invocation): Step<number> {
  const { flags } = call;
  const availability = availabilityOf(call);
  if ('problem' in availability) return yield* call.fail(availability.problem);
  const pools = flags.all('default-addr-pool').flatMap((text) => text.split(','));
  const body = {
    ListenAddr: listenAddr(flags.text('listen-addr')),
    AdvertiseAddr: flags.text('advertise-addr'),
    DataPathAddr: flags.text('data-path-addr'),
    DataPathPort: Number(flags.text('data-path-port', '0')),
    DefaultAddrPool: pools.length === 0 ? null : pools,
    ForceNewCluster: flags.has('force-new-cluster'),
    Spec: mergeFlags({}, flags),
    AutoLockManagers: flags.has('autolock'),
    Availability: availability.value,
    SubnetSize: Number(flags.text('default-addr-pool-mask-length', '24')),
  };
  const answer = yield* call.post<string>('/swarm/init', {}, body);
  const problem = problemOf(answer);
  if (problem !== undefined) return yield* call.fail(problem);
  yield* say(call, `Swarm initialized: current node (${answer.body}) is now a manager.\n`);
  const code = yield* printJoin(call, answer.body, 'worker');
  if (code !== 0) return code;
  yield* say(
    call,
    "To add a manager to this swarm, run 'docker swarm join-token manager' and follow the " +
      'instructions.',
  );
  return flags.has('autolock') ? yield* printKey(call) : 0;
}

/** How others join, as long as this node is a manager. */
function* printJoin(call: Invocation, nodeId: string, role: 'worker' | 'manager'): Step<number> {
  const node = yield* call.get<NodeWire>(`/nodes/${nodeId}`);
  const swarm = yield* call.get<SwarmWire>('/swarm');
  const problem = problemOf(node) ?? problemOf(swarm);
  if (problem !== undefined) return yield* call.fail(problem);
  const address = node.body.ManagerStatus?.Addr;
  if (address === undefined) return 0;
  const { Worker, Manager } = swarm.body.JoinTokens;
  const command = `docker swarm join --token ${role === 'worker' ? Worker : Manager} ${address}`;
  const how = `To add a ${role} to this swarm, run the following command:`;
  yield* say(call, `${how}\n\n    ${command}\n`);
  return 0;
}

function* printKey(call: Invocation): Step<number> {
  const answer = yield* call.get<{ UnlockKey: string }>('/swarm/unlockkey');
  const problem = problemOf(answer);
  if (problem !== undefined) return yield* call.fail(`could not fetch unlock key: ${problem}`);
  yield* sayKey(call, answer.body.UnlockKey);
  return 0;
}

function* sayKey(call: Invocation, key: string): Step<void> {
  if (key === '') return;
  yield* say(
    call,
    'To unlock a swarm manager after it restarts, run the `docker swarm unlock`\n' +
      `command and provide the following key:\n\n    ${key}\n\n` +
      'Remember to store this key in a password manager, since without it you\n' +
      'will not be able to restart the manager.',
  );
}

function* join(call: Invocation): Step<number> {
  const { flags, args } = call;
  const availability = availabilityOf(call);
  if ('problem' in availability) return yield* call.fail(availability.problem);
  const body = {
    ListenAddr: listenAddr(flags.text('listen-addr')),
    AdvertiseAddr: flags.text('advertise-addr'),
    DataPathAddr: flags.text('data-path-addr'),
    RemoteAddrs: [args[0] ?? ''],
    JoinToken: flags.text('token'),
    Availability: availability.value,
  };
  const answer = yield* call.post('/swarm/join', {}, body);
  const problem = problemOf(answer);
  if (problem !== undefined) return yield* call.fail(problem);
  const info = yield* call.get<SystemInfo>('/info');
  const failure = problemOf(info);
  if (failure !== undefined) return yield* call.fail(failure);
  const role = info.body.Swarm.ControlAvailable ? 'manager' : 'worker';
  yield* say(call, `This node joined a swarm as a ${role}.`);
  return 0;
}

function* joinToken(call: Invocation): Step<number> {
  const { flags, args } = call;
  const role = args[0] ?? '';
  if (role !== 'worker' && role !== 'manager') return yield* call.fail(`unknown role ${role}`);
  if (flags.has('rotate')) {
    const before = yield* call.get<SwarmWire>('/swarm');
    const problem = problemOf(before);
    if (problem !== undefined) return yield* call.fail(problem);
    const { Version, Spec } = before.body;
    const which = role === 'worker' ? 'rotateWorkerToken' : 'rotateManagerToken';
    const rotation = { version: String(Version.Index), [which]: 'true' };
    const failure = problemOf(yield* call.post('/swarm/update', rotation, Spec));
    if (failure !== undefined) return yield* call.fail(failure);
    if (!flags.has('quiet')) yield* say(call, `Successfully rotated ${role} join token.\n`);
  }
  const swarm = yield* call.get<SwarmWire>('/swarm');
  const problem = problemOf(swarm);
  if (problem !== undefined) return yield* call.fail(problem);
  if (flags.has('quiet')) {
    const { Worker, Manager } = swarm.body.JoinTokens;
    yield* say(call, role === 'worker' ? Worker : Manager);
    return 0;
  }
  const info = yield* call.get<SystemInfo>('/info');
  return yield* printJoin(call, info.body.Swarm.NodeID, role);
}

function* leave(call: Invocation): Step<number> {
  const answer = yield* call.post('/swarm/leave', query({ force: call.flags.has('force') }));
  const problem = problemOf(answer);
  if (problem !== undefined) return yield* call.fail(problem);
  yield* say(call, 'Node left the swarm.');
  return 0;
}

function* update(call: Invocation): Step<number> {
  const { flags } = call;
  if (flags.isEmpty) {
    yield* call.out(helpText('docker swarm update', SWARM.commands!.update!));
    return 0;
  }
  const before = yield* call.get<SwarmWire>('/swarm');
  const problem = problemOf(before);
  if (problem !== undefined) return yield* call.fail(problem);
  const { Version, Spec } = before.body;
  const spec = mergeFlags(Spec, flags);
  const version = String(Version.Index);
  const failure = problemOf(yield* call.post('/swarm/update', { version }, spec));
  if (failure !== undefined) return yield* call.fail(failure);
  yield* say(call, 'Swarm updated.');
  const isLocked = spec.EncryptionConfig.AutoLockManagers;
  const isNew = isLocked && !Spec.EncryptionConfig.AutoLockManagers;
  return isNew ? yield* printKey(call) : 0;
}

function* unlock(call: Invocation): Step<number> {
  const info = yield* call.get<SystemInfo>('/info');
  const problem = problemOf(info);
  if (problem !== undefined) return yield* call.fail(problem);
  const state = info.body.Swarm.LocalNodeState;
  if (state === 'inactive') return yield* call.fail('error: this node is not part of a swarm');
  if (state !== 'locked') return yield* call.fail('error: swarm is not locked');
  // Only a terminal is asked for the key.
  const UnlockKey = (yield* call.readLine()).trim();
  const failure = problemOf(yield* call.post('/swarm/unlock', {}, { UnlockKey }));
  return failure === undefined ? 0 : yield* call.fail(failure);
}

function* unlockKey(call: Invocation): Step<number> {
  const { flags } = call;
  if (flags.has('rotate')) {
    const before = yield* call.get<SwarmWire>('/swarm');
    const problem = problemOf(before);
    if (problem !== undefined) return yield* call.fail(problem);
    const { Version, Spec } = before.body;
    if (!Spec.EncryptionConfig.AutoLockManagers) {
      return yield* call.fail('cannot rotate because autolock is not turned on');
    }
    const rotation = { version: String(Version.Index), rotateManagerUnlockKey: 'true' };
    const failure = problemOf(yield* call.post('/swarm/update', rotation, Spec));
    if (failure !== undefined) return yield* call.fail(failure);
    if (!flags.has('quiet')) yield* say(call, 'Successfully rotated manager unlock key.');
  }
  const answer = yield* call.get<{ UnlockKey: string }>('/swarm/unlockkey');
  const problem = problemOf(answer);
  if (problem !== undefined) return yield* call.fail(`could not fetch unlock key: ${problem}`);
  const { UnlockKey } = answer.body;
  if (UnlockKey === '') return yield* call.fail('no unlock key is set');
  if (flags.has('quiet')) yield* say(call, UnlockKey);
  else yield* sayKey(call, UnlockKey);
  return 0;
}

const NEEDS_ROTATE = ['ca-cert', 'ca-key', 'cert-expiry', 'external-ca'];

const LOOK_MS = 200;
const FULL_BAR = `[${'='.repeat(50)}>]`;

/** Simplified: a new certificate is known to all nodes at once, so only the end of it is shown. */
function* showRotation(call: Invocation, certificate: string): Step<void> {
  const nodes = yield* call.get<NodeWire[]>('/nodes');
  const all = problemOf(nodes) === undefined ? nodes.body.length : 0;
  yield* call.pause(LOOK_MS);
  yield* say(call, `desired root digest: ${digestOfText(certificate)}`);
  yield* say(call, `  rotated TLS certificates:  ${FULL_BAR} ${all}/${all} nodes`);
  yield* say(call, `  rotated CA certificates:   ${FULL_BAR} ${all}/${all} nodes`);
}

function* ca(call: Invocation): Step<number> {
  const { flags } = call;
  const before = yield* call.get<SwarmWire>('/swarm');
  const problem = problemOf(before);
  if (problem !== undefined) return yield* call.fail(problem);
  if (!flags.has('rotate')) {
    const given = NEEDS_ROTATE.find((name) => flags.changed(name));
    if (given !== undefined) {
      const why = `\`--${given}\` flag requires the \`--rotate\` flag to update the CA`;
      return yield* call.fail(why);
    }
    yield* say(call, before.body.TLSInfo.TrustRoot.trim());
    return 0;
  }
  const { Version, Spec } = before.body;
  const merged = mergeFlags(Spec, flags);
  const ForceRotate = (Spec.CAConfig.ForceRotate ?? 0) + 1;
  const spec = { ...merged, CAConfig: { ...merged.CAConfig, ForceRotate } };
  const version = String(Version.Index);
  const failure = problemOf(yield* call.post('/swarm/update', { version }, spec));
  if (failure !== undefined) return yield* call.fail(failure);
  if (flags.has('detach')) return 0;
  const after = yield* call.get<SwarmWire>('/swarm');
  const gone = problemOf(after);
  if (gone !== undefined) return yield* call.fail(gone);
  const { TrustRoot } = after.body.TLSInfo;
  if (flags.has('quiet')) return 0;
  yield* showRotation(call, TrustRoot);
  yield* say(call, TrustRoot.trim());
  return 0;
}

export const swarmCommands: CommandHandlers = {
  'swarm ca': ca,
  'swarm init': init,
  'swarm join': join,
  'swarm join-token': joinToken,
  'swarm leave': leave,
  'swarm unlock': unlock,
  'swarm unlock-key': unlockKey,
  'swarm update': update,
};
