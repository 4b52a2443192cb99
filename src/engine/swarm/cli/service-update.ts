import type { Invocation, Step } from '../../docker/cli/invocation.ts';
import { isRefused, refuse, type Refused } from '../../go/refused.ts';
import type { ContainerSpec, NetworkAttachmentConfig, ServiceSpec } from '../api.ts';
import type { ServiceWire } from '../wire/service.ts';
import { problemOf, say } from './lines.ts';
import { editContainer, editEndpoint, editPlacement, editPairs } from './service-edits.ts';
import {
  healthcheck,
  RESOURCE_FLAGS,
  resources,
  restartPolicy,
  updateConfig,
} from './service-flags.ts';
import { pinImage } from './service-image.ts';
import { waitOnService } from './service-progress.ts';
import {
  configReferences,
  networkAttachments,
  networkId,
  secretReferences,
} from './service-references.ts';

/** `docker service update` (docker/cli v29.7 `cli/command/service/update.go`). */
const WITH_ROLLBACK = ['rollback', 'detach', 'quiet'];

export function* updateService(call: Invocation): Step<number> {
  const { flags } = call;
  const [name = ''] = call.args;
  const before = yield* call.get<ServiceWire>(`/services/${name}`);
  const problem = problemOf(before);
  if (problem !== undefined) return yield* call.fail(problem);
  const { ID, Version, Spec } = before.body;
  const isRollback = flags.has('rollback');
  if (isRollback && flags.names().some((flag) => !WITH_ROLLBACK.includes(flag))) {
    return yield* call.fail('other flags may not be combined with --rollback');
  }
  const spec = yield* changed(call, Spec);
  if (isRefused(spec)) return yield* call.fail(spec.refused);
  const asked = {
    version: String(Version.Index),
    rollback: isRollback ? 'previous' : 'none',
  };
  const asks = flags.changed('image') && !flags.has('no-resolve-image');
  const { spec: pinned, warning: note } = yield* pinImage(call, spec, asks);
  const answer = yield* call.post<{ Warnings?: string[] | null }>(
    `/services/${ID}/update`,
    asked,
    pinned,
  );
  const failure = problemOf(answer);
  if (failure !== undefined) return yield* call.fail(failure);
  const warnings = [...(note === '' ? [] : [note]), ...(answer.body.Warnings ?? [])];
  for (const warning of warnings) yield* call.err(`${warning}\n`);
  yield* say(call, name);
  if (flags.has('detach')) return 0;
  const wrong = yield* waitOnService(call, name);
  return wrong === undefined ? 0 : yield* call.fail(wrong);
}

function* changed(call: Invocation, spec: ServiceSpec): Step<ServiceSpec | Refused> {
  const { flags } = call;
  const { TaskTemplate: task, Mode } = spec;
  const check = healthcheck(flags, task.ContainerSpec.Healthcheck, true);
  if (isRefused(check)) return check;
  if (flags.changed('replicas') && !Mode.Replicated) {
    return refuse('replicas can only be used with replicated mode');
  }
  const Networks = yield* networks(call, task.Networks ?? []);
  if (isRefused(Networks)) return Networks;
  const edited = editContainer(call, task.ContainerSpec);
  if (isRefused(edited)) return edited;
  const files = yield* references(call, edited);
  if (isRefused(files)) return files;
  const Placement = editPlacement(flags, task.Placement);
  const log = flags.text('log-driver');
  const RestartPolicy = restartPolicy(flags, task.RestartPolicy);
  const UpdateConfig = updateConfig(flags, 'update', spec.UpdateConfig);
  const RollbackConfig = updateConfig(flags, 'rollback', spec.RollbackConfig);
  const EndpointSpec = editEndpoint(flags, spec.EndpointSpec);
  const ofResources = RESOURCE_FLAGS.some((flag) => flags.changed(flag));
  const Resources = resources(flags, task.Resources);
  if (isRefused(Resources)) return Resources;
  return {
    ...spec,
    Labels: editPairs(flags, 'label', spec.Labels),
    TaskTemplate: {
      ...task,
      ContainerSpec: { ...files, ...(check && { Healthcheck: check }) },
      ...(ofResources && { Resources }),
      ...(RestartPolicy && { RestartPolicy }),
      ...(Placement && { Placement }),
      ...(Networks.length > 0 || task.Networks ? { Networks } : {}),
      ...(log !== '' && { LogDriver: { Name: log, Options: editPairs(flags, 'log', {}) } }),
      ForceUpdate: task.ForceUpdate + (flags.has('force') ? 1 : 0),
    },
    ...(flags.changed('replicas') && {
      Mode: { Replicated: { Replicas: Number(flags.text('replicas')) } },
    }),
    ...(UpdateConfig && { UpdateConfig }),
    ...(RollbackConfig && { RollbackConfig }),
    ...(EndpointSpec && { EndpointSpec }),
  };
}

function* networks(
  call: Invocation,
  before: readonly NetworkAttachmentConfig[],
): Step<readonly NetworkAttachmentConfig[] | Refused> {
  const { flags } = call;
  if (!flags.changed('network-add') && !flags.changed('network-rm')) return before;
  const gone: string[] = [];
  for (const name of flags.all('network-rm')) {
    const id = yield* networkId(call, name);
    if (isRefused(id)) return id;
    gone.push(id);
  }
  const kept = before.filter(({ Target }) => !gone.includes(Target));
  const added = yield* networkAttachments(call, 'network-add');
  if (isRefused(added)) return added;
  const twice = added.findIndex(({ Target }) => kept.some((one) => one.Target === Target));
  if (twice !== -1) {
    const name = flags.all('network-add')[twice] ?? '';
    return refuse(`service is already attached to network ${name}`);
  }
  return [...kept, ...added].sort((a, b) => (a.Target < b.Target ? -1 : 1));
}

function* references(call: Invocation, spec: ContainerSpec): Step<ContainerSpec | Refused> {
  const { flags } = call;
  const addedSecrets = yield* secretReferences(call, 'secret-add');
  if (isRefused(addedSecrets)) return addedSecrets;
  const addedConfigs = yield* configReferences(call, 'config-add');
  if (isRefused(addedConfigs)) return addedConfigs;
  const [lostSecrets, lostConfigs] = [flags.all('secret-rm'), flags.all('config-rm')];
  const { Secrets: oldSecrets = [], Configs: oldConfigs = [], ...rest } = spec;
  const Secrets = [
    ...oldSecrets.filter(({ SecretName }) => !lostSecrets.includes(SecretName)),
    ...addedSecrets,
  ];
  const Configs = [
    ...oldConfigs.filter(({ ConfigName }) => !lostConfigs.includes(ConfigName)),
    ...addedConfigs,
  ];
  return {
    ...rest,
    ...(Secrets.length > 0 && { Secrets }),
    ...(Configs.length > 0 && { Configs }),
  };
}
