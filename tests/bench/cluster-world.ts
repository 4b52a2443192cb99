import { Containerd } from '../../src/engine/containerd/containerd.ts';
import { Client } from '../../src/engine/kubernetes/client/client.ts';
import { Cluster } from '../../src/engine/kubernetes/cluster.ts';
import { MachineFiles } from '../../src/engine/machine/files.ts';
import { Addresses } from '../../src/engine/net/address.ts';
import { Http } from '../../src/engine/net/http.ts';
import { Links } from '../../src/engine/net/link.ts';
import { addDockerHub } from '../../src/engine/oci/hub/catalogue.ts';
import { readManifest } from '../../src/engine/oci/layer.ts';
import { Registries } from '../../src/engine/oci/registry.ts';
import { Kernel } from '../../src/engine/sim/kernel.ts';
import { Processes } from '../../src/engine/sim/processes.ts';

/**
 * A cluster of many nodes that all have an image, in five zones, without shells: what a benchmark
 * of the whole path from a Deployment to running containers needs.
 */
const ZONES = 5;
const SETTLE_MS = 5000;

export class ClusterWorld {
  readonly kernel: Kernel;
  readonly client: Client;
  readonly image: string;
  readonly #containerd: Containerd;

  constructor(nodes: number, image: string, traceLimit?: number) {
    const kernel = new Kernel({ seed: 1, ...(traceLimit !== undefined && { traceLimit }) });
    this.kernel = kernel;
    this.image = image;
    const processes = new Processes(kernel);
    const links = new Links(kernel, processes);
    const addresses = new Addresses(kernel);
    const http = new Http(kernel, processes, links, addresses);
    const registries = new Registries(kernel, processes);
    const files = new MachineFiles(kernel, processes);
    this.#containerd = new Containerd(kernel, processes, http, files);
    const containerd = this.#containerd;
    const parts = { kernel, processes, links, http, addresses, containerd };
    const cluster = new Cluster(parts, { name: 'main' });
    addDockerHub(registries);
    links.setEnd('docker.io', { latencyMs: 20, bytesPerMs: 12_500 });
    cluster.start();
    this.client = cluster.client('kubectl');
    for (let i = 0; i < nodes; i++) {
      const name = `node-${String(i + 1).padStart(4, '0')}`;
      containerd.addMachine(name);
      if (i === 0) this.#pull(name);
      else this.#copyImage('node-0001', name);
      const ip = `172.16.${Math.floor(i / 250)}.${(i % 250) + 1}`;
      addresses.assign(ip, { machine: name, owner: name });
      cluster.addNode({
        name,
        ip,
        podCidr: `10.${64 + Math.floor(i / 256)}.${i % 256}.0/24`,
        cpu: '32',
        memory: '64Gi',
        labels: { 'topology.kubernetes.io/zone': `zone-${(i % ZONES) + 1}` },
      });
    }
    kernel.advance(kernel.now + SETTLE_MS);
  }

  /** Has a Deployment with so many Pods, and waits until all of them are ready. */
  rollOut(name: string, replicas: number): void {
    const labels = { app: name };
    const made = this.client.create('deployments', {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name, namespace: 'default' },
      spec: {
        replicas,
        progressDeadlineSeconds: 36_000,
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            containers: [
              {
                name,
                image: this.image,
                imagePullPolicy: 'IfNotPresent',
                command: ['sleep', 'infinity'],
                resources: { requests: { cpu: '100m', memory: '128Mi' } },
              },
            ],
          },
        },
      },
    } as never);
    if (!made.ok) throw new Error(JSON.stringify(made.status));
    const isReady = (): boolean =>
      this.client.get('deployments', 'default', name)?.status.readyReplicas === replicas;
    for (let i = 0; i < 36_000 && !isReady(); i++) this.kernel.advance(this.kernel.now + 1000);
    if (!isReady()) throw new Error(`${name} does not become ready`);
  }

  #pull(machine: string): void {
    const { kernel } = this;
    const done = kernel.store.table<boolean>('bench/pulled');
    kernel.event<{ answer: { ok: boolean } }>('bench/pulled', ({ answer }) => {
      done.set(machine, answer.ok);
    });
    const pulled = { event: 'bench/pulled', payload: {} };
    this.#containerd.call(machine, { op: 'pull', reference: this.image }, pulled);
    if (!kernel.advanceUntil(() => done.get(machine) === true, 600_000)) {
      throw new Error(`${this.image} cannot be pulled`);
    }
  }

  #copyImage(from: string, to: string): void {
    const { content } = this.#containerd;
    const reference = content.rows(from)[0]![0];
    const digest = content.digestOf(from, reference)!;
    for (const one of content.reachable(from, digest)) content.add(to, content.blob(from, one)!);
    let chainId: string | undefined;
    const manifest = readManifest(content.manifestOf(from, digest));
    for (const layer of manifest.layers) {
      chainId = content.unpack(to, layer.digest, chainId);
    }
    content.name(to, reference, digest);
  }
}
