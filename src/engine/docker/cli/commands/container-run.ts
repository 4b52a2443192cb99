import { FAULT_TEXT, readFile, removeFile, stat, writeFile } from '../../../machine/files.ts';
import { resolvePath } from '../../../machine/command.ts';
import { familiarString, parseAnyReference, withDefaultTag } from '../../../oci/reference.ts';
import type { CreateBody, EngineResponse } from '../../api.ts';
import { containerBody, type Surroundings } from '../options/container-config.ts';
import { isRefused, refuse, type Refused } from '../../../go/refused.ts';
import { authHeaders } from '../credentials.ts';
import { daemonError, failed, query, type Invocation, type Step } from '../invocation.ts';
import { attended } from './attended.ts';

/**
 * `docker run` and `docker create` (docker/cli v29.7 `cli/command/container/run.go`, `create.go`).
 */
const PULLS = ['always', 'missing', 'never', ''];

const withHelp = (why: string, name: string): string =>
  `docker: ${why}\n\nRun 'docker ${name} --help' for more information`;

/** What the request will be; or why there is none. */
function* bodyOf(call: Invocation): Step<CreateBody | Refused> {
  const { flags, args, line } = call;
  const pull = flags.text('pull', 'missing');
  if (!PULLS.includes(pull)) {
    const must = 'must be one of "always", "missing" or "never"';
    return refuse(`invalid pull option: '${pull}': ${must}`);
  }
  const seccomp = flags
    .all('security-opt')
    .filter((option) => /^seccomp[=:]/.test(option))
    .map((option) => option.slice('seccomp='.length));
  const around = yield* surroundings(call, [
    ...flags.all('env-file'),
    ...flags.all('label-file'),
    ...seccomp,
  ]);
  return containerBody(flags, args, { ...around, env: line.env });
}

/** The files that flags name, read. */
export function* surroundings(call: Invocation, names: readonly string[]): Step<Surroundings> {
  const { machine, cwd, env } = call.line;
  const files: Record<string, string | undefined> = {};
  for (const name of names) {
    files[name] = (yield* readFile(machine, resolvePath(cwd, name)))?.content;
  }
  return { cwd, env, files };
}

export function* run(call: Invocation): Step<number> {
  const { flags } = call;
  const read = yield* bodyOf(call);
  if (isRefused(read)) return yield* call.fail(withHelp(read.refused, 'run'), 125);
  const detach = flags.has('detach');
  if (detach && flags.changed('attach')) {
    return yield* call.fail('conflicting options: cannot specify both --attach and --detach');
  }
  const keys = detachKeysProblem(flags.text('detach-keys'));
  if (keys !== undefined) return yield* call.fail(keys);
  const body: CreateBody = detach
    ? { ...read, AttachStdin: false, AttachStdout: false, AttachStderr: false, StdinOnce: false }
    : read;
  const id = yield* createContainer(call, body);
  if (isRefused(id)) {
    return yield* call.fail(withHelp(id.refused, 'run'), startExitCode(id.refused));
  }
  const attach = body.AttachStdin || body.AttachStdout || body.AttachStderr;
  return attach ? yield* inForeground(call, id, body) : yield* inBackground(call, id);
}

/** `ctrl-p,ctrl-q`: letters and control letters. */
export function detachKeysProblem(keys: string): string | undefined {
  const bad = keys.split(',').find((key) => key !== '' && !/^(.|ctrl-[a-z@[\\\]^_])$/i.test(key));
  if (bad === undefined) return undefined;
  return `invalid detach keys (${keys}): Unknown character: '${bad}'`;
}

function* inBackground(call: Invocation, id: string): Step<number> {
  yield* call.out(`${id}\n`);
  const started = yield* call.post(`/containers/${id}/start`);
  return failed(started) ? yield* startFailed(call, started) : 0;
}

const startFailed = (call: Invocation, answer: EngineResponse): Step<number> =>
  call.fail(withHelp(daemonError(answer), 'run'), startExitCode(daemonError(answer)));

/** 127 when the command was not found, 126 when it may not be run, else 125. */
export function startExitCode(message: string): number {
  if (/executable file not found|no such file or directory/.test(message)) return 127;
  return /permission denied|is a directory/.test(message) ? 126 : 125;
}

function* inForeground(call: Invocation, id: string, body: CreateBody): Step<number> {
  const { flags, self } = call;
  const stream = yield* call.begin({
    method: 'POST',
    path: `/containers/${id}/attach`,
    query: query({
      stream: true,
      stdin: body.AttachStdin === true,
      stdout: body.AttachStdout === true,
      stderr: body.AttachStderr === true,
    }),
    ...(body.AttachStdin ? { input: self.stdin } : {}),
  });
  const condition = flags.has('rm') ? 'removed' : 'next-exit';
  const waiting = yield* call.begin({
    method: 'POST',
    path: `/containers/${id}/wait`,
    query: { condition },
  });
  const started = yield* call.post(`/containers/${id}/start`);
  if (failed(started)) return yield* startFailed(call, started);
  const sigProxy = flags.last('sig-proxy') === undefined || flags.has('sig-proxy');
  const tty = body.Tty === true;
  const ended = yield* attended(call, stream, { id, tty, sigProxy });
  if (ended !== undefined) return ended;
  const { body: result } = yield* call.answer<{ StatusCode?: number }>(waiting);
  return result.StatusCode ?? 125;
}

export function* create(call: Invocation): Step<number> {
  const body = yield* bodyOf(call);
  if (isRefused(body)) return yield* call.fail(withHelp(body.refused, 'create'), 125);
  const id = yield* createContainer(call, body);
  if (isRefused(id)) return yield* call.fail(id.refused);
  yield* call.out(`${id}\n`);
  return 0;
}

/** The id of the new container; its image is pulled when it is missing, or always. */
function* createContainer(call: Invocation, body: CreateBody): Step<string | Refused> {
  const { flags, line } = call;
  const image = body.Image ?? '';
  const cidFile = flags.text('cidfile');
  const cidPath = resolvePath(line.cwd, cidFile);
  if (cidFile !== '' && (yield* stat(line.machine, cidPath))) {
    const why = "make sure the other container isn't running or delete";
    return refuse(`container ID file found, ${why} ${cidFile}`);
  }
  const parsed = parseAnyReference(image);
  if (!parsed.ok) return refuse(parsed.message);
  const pull = flags.text('pull', 'missing');
  if (pull === 'always') {
    const pulled = yield* pullImage(call, image);
    if (pulled) return pulled;
  }
  const name = flags.last('name');
  const asked = query({ name, platform: flags.last('platform') });
  let created = yield* call.post<Created>('/containers/create', asked, body);
  const named = 'reference' in parsed ? parsed.reference : undefined;
  if (created.status === 404 && named && (pull === 'missing' || pull === '')) {
    if (!flags.has('quiet')) {
      const wanted = familiarString(withDefaultTag(named));
      yield* call.err(`Unable to find image '${wanted}' locally\n`);
    }
    const pulled = yield* pullImage(call, image);
    if (pulled) return pulled;
    created = yield* call.post<Created>('/containers/create', asked, body);
  }
  if (failed(created)) return refuse(daemonError(created));
  for (const warning of created.body.Warnings ?? []) yield* call.err(`WARNING: ${warning}\n`);
  if (cidFile !== '') {
    const fault = yield* writeFile(line.machine, cidPath, created.body.Id);
    if (fault !== undefined) {
      yield* removeFile(line.machine, cidPath);
      return refuse(
        `failed to create the container ID file: open ${cidFile}: ${FAULT_TEXT[fault].toLowerCase()}`,
      );
    }
  }
  return created.body.Id;
}

interface Created {
  readonly Id: string;
  readonly Warnings?: readonly string[] | null;
}

/** Undefined when it is here. */
function* pullImage(call: Invocation, image: string): Step<Refused | undefined> {
  const request = {
    method: 'POST',
    path: '/images/create',
    query: query({ fromImage: image, platform: call.flags.last('platform') }),
    headers: yield* authHeaders(call, image),
  } as const;
  const pulled = call.flags.has('quiet')
    ? yield* call.ask(request)
    : yield* call.streamed(request, 'stderr');
  return failed(pulled) ? refuse(daemonError(pulled)) : undefined;
}
