import { Addresses } from '../../src/engine/net/address.ts';
import { Http } from '../../src/engine/net/http.ts';
import { Links } from '../../src/engine/net/link.ts';
import { Containerd } from '../../src/engine/containerd/containerd.ts';
import { MachineFiles } from '../../src/engine/machine/files.ts';
import { addDockerHub, addKubernetesRegistry } from '../../src/engine/oci/hub/catalogue.ts';
import { Registries } from '../../src/engine/oci/registry.ts';
import { Kernel } from '../../src/engine/sim/kernel.ts';
import { Processes } from '../../src/engine/sim/processes.ts';
import { adminKubeconfig } from '../../src/engine/kubernetes/api-endpoint.ts';
import { serveExplanations } from '../../src/engine/kubernetes/kubectl/explain/explain-service.ts';
import { addKubectl, Cluster, CONTROL_PLANE_NODE } from '../../src/engine/kubernetes/cluster.ts';

/** For tests: a cluster of one control plane and three workers, and a person with kubectl. */
export function smallCluster(seed = 5) {
  const kernel = new Kernel({ seed });
  const processes = new Processes(kernel);
  const links = new Links(kernel, processes);
  const addresses = new Addresses(kernel);
  const http = new Http(kernel, processes, links, addresses);
  const registries = new Registries(kernel, processes);
  const files = new MachineFiles(kernel, processes);
  const containerd = new Containerd(kernel, processes, http, files);
  const cluster = new Cluster(
    { kernel, processes, links, http, addresses, containerd },
    { name: 'main' },
  );
  addKubectl(processes, [cluster], http);
  serveExplanations(processes);
  const ended = kernel.store.table<number>('test/ended');
  kernel.event<{ run: string; ending: { result?: unknown } }>('test/end', ({ run, ending }) => {
    ended.set(run, Number(ending.result));
  });
  addDockerHub(registries);
  addKubernetesRegistry(registries);
  links.setEnd('docker.io', { latencyMs: 20, bytesPerMs: 12_500 });
  files.addMachine('dev');
  files.write('dev', '/home/dev/.kube/config', adminKubeconfig(cluster.server));
  cluster.start();
  ['control-1', 'node-1', 'node-2', 'node-3'].forEach((name, i) => {
    containerd.addMachine(name);
    const ip = `10.0.0.${10 + i}`;
    addresses.assign(ip, { machine: name, owner: name });
    cluster.addNode({
      name,
      ip,
      podCidr: `10.244.${i}.0/24`,
      cpu: '2',
      memory: '4Gi',
      ...(name === 'control-1' ? CONTROL_PLANE_NODE : {}),
    });
  });
  /** Starts a command line on the workstation; read its streams with `output`. */
  const begin = (text: string) => {
    const stdout = processes.streams.open();
    const stderr = processes.streams.open();
    const run = String(stdout);
    const line = {
      machine: 'dev',
      argv: text.split(' '),
      env: { HOME: '/home/dev' },
      cwd: '/home/dev',
    };
    const pid = processes.spawn('kubectl/cli', line, {
      io: { stdout, stderr },
      then: { event: 'test/end', payload: { run } },
    });
    return { run, stdout, stderr, pid };
  };
  const output = (stream: number): string => processes.streams.take(stream).join('');
  /** Runs a command line to its end. */
  const sh = (text: string, limitMs = 700_000) => {
    const started = begin(text);
    const done = kernel.advanceUntil(() => ended.has(started.run), limitMs);
    const code = done ? (ended.get(started.run) ?? -1) : -1;
    return { out: output(started.stdout), err: output(started.stderr), code };
  };
  const write = (name: string, text: string): void => {
    files.write('dev', `/home/dev/${name}`, text);
  };
  return { kernel, processes, http, cluster, containerd, links, sh, begin, output, write };
}

export const WEB = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 3
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
      - name: web
        image: nginx:1.29-alpine
        ports:
        - containerPort: 80
        readinessProbe:
          httpGet:
            path: /
            port: 80
          periodSeconds: 2
        resources:
          requests:
            cpu: 100m
            memory: 64Mi
---
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector:
    app: web
  ports:
  - port: 80
`;
