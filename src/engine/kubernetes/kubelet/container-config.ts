import { describeObject } from '../apimachinery/object.ts';
import { milliValue, wholeValue } from '../apimachinery/quantity.ts';
import type { Container, Pod, Resources } from '../api/pod.ts';
import { normalized, type ContainerMount, type NewContainer } from './cri.ts';
import {
  lookUpIn,
  makeEnvironment,
  type LookUp,
  type Surroundings,
} from './environment/environment.ts';
import { expand } from './environment/expansion.ts';
import { hostnameOf } from './network-files.ts';
import { rootProblem, runAs } from './run-as.ts';
import { isAccess } from './volumes/volumes.ts';

/**
 * What the runtime is told of a container (pkg/kubelet/kuberuntime/kuberuntime_container.go
 * `generateContainerConfig`, kuberuntime_container_linux.go, v1.36).
 */
export type Config = { readonly container: NewContainer } | { readonly problem: string };

export const POD_UID = 'io.kubernetes.pod.uid';

export interface ConfigOf extends Pick<NewContainer, 'id' | 'exitEvent'> {
  readonly pod: Pod;
  readonly container: Container;
  readonly ip: string;
  readonly imageUser: string;
  readonly around: Surroundings;
  /** What it mounts of its Pod's own volumes, once its variables are known. */
  readonly mounts: (lookUp: LookUp) => readonly ContainerMount[];
}

export function containerConfig(of: ConfigOf): Config {
  const { pod, container, ip, imageUser, around } = of;
  const forbidden = rootProblem(pod, container, imageUser);
  if (forbidden !== undefined) return { problem: forbidden };
  const made = makeEnvironment(pod, container, around);
  if ('problem' in made) return made;
  const { shared, own: env } = made;
  const lookUp = lookUpIn(made);
  // What names no variable stays the very list of the template.
  const words = (texts: readonly string[]): readonly string[] =>
    texts.some((text) => text.includes('$')) ? texts.map((text) => expand(text, lookUp)) : texts;
  const { command, args, workingDir, securityContext, tty, stdin } = container;
  const { user, groups } = runAs(pod, container);
  const own = of.mounts(lookUp);
  const shown = shownMounts(container);
  const asked: Writable<NewContainer> = {
    op: 'create',
    id: of.id,
    name: describeObject(pod),
    image: normalized(container.image),
    sharedEnv: shared,
    hostname: hostnameOf(pod),
    labels: { [POD_UID]: pod.metadata.uid, 'io.kubernetes.container.name': container.name },
    mounts: own.length === 0 ? shown : [...shown, ...own],
    exitEvent: of.exitEvent,
    ...limitsOf(container.resources),
  };
  if (env) asked.env = env;
  if (pod.spec.hostNetwork) asked.hostNetwork = true;
  else asked.ip = ip;
  if (command && command.length > 0) asked.entrypoint = words(command);
  if (args && args.length > 0) asked.cmd = words(args);
  if (workingDir) asked.workingDir = workingDir;
  if (user !== undefined) asked.user = user;
  if (groups.length > 0) asked.groupAdd = groups;
  if (securityContext?.readOnlyRootFilesystem) asked.readOnlyRoot = true;
  if (tty) asked.tty = true;
  if (stdin) asked.openStdin = true;
  return { container: asked };
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

type Limits = Pick<NewContainer, 'memoryLimitBytes' | 'nanoCpus' | 'cpuShares'>;

const limits = new WeakMap<object, Limits>();
const NANO = 1_000_000;
const LEAST_SHARES = 2;

/** `milliCPUToShares`: 1024 for a whole processor; what a request is not said for, the limit is. */
export function limitsOf(resources: Resources = NO_RESOURCES): Limits {
  let made = limits.get(resources);
  if (!made) {
    const { limits: most = {}, requests = {} } = resources;
    const millis = milliValue(requests.cpu ?? most.cpu);
    const cpuShares = Math.max(LEAST_SHARES, Math.floor((millis * 1024) / 1000));
    made = {
      ...(most.memory !== undefined && { memoryLimitBytes: wholeValue(most.memory) }),
      ...(most.cpu !== undefined && { nanoCpus: milliValue(most.cpu) * NANO }),
      cpuShares,
    };
    limits.set(resources, made);
  }
  return made;
}

const NO_RESOURCES: Resources = {};

const HOSTS: readonly ContainerMount[] = ['hosts', 'hostname', 'resolv.conf'].map((name) => ({
  target: `/etc/${name}`,
  source: { shown: 'etc', path: name },
}));

/** By where the access to the API server is mounted. */
const shownInPod = new Map<string, readonly ContainerMount[]>();
const KNOWN_PATHS = 1000;

/** What every container is shown; almost all are shown the same and share one list. */
function shownMounts({ volumeMounts }: Container): readonly ContainerMount[] {
  const paths = accessPaths(volumeMounts);
  let mounts = shownInPod.get(paths);
  if (!mounts) {
    const access = paths.split(' ').filter((path) => path !== '');
    const targets = access.map((target) => ({
      ...{ target, readOnly: true },
      source: { shown: 'access' },
    }));
    mounts = [...HOSTS, ...targets];
    if (shownInPod.size < KNOWN_PATHS) shownInPod.set(paths, mounts);
  }
  return mounts;
}

/** Where the access to the API server is mounted: as a rule in one place. */
function accessPaths(volumeMounts: Container['volumeMounts'] = []): string {
  let paths = '';
  for (const mount of volumeMounts) {
    if (isAccess(mount)) paths = paths === '' ? mount.mountPath : `${paths} ${mount.mountPath}`;
  }
  return paths;
}
