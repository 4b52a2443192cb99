import { apply } from './commands/apply.ts';
import * as auth from './commands/auth.ts';
import * as configEntries from './commands/config/entries.ts';
import * as config from './commands/config/look.ts';
import * as configProperty from './commands/config/property.ts';
import { cp } from './commands/cp.ts';
import * as access from './commands/create/access.ts';
import * as data from './commands/create/data.ts';
import { createIngress } from './commands/create/ingress.ts';
import * as services from './commands/create/service.ts';
import * as workloads from './commands/create/workloads.ts';
import { remove } from './commands/delete.ts';
import * as discovery from './commands/discovery.ts';
import { diff } from './commands/diff.ts';
import { cordon, drain, uncordon } from './commands/drain.ts';
import { edit, editLastApplied } from './commands/edit.ts';
import { events } from './commands/events.ts';
import { attach, exec } from './commands/exec.ts';
import { expose } from './commands/expose.ts';
import { createFromFiles, replace } from './commands/from-files.ts';
import { get } from './commands/get.ts';
import { group, helpOnly, notModelled, openGroup } from './commands/groups.ts';
import { setLastApplied, viewLastApplied } from './commands/last-applied.ts';
import { logs } from './commands/logs.ts';
import { annotate, label } from './commands/marks.ts';
import { patch } from './commands/patch.ts';
import { portForward } from './commands/port-forward.ts';
import { proxy } from './commands/proxy.ts';
import * as rollout from './commands/rollout.ts';
import { run } from './commands/run.ts';
import { autoscale, scale } from './commands/scale.ts';
import { setEnv } from './commands/set/env.ts';
import * as set from './commands/set/fields.ts';
import { taint } from './commands/taint.ts';
import { topNode, topPod } from './commands/top.ts';
import * as unmodelled from './commands/unmodelled.ts';
import { wait } from './commands/wait.ts';
import { describe } from './describe/describe.ts';
import type { Session, Step } from './session.ts';

/** Which function answers to a command, by its path. */
export type Handler = (session: Session) => Step<number>;

const CREATE: Readonly<Record<string, Handler>> = {
  create: createFromFiles,
  'create clusterrole': access.createClusterRole,
  'create clusterrolebinding': access.createClusterRoleBinding,
  'create configmap': data.createConfigMap,
  'create cronjob': workloads.createCronJob,
  'create deployment': workloads.createDeployment,
  'create ingress': createIngress,
  'create job': workloads.createJob,
  'create namespace': access.createNamespace,
  'create poddisruptionbudget': workloads.createDisruptionBudget,
  'create priorityclass': workloads.createPriorityClass,
  'create quota': workloads.createQuota,
  'create role': access.createRole,
  'create rolebinding': access.createRoleBinding,
  'create secret docker-registry': data.createDockerSecret,
  'create secret generic': data.createGenericSecret,
  'create secret tls': data.createTlsSecret,
  'create service clusterip': services.createClusterIp,
  'create service externalname': services.createExternalName,
  'create service loadbalancer': services.createLoadBalancer,
  'create service nodeport': services.createNodePort,
  'create serviceaccount': access.createServiceAccount,
  'create token': auth.createToken,
};

const CONFIG: Readonly<Record<string, Handler>> = {
  'config current-context': config.currentContext,
  'config delete-cluster': configEntries.deleteCluster,
  'config delete-context': configEntries.deleteContext,
  'config delete-user': configEntries.deleteUser,
  'config get-clusters': config.getClusters,
  'config get-contexts': config.getContexts,
  'config get-users': config.getUsers,
  'config rename-context': configEntries.renameContext,
  'config set': configProperty.set,
  'config set-cluster': configEntries.setCluster,
  'config set-context': configEntries.setContext,
  'config set-credentials': configEntries.setCredentials,
  'config unset': configProperty.unset,
  'config use-context': config.useContext,
  'config view': config.view,
};

/** Commands that only hold others. */
const HOLDERS: Readonly<Record<string, Handler>> = {
  auth: group,
  certificate: helpOnly,
  config: group,
  'create secret': group,
  'create service': group,
  plugin: group,
  rollout: openGroup,
  set: group,
  top: group,
};

const HANDLERS: Readonly<Record<string, Handler>> = {
  ...CREATE,
  ...CONFIG,
  ...HOLDERS,
  'api-resources': discovery.apiResources,
  'api-versions': discovery.listApiVersions,
  attach,
  'auth can-i': auth.canI,
  'auth whoami': auth.whoAmI,
  'cluster-info': discovery.clusterInfo,
  'cluster-info dump': discovery.clusterInfoDump,
  events,
  exec,
  explain: discovery.explain,
  expose,
  logs,
  run,
  'top node': topNode,
  'top pod': topPod,
  version: discovery.version,
  alpha: unmodelled.alpha,
  'apply edit-last-applied': editLastApplied,
  'apply set-last-applied': setLastApplied,
  completion: unmodelled.completion,
  cp,
  'auth reconcile': unmodelled.reconcile,
  'certificate approve': unmodelled.certificate,
  'certificate deny': unmodelled.certificate,
  debug: unmodelled.debug,
  proxy,
  diff,
  'apply view-last-applied': viewLastApplied,
  edit,
  kustomize: unmodelled.kustomize,
  'plugin list': unmodelled.pluginList,
  'port-forward': portForward,
  wait,
  autoscale,
  cordon,
  drain,
  scale,
  'set env': setEnv,
  'set image': set.setImage,
  'set resources': set.setResources,
  'set selector': set.setSelector,
  'set serviceaccount': set.setServiceAccount,
  'set subject': set.setSubject,
  taint,
  uncordon,
  annotate,
  apply,
  delete: remove,
  describe,
  get,
  label,
  patch,
  replace,
  'rollout history': rollout.history,
  'rollout pause': rollout.pause,
  'rollout restart': rollout.restart,
  'rollout resume': rollout.resume,
  'rollout status': rollout.status,
  'rollout undo': rollout.undo,
};

export const handlerOf = (path: string): Handler =>
  (Object.hasOwn(HANDLERS, path) ? HANDLERS[path] : undefined) ?? notModelled;
