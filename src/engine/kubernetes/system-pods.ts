import type { Pod, PodSpec } from './api/pod.ts';
import type { Client } from './client/client.ts';
import type { ControlPlaneProcess } from './control-plane.ts';
import { DNS_IP } from './dns/names.ts';

/**
 * What `kubeadm init` puts into kube-system: the control plane as Pods from files of its node,
 * CoreDNS and kube-proxy (cmd/kubeadm/app/phases/{controlplane,etcd,addons}, v1.36).
 *
 * Simplified: their containers hold memory and do nothing, the engine does their work; they have no
 * probes, configuration and certificates.
 */
const NAMESPACE = 'kube-system';
const REGISTRY = 'registry.k8s.io';
const VERSION = 'v1.36.0';

interface ControlPlanePod {
  readonly image: string;
  readonly cpu: string;
  readonly memory?: string;
}

const CONTROL_PLANE_PODS: Readonly<Record<ControlPlaneProcess, ControlPlanePod>> = {
  etcd: { image: 'etcd:3.6.6-0', cpu: '100m', memory: '100Mi' },
  'kube-apiserver': { image: `kube-apiserver:${VERSION}`, cpu: '250m' },
  'kube-controller-manager': { image: `kube-controller-manager:${VERSION}`, cpu: '200m' },
  'kube-scheduler': { image: `kube-scheduler:${VERSION}`, cpu: '100m' },
};

/** The manifest of a part of the control plane, without its node. */
export function controlPlanePod(name: ControlPlaneProcess) {
  const { image, cpu, memory } = CONTROL_PLANE_PODS[name];
  const requests = { cpu, ...(memory !== undefined && { memory }) };
  const spec = {
    containers: [
      {
        name,
        image: `${REGISTRY}/${image}`,
        command: [name],
        imagePullPolicy: 'IfNotPresent',
        resources: { requests },
      },
    ],
    hostNetwork: true,
    priorityClassName: 'system-node-critical',
  } as unknown as PodSpec;
  const labels = { component: name, tier: 'control-plane' };
  return { name, namespace: NAMESPACE, labels, spec };
}

export const DNS_SERVICE = { namespace: NAMESPACE, name: 'kube-dns' };

const DNS_LABELS = { 'k8s-app': 'kube-dns' };
const PROXY_LABELS = { 'k8s-app': 'kube-proxy' };

type Template = Pick<Pod, 'spec'> & { metadata: { labels: Readonly<Record<string, string>> } };

const dnsTemplate = {
  metadata: { labels: DNS_LABELS },
  spec: {
    containers: [
      {
        name: 'coredns',
        image: `${REGISTRY}/coredns/coredns:v1.13.1`,
        imagePullPolicy: 'IfNotPresent',
        args: ['-conf', '/etc/coredns/Corefile'],
        ports: [
          { name: 'dns', containerPort: 53, protocol: 'UDP' },
          { name: 'dns-tcp', containerPort: 53, protocol: 'TCP' },
          { name: 'metrics', containerPort: 9153, protocol: 'TCP' },
        ],
        resources: { limits: { memory: '170Mi' }, requests: { cpu: '100m', memory: '70Mi' } },
      },
    ],
    dnsPolicy: 'Default',
    nodeSelector: { 'kubernetes.io/os': 'linux' },
    priorityClassName: 'system-cluster-critical',
    tolerations: [
      { key: 'CriticalAddonsOnly', operator: 'Exists' },
      { key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' },
    ],
  },
} as unknown as Template;

const proxyTemplate = {
  metadata: { labels: PROXY_LABELS },
  spec: {
    containers: [
      {
        name: 'kube-proxy',
        image: `${REGISTRY}/kube-proxy:${VERSION}`,
        imagePullPolicy: 'IfNotPresent',
        command: ['/usr/local/bin/kube-proxy'],
      },
    ],
    hostNetwork: true,
    nodeSelector: { 'kubernetes.io/os': 'linux' },
    priorityClassName: 'system-node-critical',
    tolerations: [{ operator: 'Exists' }],
  },
} as unknown as Template;

/** Creates CoreDNS with its Service, and kube-proxy on every node. */
export function addSystemWorkloads(client: Client): void {
  client.create('services', {
    ...{ apiVersion: 'v1', kind: 'Service' },
    metadata: {
      ...DNS_SERVICE,
      labels: { ...DNS_LABELS, 'kubernetes.io/cluster-service': 'true' },
    },
    spec: {
      clusterIP: DNS_IP,
      selector: DNS_LABELS,
      ports: [
        { name: 'dns', port: 53, protocol: 'UDP', targetPort: 53 },
        { name: 'dns-tcp', port: 53, protocol: 'TCP', targetPort: 53 },
        { name: 'metrics', port: 9153, protocol: 'TCP', targetPort: 9153 },
      ],
    },
  });
  client.create('deployments', {
    ...{ apiVersion: 'apps/v1', kind: 'Deployment' },
    metadata: { name: 'coredns', namespace: NAMESPACE, labels: DNS_LABELS },
    spec: {
      replicas: 2,
      selector: { matchLabels: DNS_LABELS },
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1 } },
      template: dnsTemplate,
    },
  } as never);
  client.create('daemonsets', {
    ...{ apiVersion: 'apps/v1', kind: 'DaemonSet' },
    metadata: { name: 'kube-proxy', namespace: NAMESPACE, labels: PROXY_LABELS },
    spec: {
      selector: { matchLabels: PROXY_LABELS },
      updateStrategy: { type: 'RollingUpdate' },
      template: proxyTemplate,
    },
  } as never);
}
