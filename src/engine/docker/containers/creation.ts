import type { Random } from '../../sim/random.ts';
import { daemonOn } from '../actor.ts';
import { answer, fail } from '../answer.ts';
import type { ContainerConfig, CreateAnswer, CreateBody, EngineResponse } from '../api.ts';
import type { ImageView } from '../../containerd/api.ts';
import type { ImageConfig } from '../../oci/image.ts';
import {
  DETECTED_PLATFORM,
  formatPlatform,
  parsePlatform,
  platformRank,
} from '../../oci/platform.ts';
import { platformMissing } from '../image-inspect.ts';
import { findImage, withTag } from '../images.ts';
import { generatedName } from '../names.ts';
import { configOf, hostConfigOf, inOrder } from './defaults.ts';
import { mergeConfig } from './merge-config.ts';
import type { ContainerRooms } from './rooms.ts';
import { CREATED, type ContainerRow } from './row.ts';
import { runtimeSpec } from './runtime-spec.ts';
import { isRefusal, type ContainerStore } from './store.ts';
import { createProblem, createWarnings } from './validate.ts';

/** Making a container of an image (moby/moby v29.7 `daemon/create.go`, `names.go`). */
const NAME_TRIES = 6;
const NAME = /^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/;
const HEX = '0123456789abcdef';
const SHORT_ID = 12;

export class Creation {
  readonly #rooms: ContainerRooms;
  readonly #store: ContainerStore;

  constructor(rooms: ContainerRooms, store: ContainerStore) {
    this.#rooms = rooms;
    this.#store = store;
  }

  create(machine: string, body: CreateBody | undefined, wanted = '', wish = ''): EngineResponse {
    if (!body) return fail(400, 'config cannot be empty in order to create a container');
    const problem = createProblem(body);
    if (problem !== undefined) return fail(400, problem);
    const { containerd, networks, mounts } = this.#rooms;
    const refusal = networks.verify(machine, body) ?? mounts.verify(machine, body);
    if (refusal) return fail(refusal.status, refusal.message);
    const named = body.Image ?? '';
    const image = findImage(containerd.content, machine, named);
    const platform = wish === '' ? undefined : parsePlatform(wish);
    if (platform?.ok === false) return fail(400, platform.message);
    const fit = platform?.platform;
    const view = image === undefined ? undefined : containerd.content.image(machine, image, fit);
    if (image === undefined || !view) return fail(404, `No such image: ${withTag(named)}`);
    if (fit && platformRank(fit, view.config) === undefined) return platformMissing(named, fit);
    const config = emptyReset(mergeConfig(configOf(body), view.config.config));
    if ((config.Entrypoint ?? []).length === 0 && (config.Cmd ?? []).length === 0) {
      return fail(400, 'no command specified');
    }
    const taken = wanted === '' ? undefined : this.nameProblem(machine, wanted);
    if (taken) return taken;
    const sequence = this.#store.count(machine);
    const random = this.#rooms.kernel.random('docker', machine, 'container', sequence);
    const id = random.text(64, HEX);
    const hostConfig = hostConfigOf(body.HostConfig);
    const isHost = hostConfig.NetworkMode === 'host' || hostConfig.UTSMode === 'host';
    const hostname = config.Hostname || (isHost ? machine : id.slice(0, SHORT_ID));
    const row: ContainerRow = {
      machine,
      id,
      name: wanted === '' ? this.#freeName(machine, random, id) : wanted.replace(/^\//, ''),
      sequence,
      createdMs: this.#rooms.kernel.now,
      image,
      digest: view.digest,
      ...(fit ? { platform: fit } : {}),
      config: inOrder({ ...config, Hostname: hostname }),
      hostConfig,
      state: CREATED,
      restartCount: 0,
      restartDelayMs: 0,
      restartCanceled: false,
      manuallyStopped: false,
      manuallyRestarted: false,
      startedBefore: false,
    };
    return this.#keep(row, body, view);
  }

  #keep(
    row: ContainerRow,
    body: CreateBody,
    { chainId, config: image }: ImageView,
  ): EngineResponse {
    const { machine, id, name, config, hostConfig } = row;
    const { containerd, networks, mounts, kernel } = this.#rooms;
    const volumes = config.Volumes;
    const refusal = mounts.add(machine, { id, name, hostConfig, volumes, chainId });
    if (refusal) return fail(refusal.status, refusal.message);
    networks.add(machine, {
      id,
      name,
      hostname: config.Hostname,
      domainname: config.Domainname,
      hostConfig,
      exposed: config.ExposedPorts ?? {},
      ...(body.NetworkingConfig ? { networking: body.NetworkingConfig } : {}),
    });
    this.#store.set(row);
    const record = kernel.record({
      actor: daemonOn(machine),
      verb: 'create',
      object: `container ${name}`,
    });
    const made = kernel.because(record, () =>
      containerd.answer(machine, { op: 'create', ...runtimeSpec(row) }),
    );
    if (!made.ok) {
      this.#store.delete(row);
      networks.remove(machine, id);
      mounts.remove(machine, id, { volumes: true });
      return fail(made.code === 'InvalidArgument' ? 400 : 500, made.message);
    }
    this.#store.emit(row, 'create');
    const foreign = row.platform ? [] : platformWarnings(image);
    const Warnings = [
      ...foreign,
      ...createWarnings(body.HostConfig ?? {}),
      ...networks.warnings(body),
    ];
    return answer<CreateAnswer>(201, { Id: id, Warnings });
  }

  /** Why a name cannot be given to a container; undefined when it can. */
  nameProblem(machine: string, name: string, id = ''): EngineResponse | undefined {
    const bare = name.replace(/^\//, '');
    if (!NAME.test(bare)) {
      const only = 'only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed';
      return fail(400, `Invalid container name (${name}), ${only}`);
    }
    const owner = this.#store.named(machine, bare);
    if (!owner || owner.id === id) return undefined;
    return fail(
      409,
      `Conflict. The container name "/${bare}" is already in use by container "${owner.id}". ` +
        'You have to remove (or rename) that container to be able to reuse that name.',
    );
  }

  rename(machine: string, text: string, wanted: string): EngineResponse {
    const [from, to] = [text.trim(), wanted.trim()];
    if (from.replace(/^\//, '') === '' || to.replace(/^\//, '') === '') {
      return fail(400, 'Neither old nor new names may be empty');
    }
    const row = this.#store.find(machine, from);
    if (isRefusal(row)) return fail(row.status, row.message);
    const name = to.replace(/^\//, '');
    if (row.name === name) {
      return fail(400, 'Renaming a container with the same name as its current name');
    }
    const problem = this.nameProblem(machine, `/${name}`, row.id);
    if (problem) {
      const { message } = problem.body as { message: string };
      return fail(problem.status, `Error when allocating new name: ${message}`);
    }
    const oldName = `/${row.name}`;
    const renamed = this.#store.update(row, { name })!;
    this.#rooms.networks.rename(machine, row.id, name);
    this.#store.emit(renamed, 'rename', { oldName });
    return answer(204, {});
  }

  /** A made-up name that nobody has; after some tries, the start of the id. */
  #freeName(machine: string, random: Random, id: string): string {
    for (let retry = 0; retry < NAME_TRIES; retry++) {
      const name = generatedName(random, retry);
      if (!this.#store.named(machine, name)) return name;
    }
    return id.slice(0, SHORT_ID);
  }
}

/** An entrypoint of one empty word takes the image's away. */
function emptyReset(config: ContainerConfig): ContainerConfig {
  const isReset = config.Entrypoint?.length === 1 && config.Entrypoint[0] === '';
  return isReset ? { ...config, Entrypoint: null } : config;
}

/** moby v29.7 `daemon/create.go`: an image that was not made for this machine. */
function platformWarnings({ os, architecture, variant }: ImageConfig): string[] {
  const platform = { os, architecture, ...(variant === undefined ? {} : { variant }) };
  if (platformRank(DETECTED_PLATFORM, platform) !== undefined) return [];
  const [image, host] = [platform, DETECTED_PLATFORM].map(formatPlatform);
  return [
    `The requested image's platform (${image}) does not match the detected host platform ` +
      `(${host}) and no specific platform was requested`,
  ];
}
