import { parse } from 'yaml';
import type { Command, CommandLine } from '../../machine/command.ts';
import {
  listDirectory,
  makeDirectory,
  readFile,
  removeFile,
  removeTree,
  writeFile,
} from '../../machine/files.ts';
import { http, type HttpOutcome } from '../../net/http.ts';
import { ask, exec, now, sleep, write, type Self } from '../../sim/process.ts';
import { stampOf } from '../stamp.ts';
import type { Step } from '../tools/console.ts';
import {
  agentFile,
  agentName,
  agentText,
  buildFile,
  buildText,
  jobFile,
  queued,
  readAgent,
  secondsOf,
  type Agent,
} from './jenkins-home.ts';

/**
 * Jenkins' Kubernetes plugin (jenkinsci/kubernetes-plugin 4360 `KubernetesCloud`,
 * `KubernetesLauncher`): a build gets an agent of its own, a Pod that is created through the API
 * with the token of Jenkins' service account, and deleted when the build is done.
 *
 * Simplified: the cloud is read from configuration as code when a build waits; the agent's word to
 * the controller is its Pod being ready; builds go on where they were when the controller restarts.
 */
const TICK_MS = 2000;
/** A refused request is tried again after this long. */
const RETRY_MS = 10_000;
/** The program starts itself anew now and then, so that what it remembers stays short. */
const TICKS = 100;
const ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';
const API = { host: 'kubernetes.default.svc', port: 443 };

interface Cloud {
  readonly namespace: string;
  readonly cap: number;
  readonly url: string;
  readonly image: string;
}

interface Configuration {
  readonly jenkins?: {
    readonly clouds?: readonly {
      readonly kubernetes?: {
        readonly namespace?: string;
        readonly jenkinsUrl?: string;
        readonly containerCapStr?: string;
        readonly templates?: readonly {
          readonly containers?: readonly { readonly name?: string; readonly image?: string }[];
        }[];
      };
    }[];
  };
}

export const JENKINS_CLOUD = 'jenkins-cloud';
const AGENT_IMAGE = 'jenkins/inbound-agent:latest';
const UNLIMITED = 2 ** 31;

export const jenkinsCloud: Command = function* (line, self) {
  const home = line.env.JENKINS_HOME ?? '/var/jenkins_home';
  for (let tick = 0; tick < TICKS; tick++) {
    const agents = yield* namesIn(line, `${home}/nodes`);
    const builds = yield* namesIn(line, `${home}/queue`);
    const cloud = agents.length + builds.length > 0 ? yield* readCloud(line) : undefined;
    let waitMs = TICK_MS;
    if (cloud) {
      for (const name of agents) yield* attend(line, self, cloud, home, name);
      if (!(yield* provision(line, self, cloud, home, agents.length, builds))) waitMs = RETRY_MS;
    }
    yield* sleep(waitMs);
  }
  return yield* exec('programs/run', { ...line, command: JENKINS_CLOUD }, { ...self });
};

function* namesIn({ machine }: CommandLine, directory: string): Step<string[]> {
  const found = yield* listDirectory(machine, directory);
  return (found ?? []).map(({ name }) => name);
}

function* readCloud({ machine, env }: CommandLine): Step<Cloud | undefined> {
  const path = env.CASC_JENKINS_CONFIG;
  const text = path === undefined ? undefined : (yield* readFile(machine, path))?.content;
  const own = (yield* readFile(machine, `${ACCOUNT}/namespace`))?.content.trim();
  const configuration = text === undefined ? undefined : read(text);
  const found = configuration?.jenkins?.clouds?.find(({ kubernetes }) => kubernetes)?.kubernetes;
  if (!found) return undefined;
  const [template] = found.templates ?? [];
  const container = template?.containers?.find(({ name }) => name === 'jnlp');
  return {
    namespace: found.namespace ?? own ?? 'default',
    cap: Number(found.containerCapStr ?? UNLIMITED),
    url: found.jenkinsUrl ?? 'http://jenkins:8080',
    image: container?.image ?? AGENT_IMAGE,
  };
}

function read(text: string): Configuration | undefined {
  try {
    return parse(text) as Configuration;
  } catch {
    return undefined;
  }
}

/** Looks after one agent: its Pod, its build. */
function* attend(
  line: CommandLine,
  self: Self,
  cloud: Cloud,
  home: string,
  name: string,
): Step<void> {
  const { machine } = line;
  const file = yield* readFile(machine, agentFile(home, name));
  if (!file) return;
  const agent = readAgent(file.content);
  const outcome = yield* request(line, 'GET', `${podsOf(cloud)}/${name}`);
  if (!outcome.ok) return;
  const { status, body } = outcome.response;
  const timeMs = yield* now();
  const pod = status === 200 ? (JSON.parse(decoder.decode(body)) as PodView) : undefined;
  const isLost = status === 404 || ['Failed', 'Succeeded'].includes(pod?.status?.phase ?? '');
  if (isLost) return yield* finish(line, self, cloud, home, agent, 'FAILURE');
  const isReady = pod?.status?.conditions?.some(
    (condition) => condition.type === 'Ready' && condition.status === 'True',
  );
  if (agent.startedMs === undefined) {
    if (!isReady) return;
    yield* save(machine, agentFile(home, name), agentText({ ...agent, startedMs: timeMs }));
    yield* save(machine, buildFile(home, agent), buildText(agent, name));
    return yield* log(self, 'INFO', `${LAUNCHER}: Agent ${name} is connected, build starts`);
  }
  if (timeMs < agent.startedMs + agent.seconds * 1000) return;
  yield* finish(line, self, cloud, home, agent, 'SUCCESS');
}

interface PodView {
  readonly status?: {
    readonly phase?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}

/** Writes a file and the directories that it lies in. */
function* save(machine: string, path: string, content: string): Step<void> {
  yield* makeDirectory(machine, path.slice(0, path.lastIndexOf('/')), { parents: true });
  yield* writeFile(machine, path, content);
}

const decoder = new TextDecoder();
const LAUNCHER = 'o.c.j.p.k.KubernetesLauncher#launch';
const SLAVE = 'o.c.j.p.k.KubernetesSlave#_terminate';

function* finish(
  line: CommandLine,
  self: Self,
  cloud: Cloud,
  home: string,
  agent: Agent,
  result: string,
): Step<void> {
  const { machine } = line;
  const { name } = agent;
  yield* save(machine, buildFile(home, agent), buildText(agent, name, result));
  yield* removeTree(machine, `${home}/nodes/${name}`);
  yield* log(self, 'INFO', `${SLAVE}: Terminating Kubernetes instance for agent ${name}`);
  yield* request(line, 'DELETE', `${podsOf(cloud)}/${name}`);
}

/** Gives builds that wait an agent each, up to the cap; false when the API refused. */
function* provision(
  line: CommandLine,
  self: Self,
  cloud: Cloud,
  home: string,
  busy: number,
  names: readonly string[],
): Step<boolean> {
  const { machine } = line;
  for (const waiting of names.slice(0, Math.max(0, cloud.cap - busy))) {
    const build = queued(waiting);
    if (!build) continue;
    const name = agentName(build);
    const config = (yield* readFile(machine, jobFile(home, build.job)))?.content ?? '';
    const body = JSON.stringify(podOf(cloud, name));
    const outcome = yield* request(line, 'POST', podsOf(cloud), body);
    if (!outcome.ok || ![201, 409].includes(outcome.response.status)) {
      yield* refused(self, cloud, name, outcome);
      return false;
    }
    const agent = { ...build, name, seconds: secondsOf(config) };
    yield* save(machine, agentFile(home, name), agentText(agent));
    yield* removeFile(machine, `${home}/queue/${waiting}`);
    yield* log(self, 'INFO', `${LAUNCHER}: Created Pod: kubernetes ${cloud.namespace}/${name}`);
  }
  return true;
}

function* refused(self: Self, cloud: Cloud, name: string, outcome: HttpOutcome): Step<void> {
  const message = outcome.ok
    ? (JSON.parse(decoder.decode(outcome.response.body)) as { message?: string }).message
    : outcome.error;
  yield* log(
    self,
    'WARNING',
    `${LAUNCHER}: Error in provisioning; agent=KubernetesSlave name: ${name}`,
  );
  yield* write(
    self.stderr,
    'io.fabric8.kubernetes.client.KubernetesClientException: Failure executing: POST at: ' +
      `https://${API.host}${podsOf(cloud)}. Message: ${message ?? ''}.\n`,
  );
}

const podsOf = ({ namespace }: Cloud): string => `/api/v1/namespaces/${namespace}/pods`;

function* request(
  { machine }: CommandLine,
  method: string,
  path: string,
  body?: string,
): Step<HttpOutcome> {
  const ip = yield* ask<string | undefined>('net/resolve', { name: API.host, place: machine });
  if (ip === undefined) return { ok: false, error: 'unreachable', durationMs: 0 };
  const token = (yield* readFile(machine, `${ACCOUNT}/token`))?.content ?? '';
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  return yield* http(
    { machine, name: 'jenkins' },
    { ip, port: API.port },
    { method, path, host: API.host, headers, secure: true, ...(body !== undefined && { body }) },
  );
}

/** The Pod of an agent, as the plugin builds it (`PodTemplateBuilder`). */
const podOf = ({ url, image }: Cloud, name: string): object => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, labels: { jenkins: 'slave', 'jenkins/label': 'default' } },
  spec: {
    restartPolicy: 'Never',
    containers: [
      {
        name: 'jnlp',
        image,
        env: [
          { name: 'JENKINS_URL', value: `${url}/` },
          { name: 'JENKINS_AGENT_NAME', value: name },
        ],
        resources: { requests: { cpu: '100m', memory: '256Mi' } },
      },
    ],
  },
});

function* log(self: Self, level: string, text: string): Step<void> {
  const time = stampOf('java', yield* now());
  yield* write(self.stderr, `${time} [id=60]\t${level}\t${text}\n`);
}
