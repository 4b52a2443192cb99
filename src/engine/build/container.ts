import {
  ask,
  Interrupt,
  now,
  open,
  read,
  sleep,
  type Call,
  type Resumption,
} from '../sim/process.ts';
import {
  containerdService,
  type Answers,
  type ContainerdRequest,
  type ContainerMount,
  type CreateContainer,
  type LogChunk,
} from '../containerd/api.ts';
import {
  listFiles,
  makeDirectory,
  putNode,
  removeTree,
  stat,
  writeFile,
} from '../machine/files.ts';
import { digestOfText } from '../oci/digest.ts';
import type { Entry, LayerEntries } from '../oci/entry.ts';
import { builderService, type BuilderRequest, type Result } from './api.ts';
import { FIGURES } from './figures.ts';
import { LogClip } from './log-clip.ts';
import { cacheDirectory, MOUNT_ROOT } from './mount-caches.ts';
import type { ExecMount, Op } from './ops.ts';

/**
 * RUN in a container of its own: the machine's runtime starts the process upon the tree so far, and
 * what it wrote is the layer (moby/buildkit v0.32 `solver/llbsolver/ops/exec.go`,
 * `executor/runcexecutor/executor.go`).
 */
type Exec = Extract<Op, { op: 'exec' }>;
type Step<T> = Generator<Call, T, Resumption>;

export interface ContainerStep {
  readonly machine: string;
  readonly build: string;
  readonly op: Exec;
  readonly inputs: readonly Result[];
  readonly base: Result | undefined;
  readonly secrets: Readonly<Record<string, string>>;
  readonly startedMs: number;
  readonly name: string;
  /** Cache mounts begin empty. */
  readonly noCache: boolean;
}

export type ContainerRun =
  | { readonly ok: true; readonly entries: LayerEntries }
  | { readonly ok: false; readonly message: string };

type Tell = (text: string, atMs: number) => Step<unknown>;

/** Mounts of a step, and what is to be done with them afterwards. */
interface Mounted {
  readonly mounts: ContainerMount[];
  readonly env: Record<string, string>;
  readonly caches: { id: string; directory: string }[];
}

export function* runInContainer(step: ContainerStep, tell: Tell): Step<ContainerRun> {
  const { machine, build, op, startedMs } = step;
  const id = digestOfText(`${machine} ${build} ${startedMs} ${op.args.join(' ')}`).slice(7);
  const scratch = `${MOUNT_ROOT}/steps/${id.slice(0, 12)}`;
  const mounted = yield* mountAll(step, scratch);
  if ('message' in mounted) return { ok: false, message: mounted.message };
  const builder = <T>(request: BuilderRequest) => ask<T>(builderService(machine), request);
  const image = yield* builder<string>({
    ...{ op: 'stage', id, base: step.base, platform: op.platform },
  });
  let ran: ContainerRun;
  try {
    ran = yield* runProcess(step, createRequest(step, id, image, mounted), tell);
  } catch (problem) {
    // The build was given up: nothing of the step stays.
    if (problem instanceof Interrupt) yield* giveUp(machine, id, scratch);
    throw problem;
  }
  yield* builder({ op: 'unstage', id });
  for (const { id: mount, directory } of mounted.caches) {
    let sizeBytes = 0;
    for (const { content } of yield* listFiles(machine, directory)) sizeBytes += content.length;
    yield* builder({ op: 'mounted', id: mount, sizeBytes });
  }
  yield* removeTree(machine, scratch);
  if (!ran.ok) return ran;
  const targets = mounted.mounts.map(({ target }) => target.slice(1));
  return { ok: true, entries: withoutMounts(ran.entries, targets) };
}

function* giveUp(machine: string, id: string, scratch: string): Step<void> {
  const containerd = (request: ContainerdRequest) =>
    ask<unknown>(containerdService(machine), request);
  yield* containerd({ op: 'kill', id, signal: 'SIGKILL' });
  yield* sleep(FIGURES.killMs);
  yield* containerd({ op: 'delete', id });
  yield* ask(builderService(machine), { op: 'unstage', id } satisfies BuilderRequest);
  yield* removeTree(machine, scratch);
}

function createRequest(
  { op, name }: ContainerStep,
  id: string,
  image: string,
  { mounts, env: more }: Mounted,
): CreateContainer {
  const env: Record<string, string> = {};
  for (const pair of op.env) {
    const at = pair.indexOf('=');
    env[pair.slice(0, at)] = pair.slice(at + 1);
  }
  for (const [key, value] of Object.entries(op.proxy)) {
    env[key] ??= value;
    env[key.toUpperCase()] ??= value;
  }
  return {
    ...{ id, name: `build ${name}`, image, entrypoint: op.args, env: { ...env, ...more } },
    ...{ workingDir: op.cwd, mounts, hostname: 'buildkitsandbox', ends: true },
    ...(op.user === '' ? {} : { user: op.user }),
    ...(op.network === 'none' ? {} : { hostNetwork: true }),
  };
}

/** Starts it, tells what it prints, and takes its layer when it went well. */
function* runProcess(step: ContainerStep, create: CreateContainer, tell: Tell): Step<ContainerRun> {
  const { op, machine } = step;
  const { id } = create;
  const containerd = <K extends keyof Answers>(request: ContainerdRequest & { op: K }) =>
    ask<Answers[K]>(containerdService(machine), request);
  const failed = (why: string): ContainerRun => ({
    ...{
      ok: false,
      message: `process "${op.args.join(' ')}" did not complete successfully: ${why}`,
    },
  });
  const created = yield* containerd({ op: 'create', ...create });
  if (!created.ok) return failed(created.message);
  yield* sleep(FIGURES.runMs);
  const stream = yield* open();
  yield* containerd({ op: 'attach', id, stream, logs: true });
  const started = yield* containerd({ op: 'start', id });
  if (!started.ok) {
    const words = started.message.replace(/^.*?(unable to start container process)/s, '$1');
    yield* tell(`runc run failed: ${words}`, yield* now());
    yield* containerd({ op: 'delete', id });
    return failed(`exit code: ${started.exitCode ?? 127}`);
  }
  yield* tellOutput(stream, tell);
  const state = yield* containerd({ op: 'state', id });
  const exit = state.ok ? state.container.exit : undefined;
  const layer = yield* containerd({ op: 'layer', id });
  yield* containerd({ op: 'delete', id });
  if (exit?.exitCode !== 0) return failed(`exit code: ${exit?.exitCode ?? 255}`);
  return layer.ok ? { ok: true, entries: layer.entries } : failed(layer.message);
}

/** What the process prints, whole lines at a time, until it ends; too much is left out. */
function* tellOutput(stream: number, tell: Tell): Step<void> {
  const open: Record<LogChunk['stream'], string> = { stdout: '', stderr: '' };
  const startedMs = yield* now();
  const clips = { stdout: new LogClip(startedMs), stderr: new LogClip(startedMs) };
  for (;;) {
    const chunks = yield* read<LogChunk>(stream);
    const atMs = yield* now();
    for (const { stream: from, text: written } of chunks ?? []) {
      const text = clips[from].pass(written, atMs);
      const lines = (open[from] + text).split('\n');
      open[from] = lines.pop() ?? '';
      const whole = lines.map((line) => line.replace(/\r$/, ''));
      if (whole.length > 0) yield* tell(whole.join('\n'), atMs);
    }
    if (chunks) continue;
    for (const rest of [open.stdout, open.stderr]) if (rest !== '') yield* tell(rest, atMs);
    return;
  }
}

function* mountAll(step: ContainerStep, scratch: string): Step<Mounted | { message: string }> {
  const { machine, op, secrets } = step;
  const mounted: Mounted = { mounts: [], env: {}, caches: [] };
  for (const [number, mount] of op.mounts.entries()) {
    const secret = Object.hasOwn(secrets, mount.id) ? secrets[mount.id] : undefined;
    if (mount.type === 'secret' && secret === undefined) {
      if (mount.required) return { message: `secret ${mount.id}: not found` };
      continue;
    }
    if (mount.type === 'secret' && mount.env !== undefined) mounted.env[mount.env] = secret ?? '';
    if (mount.target === '') continue;
    const source = yield* mountSource(step, mount, secret, `${scratch}/${number}`);
    if (source === undefined) continue;
    if ('message' in source) return source;
    if (mount.type === 'cache') {
      mounted.caches.push({ id: mount.id, directory: cacheDirectory(mount.id) });
    }
    const readOnly = mount.type === 'secret' || mount.readOnly;
    const own = { target: mount.target, source };
    mounted.mounts.push(readOnly ? { ...own, readOnly } : own);
  }
  if (op.script) {
    const { name, data } = op.script;
    yield* makeDirectory(machine, `${scratch}/pipes`, { parents: true });
    yield* writeFile(machine, `${scratch}/pipes/${name}`, data, 0o755);
    const source = { bind: `${scratch}/pipes` };
    mounted.mounts.push({ target: '/dev/pipes', readOnly: true, source });
  }
  return mounted;
}

/** Where on the machine a mount's files are, put there first. */
function* mountSource(
  { machine, build, inputs, noCache }: ContainerStep,
  mount: ExecMount,
  secret: string | undefined,
  scratch: string,
): Step<ContainerMount['source'] | { message: string } | undefined> {
  if (mount.type === 'ssh') return undefined;
  if (mount.type === 'tmpfs') return { tmpfs: undefined };
  const { mode, uid = 0, gid = 0 } = mount;
  if (mount.type === 'secret') {
    const content = new TextEncoder().encode(secret ?? '');
    const node = { type: 'file', mode: mode ?? 0o400, uid, gid, content } as const;
    yield* makeDirectory(machine, scratch, { parents: true });
    yield* putNode(machine, `${scratch}/secret`, node);
    return { bind: `${scratch}/secret` };
  }
  const directory = mount.type === 'cache' ? cacheDirectory(mount.id) : scratch;
  if (mount.type === 'cache' && noCache) yield* removeTree(machine, directory);
  if (mount.type === 'cache' && (yield* stat(machine, directory))) return { bind: directory };
  const input = mount.from === undefined ? undefined : inputs[mount.from];
  const path = `/${mount.source.replace(/^\/+/, '')}`;
  const request: BuilderRequest = { op: 'subtree', build, input, path };
  const files = yield* ask<readonly (readonly [string, Entry])[]>(builderService(machine), request);
  if (files.length === 0 && mount.source !== '') {
    return { message: `failed to calculate checksum of ref: ${path}: not found` };
  }
  yield* makeDirectory(machine, directory, { parents: true });
  for (const [at, entry] of files) {
    if (at === '' && entry.type !== 'dir') {
      yield* putNode(machine, `${directory}/file`, entry);
      return { bind: `${directory}/file` };
    }
    yield* putNode(machine, at === '' ? directory : `${directory}/${at}`, entry);
  }
  if (mount.type === 'cache') {
    yield* putNode(machine, directory, { type: 'dir', mode: mode ?? 0o755, uid, gid });
  }
  return { bind: directory };
}

/** Places made for mounts are no part of the layer. */
function withoutMounts(entries: LayerEntries, targets: readonly string[]): LayerEntries {
  if (targets.length === 0) return entries;
  return entries.filter(
    ([path]) =>
      !targets.some((target) => path === target || path.startsWith(`${target}/`)) &&
      path !== 'dev/pipes',
  );
}
