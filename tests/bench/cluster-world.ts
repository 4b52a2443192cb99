import { Containerd } from '../../src/engine/containerd/containerd.ts';
import type { Client } from '../../src/engine/kubernetes/client/client.ts';
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
import { addAround, addQuota } from './around-deployment.ts';

/**
 * A cluster of many nodes in five zones, all of which have an image, without shells: what a
 * benchmark of the whole path needs, from a Deployment through the API server, the scheduler and
 * kubelets to running containers and back to the status.
 */
const IMAGE = 'traefik:v3.6';
const ZONES = 5;
const SETTLE_MS = 5000;
/** How long a rollout may take, and how often it is looked at. */
const ROLLOUT_MS = 36_000_000;
const LOOK_MS = 1000;

export class ClusterWorld {
  readonly kernel: Kernel;
  readonly #isMixed: boolean;
  readonly #client: Client;
  readonly #containerd: Containerd;

  /** @param isMixed each Deployment has labels, requests and objects around it of its own */
  constructor(nodes: number, isMixed = false) {
    this.#isMixed = isMixed;
    const kernel = new Kernel({ seed: 1 });
    this.kernel = kernel;
    const processes = new Processes(kernel);
    const links = new Links(kernel, processes);
    const addresses = new Addresses(kernel);
    const http = new Http(kernel, processes, links, addresses);
    const registries = new Registries(kernel, processes);
    const files = new MachineFiles(kernel, processes);
    const containerd = new Containerd(kernel, processes, http, files);
    this.#containerd = containerd;
    const parts = { kernel, processes, links, http, addresses, containerd };
    const cluster = new Cluster(parts, { name: 'main' });
    addDockerHub(registries);
    links.setEnd('docker.io', { latencyMs: 20, bytesPerMs: 12_500 });
    cluster.start();
    this.#client = cluster.client('kubectl');
    for (let i = 0; i < nodes; i++) {
      const name = nodeName(i);
      containerd.addMachine(name);
      if (i === 0) this.#pull(name);
      else this.#copyImage(nodeName(0), name);
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
    if (isMixed) addQuota(this.#client);
    kernel.advance(kernel.now + SETTLE_MS);
  }

  /** Makes Deployments of so many Pods each; waits until all Pods are ready. */
  rollOut(prefix: string, deployments: number, replicas: number): void {
    this.start(prefix, deployments, replicas);
    const endMs = this.kernel.now + ROLLOUT_MS;
    while (!this.isReady(prefix, deployments, replicas)) {
      if (this.kernel.now > endMs) throw new Error(`${prefix} does not become ready`);
      this.kernel.advance(this.kernel.now + LOOK_MS);
    }
  }

  start(prefix: string, deployments: number, replicas: number): void {
    for (let i = 1; i <= deployments; i++) {
      const name = `${prefix}-${i}`;
      this.#create(name, replicas, this.#isMixed ? i : 0);
      if (this.#isMixed) addAround(this.#client, name, replicas);
    }
  }

  isReady(prefix: string, deployments: number, replicas: number): boolean {
    for (let i = 1; i <= deployments; i++) {
      const found = this.#client.get('deployments', 'default', `${prefix}-${i}`);
      if (found?.status.readyReplicas !== replicas) return false;
    }
    return true;
  }

  /** @param nth what is asked for and labelled differs with it */
  #create(name: string, replicas: number, nth: number): void {
    const labels = { app: name, ...(nth > 0 && { tier: `tier-${nth % 3}`, team: 'shop' }) };
    const requests = { cpu: `${100 - (nth % 7) * 10}m`, memory: `${128 - (nth % 5) * 16}Mi` };
    const made = this.#client.create('deployments', {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name, namespace: 'default' },
      spec: {
        replicas,
        progressDeadlineSeconds: 36_000,
        strategy: { type: 'RollingUpdate' },
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            containers: [
              {
                name: 'main',
                image: IMAGE,
                imagePullPolicy: 'IfNotPresent',
                command: ['traefik'],
                resources: { requests },
              },
            ],
          },
        },
      },
    });
    if (!made.ok) throw new Error(`${name}: ${made.failure.message}`);
  }

  #pull(machine: string): void {
    const { kernel } = this;
    const done = kernel.store.table<boolean>('bench/pulled');
    const pulled = kernel.event<{ answer: { ok: boolean } }>('bench/pulled', ({ answer }) => {
      done.set(machine, answer.ok);
    });
    const then = { event: pulled.name, payload: {} };
    this.#containerd.call(machine, { op: 'pull', reference: IMAGE }, then);
    if (!kernel.advanceUntil(() => done.get(machine) === true, 600_000)) {
      throw new Error(`${IMAGE} cannot be pulled`);
    }
  }

  /** Has an image on another machine as if it had been pulled there. */
  #copyImage(from: string, to: string): void {
    const { content } = this.#containerd;
    for (const [reference, { digest }] of content.rows(from)) {
      for (const one of content.reachable(from, digest)) content.add(to, content.blob(from, one)!);
      let chainId: string | undefined;
      for (const layer of readManifest(content.manifestOf(from, digest)).layers) {
        chainId = content.unpack(to, layer.digest, chainId);
      }
      content.name(to, reference, digest);
    }
  }
}

const nodeName = (i: number): string => `node-${String(i + 1).padStart(4, '0')}`;
