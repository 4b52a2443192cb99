import { percentOf, type IntOrString } from '../apimachinery/int-or-string.ts';
import { isEmptySelector, selectorMatches } from '../apimachinery/label-selector.ts';
import type { KubeObject } from '../apimachinery/object.ts';
import { parseQuantity } from '../apimachinery/quantity.ts';
import { canonicalJson, sameValue } from '../apimachinery/canonical-json.ts';
import type { StatusCause } from '../apimachinery/status.ts';
import type { Service } from './cluster-objects.ts';
import type { Container, Pod, PodSpec, PodTemplate } from './pod.ts';
import type { ResourceName } from './resources.ts';
import type { Deployment, ReplicaSet } from './workloads.ts';

/**
 * What the server refuses, in its words (pkg/apis/{core,apps}/validation/validation.go and
 * apimachinery pkg/util/validation/field/errors.go, v1.36).
 *
 * Simplified: the rules that a first manifest meets; others are taken on trust.
 */
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const SERVICE_LABEL = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const SUBDOMAIN_RULE =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or " +
  "'.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used " +
  "for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const LABEL_RULE =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and " +
  "must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used " +
  "for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const SERVICE_RULE =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an " +
  "alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', " +
  "regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";

const required = (field: string, detail = ''): StatusCause => ({
  field,
  message: detail ? `Required value: ${detail}` : 'Required value',
});

const invalidValue = (field: string, value: unknown, why: string): StatusCause => ({
  field,
  message: `Invalid value: ${shown(value)}: ${why}`,
});

const shown = (value: unknown): string =>
  typeof value === 'object' ? canonicalJson(value) : JSON.stringify(value);

/** Everything that is wrong with an object; `previous` is what it replaces. */
export function validate(
  resource: ResourceName,
  object: KubeObject,
  previous?: KubeObject,
): StatusCause[] {
  const causes = nameCauses(resource, object);
  switch (resource) {
    case 'pods':
      causes.push(...podSpecCauses((object as Pod).spec, 'spec'));
      if (previous) causes.push(...podUpdateCauses(object as Pod, previous as Pod));
      break;
    case 'replicasets':
    case 'deployments':
      causes.push(...workloadCauses(object as Deployment, previous as Deployment | undefined));
      break;
    case 'services':
      causes.push(...serviceCauses(object as Service, previous as Service | undefined));
      break;
    default:
  }
  return causes;
}

function nameCauses(resource: ResourceName, object: KubeObject): StatusCause[] {
  const { name } = object.metadata;
  if (!name) return [required('metadata.name', 'name or generateName is required')];
  if (resource === 'services') {
    return SERVICE_LABEL.test(name) ? [] : [invalidValue('metadata.name', name, SERVICE_RULE)];
  }
  return SUBDOMAIN.test(name) ? [] : [invalidValue('metadata.name', name, SUBDOMAIN_RULE)];
}

function podSpecCauses(spec: PodSpec, at: string): StatusCause[] {
  const causes: StatusCause[] = [];
  if (spec.containers.length === 0) causes.push(required(`${at}.containers`));
  const names = new Set<string>();
  spec.containers.forEach((container, i) => {
    const field = `${at}.containers[${i}]`;
    causes.push(...containerCauses(container, field));
    if (names.has(container.name)) {
      causes.push({ field: `${field}.name`, message: `Duplicate value: ${shown(container.name)}` });
    }
    names.add(container.name);
  });
  return causes;
}

function containerCauses(container: Container, at: string): StatusCause[] {
  const causes: StatusCause[] = [];
  if (!container.name) causes.push(required(`${at}.name`));
  else if (!LABEL.test(container.name)) {
    causes.push(invalidValue(`${at}.name`, container.name, LABEL_RULE));
  }
  if (!container.image) causes.push(required(`${at}.image`));
  (container.ports ?? []).forEach((port, i) => {
    causes.push(...portCauses(port.containerPort, `${at}.ports[${i}].containerPort`));
  });
  const { requests = {}, limits = {} } = container.resources ?? {};
  for (const [name, amount] of Object.entries(requests)) {
    const limit = limits[name];
    const wanted = parseQuantity(amount) ?? 0;
    if (limit !== undefined && wanted > (parseQuantity(limit) ?? 0)) {
      const why = `must be less than or equal to ${name} limit of ${limit}`;
      causes.push(invalidValue(`${at}.resources.requests`, String(amount), why));
    }
  }
  return causes;
}

function portCauses(port: number, field: string): StatusCause[] {
  if (Number.isInteger(port) && port > 0 && port < 65_536) return [];
  return [invalidValue(field, port, 'must be between 1 and 65535, inclusive')];
}

/** Of a Pod's spec only images, the grace period and added tolerations may change. */
function podUpdateCauses(pod: Pod, previous: Pod): StatusCause[] {
  const fixed = ({ spec }: Pod) => ({
    ...spec,
    containers: spec.containers.map((container) => ({ ...container, image: '' })),
    tolerations: undefined,
    terminationGracePeriodSeconds: undefined,
  });
  if (sameValue(fixed(pod), fixed(previous))) return [];
  const why =
    'pod updates may not change fields other than `spec.containers[*].image`,' +
    '`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only ' +
    'additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set ' +
    'to 1 if it was previously negative)';
  return [{ field: 'spec', message: `Forbidden: ${why}` }];
}

function workloadCauses(
  object: Deployment | ReplicaSet,
  previous: Deployment | ReplicaSet | undefined,
): StatusCause[] {
  const { spec } = object;
  const causes: StatusCause[] = [];
  if (spec.replicas < 0) {
    causes.push(invalidValue('spec.replicas', spec.replicas, 'must be greater than or equal to 0'));
  }
  if (!spec.selector) causes.push(required('spec.selector'));
  else if (isEmptySelector(spec.selector)) {
    const why = 'empty selector is invalid for deployment';
    causes.push(invalidValue('spec.selector', spec.selector, why));
  } else {
    causes.push(...templateLabelCauses(spec.template, spec.selector));
  }
  if (previous && !sameValue(previous.spec.selector, spec.selector)) {
    causes.push(invalidValue('spec.selector', spec.selector, 'field is immutable'));
  }
  const policy = spec.template.spec.restartPolicy;
  if (policy !== undefined && policy !== 'Always') {
    const message = `Unsupported value: ${shown(policy)}: supported values: "Always"`;
    causes.push({ field: 'spec.template.spec.restartPolicy', message });
  }
  if ('strategy' in spec) causes.push(...strategyCauses(spec.strategy.rollingUpdate));
  causes.push(...podSpecCauses(spec.template.spec, 'spec.template.spec'));
  return causes;
}

function templateLabelCauses(
  template: PodTemplate,
  selector: Deployment['spec']['selector'],
): StatusCause[] {
  const labels = template.metadata?.labels ?? {};
  if (selectorMatches(selector, labels)) return [];
  const why = '`selector` does not match template `labels`';
  return [invalidValue('spec.template.metadata.labels', labels, why)];
}

function strategyCauses(rolling: Deployment['spec']['strategy']['rollingUpdate']): StatusCause[] {
  if (!rolling) return [];
  const { maxSurge = '25%', maxUnavailable = '25%' } = rolling;
  const causes: StatusCause[] = [];
  const at = 'spec.strategy.rollingUpdate';
  const zero = (value: IntOrString) => value === 0 || percentOf(value) === 0;
  for (const [field, value] of Object.entries({ maxUnavailable, maxSurge })) {
    if (typeof value === 'string' && percentOf(value) === undefined) {
      const why =
        'a valid percent string must be a numeric string followed by an ending ' +
        "'%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')";
      causes.push(invalidValue(`${at}.${field}`, value, why));
    } else if (typeof value === 'number' && value < 0) {
      causes.push(invalidValue(`${at}.${field}`, value, 'must be greater than or equal to 0'));
    }
  }
  if (zero(maxSurge) && zero(maxUnavailable)) {
    const why = 'may not be 0 when `maxSurge` is 0';
    causes.push(invalidValue(`${at}.maxUnavailable`, maxUnavailable, why));
  }
  return causes;
}

function serviceCauses(service: Service, previous: Service | undefined): StatusCause[] {
  const { spec } = service;
  const causes: StatusCause[] = [];
  const ports = spec.ports ?? [];
  if (ports.length === 0 && spec.type !== 'ExternalName' && spec.clusterIP !== 'None') {
    causes.push(required('spec.ports'));
  }
  ports.forEach((port, i) => {
    causes.push(...portCauses(port.port, `spec.ports[${i}].port`));
    if (ports.length > 1 && !port.name) causes.push(required(`spec.ports[${i}].name`));
  });
  if (previous?.spec.clusterIP && spec.clusterIP !== previous.spec.clusterIP) {
    const why = 'may not change once set';
    causes.push(invalidValue('spec.clusterIPs[0]', spec.clusterIP ?? '', why));
  }
  return causes;
}
