import { MachineFiles } from '../machine/machine-files.ts';
import { Addresses } from '../net/address.ts';
import { Http, type HttpOutcome } from '../net/http.ts';
import { Links } from '../net/link.ts';
import { byPath, directory, modelFile, symlink, textFile, type LayerEntry } from '../oci/entry.ts';
import { encodeJson, MEDIA, type RunConfig } from '../oci/image.ts';
import { bytesBlob, describeLayer, layerOf } from '../oci/layer.ts';
import { shellRun } from '../programs/run.ts';
import { Kernel } from '../sim/kernel.ts';
import { Processes } from '../sim/processes.ts';
import type {
  Answers,
  ContainerdRequest,
  ContainerExit,
  CreateContainer,
  LogChunk,
} from './api.ts';
import { Containerd } from './containerd.ts';

/** For tests: one machine with containerd, one image of busybox and nginx, and nobody else. */
const APPLETS = ['cat', 'echo', 'env', 'false', 'ls', 'rm', 'sh', 'sleep', 'touch', 'true'];
const IMAGE = 'docker.io/library/box:latest';
const HOST = 'host';

function imageEntries(): [string, LayerEntry][] {
  const directories = ['bin', 'etc', 'etc/nginx', 'home', 'root', 'usr', 'usr/sbin', 'var'];
  const entries: [string, LayerEntry][] = directories.map((path) => [path, directory()]);
  entries.push(
    ['tmp', directory(0o1777)],
    ['bin/busybox', modelFile(808_712, 'busybox')],
    ...APPLETS.map((name): [string, LayerEntry] => [`bin/${name}`, symlink('/bin/busybox')]),
    ['usr/sbin/gosu', modelFile(2_000_000, 'gosu')],
    ['usr/sbin/nginx', modelFile(4_000_000, 'nginx')],
    ['etc/nginx/nginx.conf', textFile('events {}\nhttp { server { listen 80; root /srv; } }\n')],
    ['etc/passwd', textFile('root:x:0:0:root:/root:/bin/sh\nweb:x:101:101::/home:/bin/sh\n')],
    ['etc/group', textFile('root:x:0:\nweb:x:101:\nlog:x:4:web\n')],
    ['etc/plain', textFile('echo plain $1\n', 0o755)],
    ['etc/lost', textFile('#!/bin/nosuch\n', 0o755)],
    ['srv', directory()],
    ['srv/index.html', textFile('<p>hello</p>\n')],
  );
  return entries.sort(byPath);
}

const CONFIG: RunConfig = { Env: ['PATH=/usr/sbin:/bin'], Cmd: ['sh'], WorkingDir: '/' };

export function oneMachine(seed = 3) {
  const kernel = new Kernel({ seed });
  const processes = new Processes(kernel);
  const addresses = new Addresses(kernel);
  const http = new Http(kernel, processes, new Links(kernel, processes), addresses);
  const files = new MachineFiles(kernel, processes);
  const containerd = new Containerd(kernel, processes, http, files);
  const answers: unknown[] = [];
  const exits: ContainerExit[] = [];
  const outcomes: HttpOutcome[] = [];
  kernel.event<{ answer: unknown }>('test/answer', ({ answer }) => answers.push(answer));
  kernel.event<{ exit: ContainerExit }>('test/exit', ({ exit }) => exits.push(exit));
  kernel.event<{ outcome: HttpOutcome }>('test/http', ({ outcome }) => outcomes.push(outcome));
  processes.program('shell/run', shellRun);
  containerd.addMachine(HOST);
  addresses.assign('10.0.0.1', { machine: HOST, owner: HOST });
  addresses.setName(HOST, '10.0.0.1');
  stock(containerd);

  function ask<O extends ContainerdRequest['op']>(
    request: Extract<ContainerdRequest, { op: O }>,
    limitMs = 600_000,
  ): Answers[O] {
    const before = answers.length;
    containerd.call(HOST, request, { event: 'test/answer', payload: {} });
    kernel.advanceUntil(() => answers.length > before, limitMs);
    // Without it the compiler counts every answer there is: too many to say.
    // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-assertion
    return answers.at(-1) as Answers[O];
  }

  const create = (id: string, spec: Partial<CreateContainer> = {}) =>
    containerd.answer(HOST, {
      op: 'create',
      id,
      name: `container ${id}`,
      image: IMAGE,
      exitEvent: { event: 'test/exit', payload: {} },
      ...spec,
    });
  const start = (id: string) => ask<'start'>({ op: 'start', id });
  /** Starts a script as the first process of a container. */
  const run = (id: string, script: string, spec: Partial<CreateContainer> = {}) => {
    create(id, { cmd: ['sh', '-c', script], ...spec });
    return start(id);
  };
  /** Runs a script in a running container to its end; what it printed. */
  const exec = (id: string, script: string, more: object = {}): string => {
    const output = processes.streams.open();
    const argv = ['sh', '-c', script];
    const answer = ask<'exec'>({ op: 'exec', id, argv, output, ...more });
    const text = (processes.streams.take(output) as LogChunk[]).map((chunk) => chunk.text).join('');
    return answer.ok ? text : answer.message;
  };
  const logs = (id: string) => containerd.tasks.logs(HOST, id)?.map(({ text }) => text) ?? [];
  const wait = (ms: number) => kernel.advance(kernel.now + ms);
  const status = (id: string) => containerd.tasks.view(HOST, id)?.status;
  const get = (ip: string, path = '/', timeoutMs = 5000): HttpOutcome => {
    const before = outcomes.length;
    const then = { event: 'test/http', payload: {} };
    const from = { machine: HOST, name: 'client' };
    http.request(from, { ip, port: 80 }, { method: 'GET', path }, then, { timeoutMs });
    kernel.advanceUntil(() => outcomes.length > before, 60_000);
    return outcomes.at(-1)!;
  };
  return {
    ...{ kernel, processes, containerd, http, files, addresses, exits },
    ...{ ask, create, start, run, exec, logs, wait, status, get },
  };
}

function stock({ content }: Containerd): void {
  const layer = layerOf(imageEntries());
  content.put(HOST, layer.blob);
  content.unpack(HOST, layer.blob.digest);
  const config = bytesBlob(
    encodeJson({
      architecture: 'amd64',
      os: 'linux',
      created: '2026-01-01T00:00:00Z',
      config: CONFIG,
      rootfs: { type: 'layers', diff_ids: [layer.diffId] },
      history: [],
    }),
  );
  const manifest = bytesBlob(
    encodeJson({
      schemaVersion: 2,
      mediaType: MEDIA.manifest,
      config: { mediaType: MEDIA.config, digest: config.digest, size: config.size },
      layers: [describeLayer(layer)],
    }),
  );
  content.put(HOST, config);
  content.put(HOST, manifest);
  content.name(HOST, IMAGE, manifest.digest);
}
