import type { FileObject, Project } from '../../compose-file/project.ts';
import type { Service } from '../../compose-file/service.ts';
import type { NetworkInspect, NetworkSummary, SystemInfo } from '../../docker/api.ts';
import { filterQuery, type Invocation, type Step } from '../../docker/cli/invocation.ts';
import { isUserDefined } from '../../docker/networks/row.ts';
import { isRefused, refuse, type Refused } from '../../go/refused.ts';
import { readBytes } from '../../machine/files.ts';
import { encodeBase64 } from '../../oci/base64.ts';
import type { ServiceSpec } from '../api.ts';
import { fileReferenceOf, fileSpecOf, type FileObjects, type NamedFile } from '../stack/files.ts';
import { descoped, IMAGE_LABEL, STACK_LABEL } from '../stack/namespace.ts';
import { networksOf } from '../stack/networks.ts';
import { serviceSpecOf } from '../stack/service.ts';
import type { FileWire } from '../wire/file.ts';
import type { ServiceWire } from '../wire/service.ts';
import { problemOf, say } from './lines.ts';
import { pinImage } from './service-image.ts';
import { waitOnService } from './service-progress.ts';
import { imageProblem, readStack } from './stack-files.ts';
import { removeAll, resourcesOfStack } from './stack-remove.ts';

/** `docker stack deploy` (docker/cli v29.7 `cli/command/stack/deploy_composefile.go`). */
const RESOLVE = ['always', 'changed', 'never'];

const NOT_A_MANAGER =
  'this node is not a swarm manager. Use "docker swarm init" or "docker swarm join" to connect ' +
  'this node to swarm and try again';

const IN_BACKGROUND =
  'Since --detach=false was not specified, tasks will be created in the background.\n' +
  'In a future release, --detach=false will become the default.\n';

/** What went wrong, in words; undefined when nothing did. */
type Problem = string | undefined;

export function* deploy(call: Invocation): Step<number> {
  const { flags, args } = call;
  const [stack = ''] = args;
  const loaded = yield* readStack(call, { name: stack });
  if (isRefused(loaded)) return yield* call.fail(loaded.refused);
  for (const notice of loaded.notices) yield* call.err(notice);
  const wrong = imageProblem(loaded);
  if (wrong !== undefined) return yield* call.fail(wrong);
  const resolve = flags.text('resolve-image', 'always');
  if (!RESOLVE.includes(resolve)) {
    return yield* call.fail(`invalid option ${resolve} for flag --resolve-image`);
  }
  if (!flags.changed('detach')) yield* call.err(IN_BACKGROUND);
  const deployment = new Deployment(call, stack, loaded.project, resolve);
  const problem = yield* deployment.run();
  if (problem !== undefined) return yield* call.fail(problem);
  return flags.changed('detach') && !flags.has('detach') ? yield* deployment.converged() : 0;
}

class Deployment {
  readonly #call: Invocation;
  readonly #stack: string;
  readonly #project: Project;
  readonly #resolve: string;
  readonly #ids: string[] = [];

  constructor(call: Invocation, stack: string, project: Project, resolve: string) {
    this.#call = call;
    this.#stack = stack;
    this.#project = project;
    this.#resolve = resolve;
  }

  *run(): Step<Problem> {
    const info = yield* this.#call.get<SystemInfo>('/info');
    const problem = problemOf(info);
    if (problem !== undefined) return problem;
    if (!info.body.Swarm.ControlAvailable) return NOT_A_MANAGER;
    if (this.#call.flags.has('prune')) yield* this.#prune();
    const { secrets, configs } = this.#project;
    return (
      (yield* this.#networks()) ??
      (yield* this.#files('secret', secrets)) ??
      (yield* this.#files('config', configs)) ??
      (yield* this.#services())
    );
  }

  /** Waits for each service in turn. */
  *converged(): Step<number> {
    const problems: string[] = [];
    for (const id of this.#ids) {
      const problem = yield* waitOnService(this.#call, id);
      if (problem !== undefined) problems.push(`${id}: ${problem}`);
    }
    return yield* this.#call.joined(problems);
  }

  /** Removes services that the file does not have any more. */
  *#prune(): Step<void> {
    const listed = yield* resourcesOfStack(this.#call, 'services', this.#stack);
    if ('problem' in listed) {
      return yield* this.#call.err(`Failed to list services: ${listed.problem}\n`);
    }
    const gone = listed.rows.filter(
      ({ name }) => !Object.hasOwn(this.#project.services, descoped(this.#stack, name)),
    );
    yield* removeAll(this.#call, 'services', gone);
  }

  *#networks(): Step<Problem> {
    const { create, external } = networksOf(this.#stack, this.#project);
    for (const name of external) {
      const problem = yield* this.#external(name);
      if (problem !== undefined) return problem;
    }
    const filters = filterQuery([`label=${STACK_LABEL}=${this.#stack}`]);
    const listed = yield* this.#call.get<NetworkSummary[]>('/networks', filters);
    const wrong = problemOf(listed);
    if (wrong !== undefined) return wrong;
    const known = listed.body.map(({ Name }) => Name);
    for (const [Name, body] of Object.entries(create)) {
      if (known.includes(Name)) continue;
      yield* say(this.#call, `Creating network ${Name}`);
      const answer = yield* this.#call.post('/networks/create', {}, { Name, ...body });
      const problem = problemOf(answer);
      if (problem !== undefined) return `failed to create network ${Name}: ${problem}`;
    }
    return undefined;
  }

  *#external(name: string): Step<Problem> {
    if (!isUserDefined(name)) return undefined;
    const answer = yield* this.#call.get<NetworkInspect>(`/networks/${name}`);
    const what = `network "${name}" is declared as external, but`;
    if (answer.status === 404) {
      const how = 'You need to create a swarm-scoped network before the stack is deployed';
      return `${what} could not be found. ${how}`;
    }
    const problem = problemOf(answer);
    if (problem !== undefined) return problem;
    const { Scope } = answer.body;
    return Scope === 'swarm'
      ? undefined
      : `${what} it is not in the right scope: "${Scope}" instead of "swarm"`;
  }

  *#files(kind: 'secret' | 'config', files: FileObjects): Step<Problem> {
    const specs = [];
    for (const [key, file] of Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1))) {
      if (file.external) continue;
      const data = yield* this.#data(file);
      if (isRefused(data)) return data.refused;
      specs.push(fileSpecOf(this.#stack, key, file, data));
    }
    for (const spec of specs) {
      const known = yield* this.#call.get<FileWire>(`/${kind}s/${spec.Name}`);
      if (known.status === 404) {
        yield* say(this.#call, `Creating ${kind} ${spec.Name}`);
        const problem = problemOf(yield* this.#call.post(`/${kind}s/create`, {}, spec));
        if (problem !== undefined) return `failed to create ${kind} ${spec.Name}: ${problem}`;
        continue;
      }
      const wrong = problemOf(known);
      if (wrong !== undefined) return wrong;
      const { ID, Version } = known.body;
      const version = { version: String(Version.Index) };
      const problem = problemOf(yield* this.#call.post(`/${kind}s/${ID}/update`, version, spec));
      if (problem !== undefined) return `failed to update ${kind} ${spec.Name}: ${problem}`;
    }
    return undefined;
  }

  /** Base64 of what it is to hold. */
  *#data({ driver = '', file = '', content }: FileObject): Step<string | Refused> {
    if (driver !== '') return '';
    if (content !== undefined) return encodeBase64(new TextEncoder().encode(content));
    const bytes = yield* readBytes(this.#call.line.machine, file);
    return bytes ? encodeBase64(bytes) : refuse(`open ${file}: no such file or directory`);
  }

  /** All are put together before the first is made. */
  *#services(): Step<Problem> {
    const specs: ServiceSpec[] = [];
    for (const service of Object.values(this.#project.services)) {
      const spec = yield* this.#spec(service);
      if (isRefused(spec)) return `service ${service.name}: ${spec.refused}`;
      specs.push(spec);
    }
    const filters = filterQuery([`label=${STACK_LABEL}=${this.#stack}`]);
    const listed = yield* this.#call.get<ServiceWire[]>('/services', filters);
    const wrong = problemOf(listed);
    if (wrong !== undefined) return wrong;
    for (const spec of specs) {
      const known = listed.body.find(({ Spec }) => Spec.Name === spec.Name);
      const problem = known ? yield* this.#update(known, spec) : yield* this.#create(spec);
      if (problem !== undefined) return problem;
    }
    return undefined;
  }

  *#spec(service: Service): Step<ServiceSpec | Refused> {
    const secrets = yield* this.#references('secret', service);
    if (isRefused(secrets)) return secrets;
    const configs = yield* this.#references('config', service);
    if (isRefused(configs)) return configs;
    return serviceSpecOf(this.#stack, service, this.#project, {
      secrets: secrets.map(({ id, name, file }) => ({
        ...{ File: file, SecretID: id, SecretName: name },
      })),
      configs: configs.map(({ id, name, file }) => ({
        ...{ File: file, ConfigID: id, ConfigName: name },
      })),
    });
  }

  /** In order of their names. */
  *#references(
    kind: 'secret' | 'config',
    service: Service,
  ): Step<(NamedFile & { readonly id: string })[] | Refused> {
    const asked = (kind === 'secret' ? service.secrets : service.configs) ?? [];
    const files = kind === 'secret' ? this.#project.secrets : this.#project.configs;
    const wanted: NamedFile[] = [];
    for (const reference of asked) {
      const one = fileReferenceOf(this.#stack, kind, reference, files);
      if (isRefused(one)) return one;
      if (wanted.some(({ file }) => file.Name === one.file.Name)) {
        return refuse(`duplicate ${kind} target for ${one.name} not allowed`);
      }
      wanted.push(one);
    }
    if (wanted.length === 0) return [];
    const filters = filterQuery(wanted.map(({ name }) => `name=${name}`));
    const listed = yield* this.#call.get<FileWire[]>(`/${kind}s`, filters);
    const problem = problemOf(listed);
    if (problem !== undefined) return refuse(problem);
    const found: (NamedFile & { id: string })[] = [];
    for (const one of wanted) {
      const known = listed.body.find(({ Spec }) => Spec.Name === one.name);
      if (!known) return refuse(`${kind} not found: ${one.name}`);
      found.push({ ...one, id: known.ID });
    }
    return found.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  }

  *#create(spec: ServiceSpec): Step<Problem> {
    yield* say(this.#call, `Creating service ${spec.Name}`);
    const pinned = yield* pinImage(this.#call, spec, this.#resolve !== 'never');
    const answer = yield* this.#call.post<{ ID: string }>('/services/create', {}, pinned.spec);
    const problem = problemOf(answer);
    if (problem !== undefined) return `failed to create service ${spec.Name}: ${problem}`;
    this.#ids.push(answer.body.ID);
    return undefined;
  }

  /** An image that did not change stays what the registry said of it, unless it is asked anew. */
  *#update({ ID, Version, Spec }: ServiceWire, spec: ServiceSpec): Step<Problem> {
    yield* say(this.#call, `Updating service ${spec.Name} (id: ${ID})`);
    const { ContainerSpec } = spec.TaskTemplate;
    const before = Spec.TaskTemplate;
    const isSame = ContainerSpec.Image === Spec.Labels[IMAGE_LABEL] && this.#resolve !== 'always';
    const Image = isSame ? before.ContainerSpec.Image : ContainerSpec.Image;
    const TaskTemplate = {
      ...spec.TaskTemplate,
      ContainerSpec: { ...ContainerSpec, Image },
      ForceUpdate: before.ForceUpdate,
    };
    const version = { version: String(Version.Index) };
    const asks = this.#resolve !== 'never' && !isSame;
    const pinned = yield* pinImage(this.#call, { ...spec, TaskTemplate }, asks);
    const answer = yield* this.#call.post<{ Warnings: readonly string[] | null }>(
      `/services/${ID}/update`,
      version,
      pinned.spec,
    );
    const problem = problemOf(answer);
    if (problem !== undefined) return `failed to update service ${spec.Name}: ${problem}`;
    const notes = [
      ...(pinned.warning === '' ? [] : [pinned.warning]),
      ...(answer.body.Warnings ?? []),
    ];
    for (const warning of notes) yield* this.#call.err(`${warning}\n`);
    this.#ids.push(ID);
    return undefined;
  }
}
