import { describe, expect, it } from 'vitest';
import { problems } from './problems.ts';

const box = { name: 'web', image: 'nginx', imagePullPolicy: 'Always' };
const pod = (spec: object, metadata: object = {}): object => ({
  kind: 'Pod',
  metadata,
  spec: { containers: [box], ...spec },
});
const withBox = (container: object): object => pod({ containers: [{ ...box, ...container }] });
const ofPod = (spec: object): string[] => problems('pods', pod(spec));
const ofBox = (container: object): string[] => problems('pods', withBox(container));

describe('a Pod that is right', () => {
  it('has nothing said about it', () => {
    expect(ofPod({})).toEqual([]);
  });
});

describe('the name of a Pod', () => {
  it('is a subdomain', () => {
    expect(problems('pods', pod({}, { name: 'Web_1' }))).toEqual([
      `metadata.name: Invalid value: "Web_1": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`,
    ]);
  });

  it('goes with labels of a given form', () => {
    const labels = { app: 'a b', ['k'.repeat(64)]: 'x' };
    expect(problems('pods', pod({}, { labels }))).toEqual([
      `metadata.labels: Invalid value: "a b": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')`,
      `metadata.labels: Invalid value: "${'k'.repeat(64)}": name part must be no more than 63 bytes`,
    ]);
  });

  it('goes with no more than 256 KiB of annotations', () => {
    expect(problems('pods', pod({}, { annotations: { a: 'x'.repeat(262_144) } }))).toEqual([
      'metadata.annotations: Too long: may not be more than 262144 bytes',
    ]);
  });
});

describe('the containers of a Pod', () => {
  it('are there, with names and images', () => {
    expect(ofPod({ containers: [] })).toEqual(['spec.containers: Required value']);
    expect(ofPod({ containers: [{ name: 'a' }, { name: 'a', image: 'b' }] })).toEqual([
      'spec.containers[0].image: Required value',
      'spec.containers[1].name: Duplicate value: "a"',
    ]);
    expect(ofBox({ name: 'Web' })).toEqual([
      `spec.containers[0].name: Invalid value: "Web": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')`,
    ]);
  });

  it('ask for no more than they may have', () => {
    const resources = { requests: { memory: '2Gi' }, limits: { memory: '1Gi' } };
    expect(ofBox({ resources })).toEqual([
      'spec.containers[0].resources.requests: Invalid value: "2Gi": must be less than or equal to memory limit of 1Gi',
    ]);
    expect(ofBox({ resources: { requests: { cpu: '-1' } } })).toEqual([
      'spec.containers[0].resources.requests[cpu]: Invalid value: "-1": must be greater than or equal to 0',
    ]);
  });

  it('have ports that can be', () => {
    const ports = [
      { containerPort: 0 },
      { containerPort: 70_000, name: 'a' },
      { containerPort: 80, name: 'a', protocol: 'ICMP' },
    ];
    expect(ofBox({ ports })).toEqual([
      'spec.containers[0].ports[0].containerPort: Required value',
      'spec.containers[0].ports[1].containerPort: Invalid value: 70000: must be between 1 and 65535, inclusive',
      'spec.containers[0].ports[2].name: Duplicate value: "a"',
      'spec.containers[0].ports[2].protocol: Unsupported value: "ICMP": supported values: "SCTP", "TCP", "UDP"',
    ]);
  });

  it('mount volumes that are there, each place once', () => {
    const volumeMounts = [
      { name: 'data', mountPath: '/a' },
      { name: 'none', mountPath: '/a' },
      { name: 'data', mountPath: '' },
    ];
    const volumes = [{ name: 'data', emptyDir: {} }];
    expect(ofPod({ containers: [{ ...box, volumeMounts }], volumes })).toEqual([
      'spec.containers[0].volumeMounts[1].name: Not found: "none"',
      'spec.containers[0].volumeMounts[1].mountPath: Invalid value: "/a": must be unique',
      'spec.containers[0].volumeMounts[2].mountPath: Required value',
    ]);
  });

  it('have one way to be probed, and time for it', () => {
    expect(ofBox({ livenessProbe: {} })).toEqual([
      'spec.containers[0].livenessProbe: Required value: must specify a handler type',
    ]);
    const exec = { command: ['true'] };
    expect(ofBox({ livenessProbe: { exec, successThreshold: 2, periodSeconds: -1 } })).toEqual([
      'spec.containers[0].livenessProbe.periodSeconds: Invalid value: -1: must be greater than or equal to 0',
      'spec.containers[0].livenessProbe.successThreshold: Invalid value: 2: must be 1',
    ]);
  });

  it('take values of variables from one place', () => {
    const fieldRef = { fieldPath: 'metadata.name' };
    const env = [
      { name: 'A', value: 'b', valueFrom: { fieldRef } },
      { name: 'B', valueFrom: {} },
      { name: 'a=b' },
    ];
    expect(ofBox({ env })).toEqual([
      'spec.containers[0].env[0].valueFrom: Invalid value: "": may not be specified when `value` is not empty',
      'spec.containers[0].env[1].valueFrom: Invalid value: "": must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`',
      `spec.containers[0].env[2].name: Invalid value: "a=b": a valid environment variable name must consist only of printable ASCII characters other than '='`,
    ]);
  });
});

describe('where a Pod may go', () => {
  it('is said with tolerations and spreading of a given form', () => {
    const tolerations = [
      { key: 'a', operator: 'Exists', value: 'b' },
      { operator: 'Equal', value: 'b' },
      { key: 'a', effect: 'NoSchedule', tolerationSeconds: 3 },
    ];
    expect(ofPod({ tolerations })).toEqual([
      'spec.tolerations[0].operator: Invalid value: "b": value must be empty when `operator` is \'Exists\'',
      'spec.tolerations[1].operator: Invalid value: "Equal": operator must be Exists when `key` is empty, which means "match all values and all keys"',
      'spec.tolerations[2].effect: Invalid value: "NoSchedule": effect must be \'NoExecute\' when `tolerationSeconds` is set',
    ]);
    const topologySpreadConstraints = [{ maxSkew: 0, topologyKey: '', whenUnsatisfiable: 'Maybe' }];
    expect(ofPod({ topologySpreadConstraints })).toEqual([
      'spec.topologySpreadConstraints[0].maxSkew: Invalid value: 0: must be greater than zero',
      'spec.topologySpreadConstraints[0].topologyKey: Required value: can not be empty',
      'spec.topologySpreadConstraints[0].whenUnsatisfiable: Unsupported value: "Maybe": supported values: "DoNotSchedule", "ScheduleAnyway"',
    ]);
  });
});

describe('a change of a Pod', () => {
  it('may be of an image, and of little else', () => {
    const other = withBox({ image: 'nginx:2' });
    expect(problems('pods', other, pod({}))).toEqual([]);
    expect(problems('pods', pod({ nodeSelector: { a: 'b' } }), pod({}))).toEqual([
      'spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)\n' +
        '@@ -39,7 +39,9 @@\n' +
        '  "TerminationGracePeriodSeconds": 30,\n' +
        '  "ActiveDeadlineSeconds": null,\n' +
        '  "DNSPolicy": "ClusterFirst",\n' +
        '- "NodeSelector": null,\n' +
        '+ "NodeSelector": {\n' +
        '+  "a": "b"\n' +
        '+ },\n' +
        '  "ServiceAccountName": "",\n' +
        '  "AutomountServiceAccountToken": null,\n' +
        '  "NodeName": "",\n',
    ]);
  });

  it('adds no containers', () => {
    expect(problems('pods', pod({ containers: [box, { ...box, name: 'b' }] }), pod({}))).toEqual([
      'spec.containers: Forbidden: pod updates may not add or remove containers',
    ]);
  });
});
