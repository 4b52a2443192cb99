import { describeObject } from '../apimachinery/object.ts';
import { milliValue, wholeValue } from '../apimachinery/quantity.ts';
import type { Container, Pod, Resources } from '../api/pod.ts';
import type { ContainerMount, NewContainer } from './cri.ts';
import { makeEnvironment, type Environment, type Surroundings } from './environment/environment.ts';
import { expand } from './environment/expansion.ts';
import { hostnameOf } from './network-files.ts';
import { rootProblem, runAs } from './run-as.ts';
import { isAccess } from './volumes/volumes.ts';

/**
 * What the runtime is told of a container (pkg/kubelet/kuberuntime/kuberuntime_container.go
 * `generateContainerConfig`, kuberuntime_container_linux.go, v1.36).
 */
export type Config =
  { readonly container: Omit<NewContainer, 'exitEvent' | 'id'> } | { readonly problem: string };

export const POD_UID = 'io.kubernetes.pod.uid';

export interface ConfigOf {
  readonly pod: Pod;
  readonly container: Container;
  readonly ip: string;
  readonly imageUser: string;
  readonly around: Surroundings;
  /** What it mounts of its Pod's own volumes, once its variables are known. */
  readonly mounts: (env: Environment) => readonly ContainerMount[];
}

export function containerConfig(of: ConfigOf): Config {
  const { pod, container, ip, imageUser, around } = of;
  const forbidden = rootProblem(pod, container, imageUser);
  if (forbidden !== undefined) return { problem: forbidden };
  const made = makeEnvironment(pod, container, around);
  if ('problem' in made) return made;
  const { env } = made;
  // What names no variable stays the very list of the template.
  const words = (texts: readonly string[]): readonly string[] =>
    texts.some((text) => text.includes('$'))
      ? texts.map((text) => expand(text, (name) => env[name]))
      : texts;
  const { command, args, workingDir, securityContext = {}, tty, stdin } = container;
  const { user, groups } = runAs(pod, container);
  const own = of.mounts(env);
  const shown = shownMounts(pod, container);
  return {
    container: {
      podName: describeObject(pod),
      image: container.image,
      ...(command && command.length > 0 && { command: words(command) }),
      ...(args && args.length > 0 && { args: words(args) }),
      env,
      hostname: hostnameOf(pod),
      ...(pod.spec.hostNetwork ? { hostNetwork: true } : { ip }),
      labels: { [POD_UID]: pod.metadata.uid, 'io.kubernetes.container.name': container.name },
      ...limitsOf(container.resources),
      ...(workingDir && { workingDir }),
      ...(user !== undefined && { user }),
      ...(groups.length > 0 && { groupAdd: groups }),
      ...(securityContext.readOnlyRootFilesystem && { readOnlyRoot: true }),
      ...(tty && { tty: true }),
      ...(stdin && { openStdin: true }),
      mounts: own.length === 0 ? shown : [...shown, ...own],
    },
  };
}

type Limits = Pick<NewContainer, 'memoryLimitBytes' | 'nanoCpus' | 'cpuShares'>;

const limits = new WeakMap<object, Limits>();
const NANO = 1_000_000;
const LEAST_SHARES = 2;

/** `milliCPUToShares`: 1024 for a whole processor; what a request is not said for, the limit is. */
function limitsOf(resources: Resources = NO_RESOURCES): Limits {
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

const shownByPaths = new Map<string, readonly ContainerMount[]>();
const KNOWN_PATHS = 1000;

/** What every container is shown; almost all are shown the same and share one list. */
function shownMounts({ spec }: Pod, { volumeMounts = [] }: Container): readonly ContainerMount[] {
  const paths = volumeMounts.filter(isAccess).map(({ mountPath }) => mountPath);
  const key = `${spec.hostNetwork === true} ${paths.join(' ')}`;
  let mounts = shownByPaths.get(key);
  if (!mounts) {
    const access = paths.map((target) => ({
      ...{ target, readOnly: true },
      source: { shown: 'access' },
    }));
    mounts = spec.hostNetwork ? access : [...HOSTS, ...access];
    if (shownByPaths.size < KNOWN_PATHS) shownByPaths.set(key, mounts);
  }
  return mounts;
}
