import { fail } from '../failure.ts';
import { checkCycles } from '../project/dependency-order.ts';
import type { Project } from '../project.ts';
import type { Service } from '../service.ts';
import { invalid } from './consistency-error.ts';
import { checkLimits } from './limits.ts';

/**
 * Whether what services refer to is there, and what excludes one another is not set together
 * (compose-go v2.13 `loader/validate.go`). Upstream looks at services in no order; here they come
 * by name, so the same file always meets the same error first.
 */
export function checkConsistency(project: Project): void {
  for (const name of Object.keys(project.services).sort()) {
    const service = project.services[name];
    if (!service) continue;
    for (const check of CHECKS) check(service, project);
  }
  for (const [name, { external, file, environment }] of Object.entries(project.secrets)) {
    if (external === true || file || environment) continue;
    invalid(`secret "${name}" must declare either \`file\` or \`environment\``);
  }
  checkCycles(project);
}

type Check = (service: Service, project: Project) => void;

const source: Check = ({ name, build, image, provider }, project) => {
  if (!build && !image && !provider) {
    invalid(`service "${name}" has neither an image nor a build context specified`);
  }
  if (!build) return;
  if (build.dockerfile_inline && build.dockerfile) {
    invalid(`service "${name}" declares mutualy exclusive dockerfile and dockerfile_inline`);
  }
  for (const [context, value] of Object.entries(build.additional_contexts ?? {})) {
    if (!value.startsWith('service:')) continue;
    const target = value.slice('service:'.length);
    const other = project.services[target];
    const as = `"${target}" as additional contexts ${context}`;
    if (!other) fail(`service "${name}" declares unknown service ${as}`);
    if (!other.build) fail(`service "${name}" declares non-buildable service ${as}`);
  }
};

const platform: Check = ({ build, platform: own }) => {
  const platforms = build?.platforms ?? [];
  if (platforms.length > 0 && own && !platforms.includes(own)) {
    invalid(`service.build.platforms MUST include service.platform "${own}"`);
  }
};

const networks: Check = (service, project) => {
  const names = Object.keys(service.networks ?? {});
  if (service.network_mode && names.length > 0) {
    const both = '`network_mode` and `networks`';
    invalid(`service ${service.name} declares mutually exclusive ${both}`);
  }
  for (const network of names) refers(service, 'network', network, project.networks);
};

const healthcheck: Check = ({ healthcheck: check }) => {
  const first = check?.test?.[0];
  if (first === undefined || ['CMD', 'CMD-SHELL', 'NONE'].includes(first)) return;
  fail('healthcheck.test must start either by "CMD", "CMD-SHELL" or "NONE"');
};

const dependencies: Check = (service, { services, disabledServices }) => {
  for (const [name, { required }] of Object.entries(service.depends_on ?? {})) {
    if (name in services || (name in disabledServices && !required)) continue;
    invalid(`service "${service.name}" depends on undefined service "${name}"`);
  }
  const mode = service.network_mode ?? '';
  if (!mode.startsWith('service:')) return;
  const shared = mode.slice('service:'.length);
  if (!(shared in services)) {
    fail(`service "${shared}" not found for network_mode 'service:${shared}'`);
  }
};

const resources: Check = (service, project) => {
  for (const { type, source: name } of service.volumes ?? []) {
    if (type === 'volume' && name) refers(service, 'volume', name, project.volumes);
  }
  for (const secret of service.build?.secrets ?? []) {
    refers(service, 'build secret', secret.source, project.secrets);
  }
  for (const config of service.configs ?? []) {
    refers(service, 'config', config.source, project.configs);
  }
  for (const model of Object.keys(service.models ?? {})) {
    refers(service, 'model', model, project.models);
  }
  for (const secret of service.secrets ?? []) {
    refers(service, 'secret', secret.source, project.secrets);
  }
};

function refers(
  service: Service,
  what: string,
  name: string | undefined,
  among: Readonly<Record<string, unknown>>,
): void {
  if (name !== undefined && name in among) return;
  invalid(`service "${service.name}" refers to undefined ${what} ${name ?? ''}`);
}

const watch: Check = ({ name, develop }) => {
  for (const { target, action } of develop?.watch ?? []) {
    if (target || action === 'rebuild' || action === 'restart') continue;
    invalid(`services.${name}.develop.watch: target is required for non-rebuild actions`);
  }
};

const mounts: Check = ({ name, tmpfs = [], volumes = [] }) => {
  const taken = new Map<string, string>();
  const take = (target: string, place: string): void => {
    const before = taken.get(target);
    if (before !== undefined) fail(`${place}: target ${target} already mounted as ${before}`);
    taken.set(target, place);
  };
  for (const [index, each] of tmpfs.entries()) {
    take(each.split(':')[0] ?? '', `services.${name}.tmpfs[${index}]`);
  }
  for (const [index, { target = '' }] of volumes.entries()) {
    take(target, `services.${name}.volumes[${index}]`);
  }
};

const CHECKS: readonly Check[] = [
  source,
  platform,
  networks,
  healthcheck,
  dependencies,
  resources,
  checkLimits,
  watch,
  mounts,
];

/** Fails when two services are given one container name (`CheckContainerNameUnicity`). */
export function checkContainerNames({ services }: Project): void {
  const taken = new Set<string>();
  for (const [name, { container_name: container }] of Object.entries(services)) {
    if (!container) continue;
    if (taken.has(container)) {
      // Upstream prints an empty set's element in place of the other service.
      const already = `container name "${container}" is already in use by service {}"`;
      fail(`services.${name}: ${already}`);
    }
    taken.add(container);
  }
}
