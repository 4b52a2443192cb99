import type { MachineFiles } from '../machine/machine-files.ts';
import type { FileTree } from '../oci/tree.ts';
import type { FileView, ProcessPlan } from '../programs/program.ts';
import { pathOf, type StartFailure } from '../programs/find.ts';
import {
  ending,
  findProgram,
  modelNamed,
  planOf,
  serving,
  type FoundProgram,
} from '../programs/registry.ts';
import type { CreateContainer } from './api.ts';
import { placeLookUp, placeView, treeLookUp } from './container-view.ts';
import { FIGURES } from './figures.ts';
import type { Places } from './places.ts';
import { NotedVariables, type VariablesOf } from './noted-variables.ts';
import {
  hostnameOf,
  keyOf,
  placeOfKey,
  type ContainerRow,
  type ProcessRow,
  type Variables,
} from './rows.ts';
import { treeView } from './tree-view.ts';
import { findUser, withGroups, type User } from './users.ts';

/** What a process is going to be, found before it is there. */
export interface Launch {
  readonly found: FoundProgram;
  readonly plan?: ProcessPlan;
}

/** What a process is started with. */
export interface Words {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

/** A launch that was found, and the variables it was found from. */
interface Known {
  readonly noted: NotedVariables;
  readonly launch: Launch | StartFailure;
}

/** Launches of the same words that differ in variables which count. */
const KNOWN_LAUNCHES = 64;

interface Launched
  extends
    Pick<ContainerRow, 'sharedEnv' | 'env' | 'architecture'>,
    Pick<CreateContainer, 'ends' | 'tty'> {
  readonly tree: FileTree;
  readonly home: string;
  readonly cwd: string;
  readonly launch: Launch;
}

const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
/** What a machine's processor runs. */
const ARCHITECTURES = ['amd64', '386', ''];

/** Finds out what starts: as whom, with which variables, and which program a file is. */
export class Launches {
  readonly #places: Places;
  readonly #files: MachineFiles;
  /** Launches of processes that start alike from one tree; pure, so they are made once. */
  readonly #known = new WeakMap<FileTree, Map<string, Known[]>>();

  /** What was launched last with the very same words. */
  readonly #last = new WeakMap<readonly string[], Launched>();
  readonly #users = new WeakMap<FileTree, Map<string, User | string>>();

  constructor(places: Places, files: MachineFiles) {
    this.#places = places;
    this.#files = files;
  }

  /** As whom; a text says why there is no such user. */
  user(
    container: ContainerRow,
    spec = container.user,
    tree = this.#places.plainTree(container),
  ): User | string {
    const { groupAdd = [] } = container.spec;
    // Containers of one tree have the same users.
    const known = groupAdd.length === 0 && tree ? this.#usersOf(tree) : undefined;
    let user = known?.get(spec);
    if (user === undefined) {
      const place = placeOfKey(keyOf(container.machine, container.spec.id));
      const read = (path: string) => this.#files.read(place, path)?.content;
      user = withGroups(findUser(spec, read), groupAdd, read);
      known?.set(spec, user);
    }
    return user;
  }

  #usersOf(tree: FileTree): Map<string, User | string> {
    let users = this.#users.get(tree);
    if (!users) this.#users.set(tree, (users = new Map<string, User | string>()));
    return users;
  }

  /** As whom a process goes on that wants to be another: only root may. */
  become(container: ContainerRow, user: User, spec: string | undefined): User | string {
    if (spec === undefined) return user;
    const wanted = this.user(container, spec);
    const may = user.uid === 0 || (typeof wanted !== 'string' && wanted.uid === user.uid);
    return may ? wanted : 'Operation not permitted';
  }

  /** The variables of a process, in the order the daemon gives them (moby v29 `container/env.go`). */
  env(
    container: ContainerRow,
    user: User,
    tty: boolean,
    more: Readonly<Record<string, string>> = {},
  ): Record<string, string> {
    const env: Record<string, string> = {
      PATH: DEFAULT_PATH,
      HOSTNAME: hostnameOf(container),
      ...(tty && { TERM: 'xterm' }),
      ...container.sharedEnv,
      ...container.env,
      ...more,
    };
    return 'HOME' in env ? env : { ...env, HOME: user.home };
  }

  /** The variables of a process that runs: its own, or those that its container starts with. */
  envOf(container: ContainerRow, { env, user }: ProcessRow): Readonly<Record<string, string>> {
    return env ?? this.env(container, user, container.spec.tty === true);
  }

  /** What a container's own words start; those that share all that counts share what was found. */
  findFirst(
    container: ContainerRow,
    user: User,
    cwd: string,
    tree = this.#places.plainTree(container),
  ): Launch | StartFailure {
    const { argv, sharedEnv, env, architecture, spec } = container;
    const { ends, tty } = spec;
    const { home } = user;
    const all = () => this.env(container, user, tty === true);
    if (!tree) return this.find(container, { argv, cwd, env: all() });
    const last = this.#last.get(argv);
    const isSame =
      last?.tree === tree &&
      last.sharedEnv === sharedEnv &&
      last.env === env &&
      last.home === home &&
      last.cwd === cwd &&
      last.architecture === architecture &&
      last.ends === ends &&
      last.tty === tty;
    if (isSame) return last.launch;
    const one = (name: string) =>
      env[name] ?? sharedEnv[name] ?? givenTo(container, user, tty === true, name);
    const launch = this.#findPlain(container, tree, { argv, cwd }, { one, all });
    if (!('failed' in launch) && !usesHostname(launch)) {
      this.#last.set(argv, { tree, sharedEnv, env, home, cwd, architecture, ends, tty, launch });
    }
    return launch;
  }

  /** What these words start, or why they do not. */
  find(container: ContainerRow, words: Words): Launch | StartFailure {
    const tree = this.#places.plainTree(container);
    if (!tree) {
      const place = placeOfKey(keyOf(container.machine, container.spec.id));
      const view = placeView(this.#files, place);
      return this.#make(container, words, placeLookUp(this.#files, place), view);
    }
    const { env } = words;
    return this.#findPlain(container, tree, words, { one: (name) => env[name], all: () => env });
  }

  /** The same where only a tree is seen: what counts are the variables that are looked at. */
  #findPlain(
    container: ContainerRow,
    tree: FileTree,
    { argv, cwd }: Pick<Words, 'argv' | 'cwd'>,
    its: VariablesOf,
  ): Launch | StartFailure {
    let known = this.#known.get(tree);
    if (!known) this.#known.set(tree, (known = new Map<string, Known[]>()));
    const key = JSON.stringify([argv, cwd, container.architecture, container.spec.ends]);
    let alike = known.get(key);
    if (!alike) known.set(key, (alike = []));
    const before = alike.find(({ noted }) => noted.agreesWith(its, 'HOSTNAME'));
    if (before) return before.launch;
    const { HOSTNAME: _own, ...env } = its.all();
    const noted = new NotedVariables(env);
    const make = (given: Variables) =>
      this.#make(container, { argv, cwd, env: given }, treeLookUp(tree), treeView(tree));
    const launch = make(noted.env);
    if ('found' in launch && usesHostname(launch)) return make(its.all());
    if (alike.length >= KNOWN_LAUNCHES) alike.shift();
    alike.push({ noted, launch });
    return launch;
  }

  #make(
    container: ContainerRow,
    { argv, env, cwd }: Words,
    lookUp: ReturnType<typeof treeLookUp>,
    files: FileView,
  ): Launch | StartFailure {
    const program = findProgram(lookUp, files, argv, env, cwd);
    if ('failed' in program) return program;
    if (!ARCHITECTURES.includes(container.architecture)) {
      const message = `exec ${pathOf(lookUp, argv[0] ?? '', env)}: exec format error`;
      return { failed: true, late: true, exitCode: 255, message };
    }
    if ('command' in program) return { found: program };
    const hostname = hostnameOf(container);
    const plan = planOf(program, { argv: program.argv, env, hostname, files, cwd });
    const at = pathOf(lookUp, argv[0] ?? '', env);
    const found = container.spec.ends ? ending(program, plan) : serving(program, at);
    return 'command' in found ? { found } : { found, plan };
  }
}

/** What a process has of the runtime where its container says nothing; see {@link Launches.env}. */
function givenTo(container: ContainerRow, user: User, tty: boolean, name: string) {
  if (name === 'PATH') return DEFAULT_PATH;
  if (name === 'HOSTNAME') return hostnameOf(container);
  if (name === 'HOME') return user.home;
  return name === 'TERM' && tty ? 'xterm' : undefined;
}

const usesHostname = ({ found }: Launch): boolean =>
  modelNamed('plan' in found ? found.plan : '').usesHostname === true;

/** Memory that what is launched holds at first. */
export const memoryOf = ({ plan }: Launch): number =>
  plan?.memoryBytes ?? FIGURES.commandMemoryBytes;
