import { describe, expect, it } from 'vitest';
import { MachineFiles } from '../machine/machine-files.ts';
import { Addresses } from '../net/address.ts';
import { Http, type HttpOutcome } from '../net/http.ts';
import { Links } from '../net/link.ts';
import { addDockerHub } from '../oci/hub/catalogue.ts';
import { Registries } from '../oci/registry.ts';
import { Kernel } from '../sim/kernel.ts';
import { Processes } from '../sim/processes.ts';
import type { ContainerdRequest, ContainerExit } from './api.ts';
import { Containerd } from './containerd.ts';

const NGINX = 'docker.io/library/nginx:1.29-alpine';
const ALPINE = 'docker.io/library/alpine:3.22';

/** Two machines that can reach Docker Hub, and a room that notes what it is told. */
function twoMachines() {
  const kernel = new Kernel({ seed: 3 });
  const processes = new Processes(kernel);
  const links = new Links(kernel, processes);
  const addresses = new Addresses(kernel);
  const http = new Http(kernel, processes, links, addresses);
  const registries = new Registries(kernel, processes);
  addDockerHub(registries);
  links.setEnd('docker.io', { latencyMs: 20, bytesPerMs: 12_500 });
  const containerd = new Containerd(kernel, processes, http, new MachineFiles(kernel, processes));
  for (const machine of ['node-1', 'node-2']) containerd.addMachine(machine);
  addresses.assign('10.0.0.11', { machine: 'node-1', owner: 'node-1' });
  addresses.setName('node-1', '10.0.0.11');
  const answers: { answer: never; at: number }[] = [];
  const exits: ContainerExit[] = [];
  const outcomes: HttpOutcome[] = [];
  kernel.event<{ answer: never }>('test/answer', ({ answer }) => {
    answers.push({ answer, at: kernel.now });
  });
  kernel.event<{ exit: ContainerExit }>('test/exit', ({ exit }) => exits.push(exit));
  kernel.event<{ outcome: HttpOutcome }>('test/http', ({ outcome }) => outcomes.push(outcome));
  const call = (machine: string, request: ContainerdRequest): never => {
    const before = answers.length;
    containerd.call(machine, request, { event: 'test/answer', payload: {} });
    kernel.advanceUntil(() => answers.length > before, 120_000);
    return answers.at(-1)!.answer;
  };
  const run = (id: string, ip: string, more: object = {}) => {
    const exitEvent = { event: 'test/exit', payload: {} };
    const spec = { id, name: `container ${id}`, image: NGINX, ip, exitEvent, ...more };
    addresses.assign(ip, { machine: 'node-1', owner: id });
    const created = containerd.answer('node-1', { op: 'create', ...spec });
    if (!created.ok) return created;
    const started: { ok: boolean; message?: string } = call('node-1', { op: 'start', id });
    return started;
  };
  const get = (ip: string, path: string, port = 80) => {
    const before = outcomes.length;
    const from = { machine: 'node-1', name: 'client' };
    const then = { event: 'test/http', payload: {} };
    http.request(from, { ip, port }, { method: 'GET', path }, then);
    kernel.advanceUntil(() => outcomes.length > before, 60_000);
    return outcomes.at(-1)!;
  };
  return { kernel, processes, links, containerd, call, run, get, exits, answers };
}

type Pulled = { ok: true; fetched: boolean; fetchedBytes: number; durationMs: number };

describe('a pull', () => {
  it('fetches every layer once, and only what is missing for the next image', () => {
    const { call, kernel } = twoMachines();
    const alpine: Pulled = call('node-1', { op: 'pull', reference: ALPINE });
    expect(alpine.ok && alpine.fetched).toBe(true);
    const nginx: Pulled & { layers: { present: boolean }[] } = call('node-1', {
      op: 'pull',
      reference: NGINX,
    });
    expect(nginx.layers.map(({ present }) => present)).toEqual([
      true,
      ...Array.from({ length: 7 }, () => false),
    ]);
    const again: Pulled = call('node-1', { op: 'pull', reference: NGINX });
    expect([again.fetched, again.fetchedBytes]).toEqual([false, 0]);
    expect(again.durationMs).toBeLessThan(200);
    const other: Pulled = call('node-2', { op: 'pull', reference: NGINX });
    expect(other.fetchedBytes).toBeGreaterThan(20_000_000);
    const bytes = [...kernel.trace.since(0)].filter((r) => r.verb === 'fetch');
    expect(bytes.every((r) => r.flow?.channel === 'bytes' && (r.flow.durationMs ?? 0) > 0)).toBe(
      true,
    );
  });

  it('takes as long as its bytes take over the link, three blobs at once', () => {
    const { call, links } = twoMachines();
    const fast: Pulled = call('node-1', { op: 'pull', reference: NGINX });
    links.setEnd('docker.io', { latencyMs: 20, bytesPerMs: 1250 });
    const slow: Pulled = call('node-2', { op: 'pull', reference: NGINX });
    expect(slow.fetchedBytes).toBe(fast.fetchedBytes);
    // The largest layer alone, 16.8 MB, needs 13.5 s; one after another they would need 18.
    expect(slow.durationMs).toBeGreaterThan(13_400);
    expect(slow.durationMs).toBeLessThan(17_900);
    expect(fast.durationMs).toBeLessThan(slow.durationMs / 4);
  });

  it('asks once for a blob that two pulls want at the same time', () => {
    const { containerd, kernel, answers } = twoMachines();
    const then = { event: 'test/answer', payload: {} };
    containerd.call('node-1', { op: 'pull', reference: NGINX }, then);
    containerd.call('node-1', { op: 'pull', reference: NGINX }, then);
    kernel.advance(60_000);
    expect(answers).toHaveLength(2);
    const fetched = [...kernel.trace.since(0)].filter((r) => r.verb === 'fetched');
    expect(new Set(fetched.map((r) => r.object)).size).toBe(fetched.length);
  });

  it('fails in containerd words', () => {
    const { call, links } = twoMachines();
    const message = (reference: string) => {
      const failed: { message: string } = call('node-1', { op: 'pull', reference });
      return failed.message;
    };
    expect(message('nginx:9.9')).toBe(
      'failed to resolve reference "docker.io/library/nginx:9.9": docker.io/library/nginx:9.9: not found',
    );
    expect(message('nosuch/thing')).toContain('pull access denied');
    expect(message('nowhere.example/web:1')).toContain('no such host');
    links.cut('node-1', 'docker.io');
    expect(message(NGINX)).toContain('i/o timeout');
  });

  it('goes on from a checkpoint in its middle to the same world', () => {
    const { containerd, kernel } = twoMachines();
    containerd.call(
      'node-1',
      { op: 'pull', reference: NGINX },
      { event: 'test/answer', payload: {} },
    );
    kernel.advance(400);
    const middle = kernel.checkpoint();
    kernel.advance(60_000);
    const end = kernel.hash();
    expect(containerd.content.image('node-1', NGINX)).toBeDefined();

    const fresh = twoMachines();
    fresh.kernel.restore(middle);
    expect(fresh.containerd.content.image('node-1', NGINX)).toBeUndefined();
    fresh.kernel.advance(60_000);
    expect(fresh.kernel.hash()).toBe(end);
  });
});

describe('a container', () => {
  it('listens after its start and answers with the bytes of its image', () => {
    const { call, run, get, kernel, containerd } = twoMachines();
    call('node-1', { op: 'pull', reference: NGINX });
    expect(get('10.244.1.2', '/').ok).toBe(false);
    expect(run('web', '10.244.1.2').ok).toBe(true);
    kernel.advance(kernel.now + 1000);
    const home = get('10.244.1.2', '/');
    expect(home.ok && home.response.status).toBe(200);
    expect(home.ok && new TextDecoder().decode(home.response.body)).toContain('Welcome to nginx!');
    const missing = get('10.244.1.2', '/nope');
    expect(missing.ok && missing.response.status).toBe(404);
    const lines = containerd.tasks.logs('node-1', 'web') ?? [];
    expect(lines.at(-1)?.text).toMatch(
      /^10\.0\.0\.11 - - \[05\/Jan\/2026:00:00:\d\d \+0000\] "GET \/nope HTTP\/1\.1" 404 \d+ "-" "-" "-"$/,
    );
  });

  it('ends with 0 on SIGQUIT and SIGTERM, with 137 on SIGKILL, and its ports close', () => {
    const { call, run, get, kernel, containerd, exits } = twoMachines();
    call('node-1', { op: 'pull', reference: NGINX });
    (['SIGQUIT', 'SIGTERM', 'SIGKILL'] as const).forEach((signal, i) => {
      const ip = `10.244.1.${2 + i}`;
      run(signal, ip);
      kernel.advance(kernel.now + 1000);
      expect(get(ip, '/').ok).toBe(true);
      containerd.answer('node-1', { op: 'kill', id: signal, signal });
      kernel.advance(kernel.now + 1000);
      expect(get(ip, '/')).toMatchObject({ ok: false, error: 'refused' });
      expect(containerd.answer('node-1', { op: 'delete', id: signal })).toEqual({ ok: true });
    });
    expect(exits.map(({ exitCode, signal }) => [exitCode, signal])).toEqual([
      [0, undefined],
      [0, undefined],
      [137, 'SIGKILL'],
    ]);
  });

  it('runs a script to its exit code, and ignores SIGTERM as the first process does', () => {
    const { call, run, kernel, containerd, exits } = twoMachines();
    call('node-1', { op: 'pull', reference: ALPINE });
    call('node-1', { op: 'pull', reference: NGINX });
    const cmd = ['-c', 'echo one; sleep 2; false || echo two; exit 3'];
    run('job', '10.244.1.9', { image: ALPINE, entrypoint: ['sh'], cmd });
    containerd.answer('node-1', { op: 'kill', id: 'job', signal: 'SIGTERM' });
    kernel.advance(kernel.now + 1500);
    expect(exits).toEqual([]);
    kernel.advance(kernel.now + 1500);
    expect(exits.map(({ exitCode }) => exitCode)).toEqual([3]);
    const lines = containerd.tasks.logs('node-1', 'job') ?? [];
    expect(lines.map(({ text }) => text)).toEqual(['one', 'two']);
    const none = run('none', '10.244.1.10', { entrypoint: ['nosuch'] });
    expect(none).toMatchObject({ ok: false });
    expect('message' in none && none.message).toContain(
      'exec: "nosuch": executable file not found in $PATH',
    );
  });

  it.each([30, 60, 90, 120, 300])('takes over what a pull killed at %i ms was fetching', (atMs) => {
    const { kernel, processes, answers, containerd } = twoMachines();
    const args = { machine: 'node-1', reference: ALPINE, by: 'first', knownHost: true };
    const first = processes.spawn('containerd/pull', args);
    kernel.advance(atMs);
    const then = { event: 'test/answer', payload: {} };
    containerd.call('node-1', { op: 'pull', reference: ALPINE, by: 'second' }, then);
    kernel.advance(atMs + 45);
    processes.signal(first, 'SIGKILL');
    containerd.call('node-1', { op: 'pull', reference: ALPINE, by: 'third' }, then);
    kernel.advance(kernel.now + 60_000);
    expect(answers.map(({ answer }) => (answer as { ok: boolean }).ok)).toEqual([true, true]);
  });
});
