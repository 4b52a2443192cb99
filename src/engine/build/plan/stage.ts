import type { Platform } from '../../oci/platform.ts';
import type { ArgDefinition, FromInstruction, Instruction, LineRange } from '../dockerfile/ast.ts';
import type { Ref } from '../ops.ts';
import { Env } from './env.ts';
import { emptyImage, type DraftImage } from './image.ts';

/** An instruction and the stages it takes files from. */
export interface Command {
  readonly step: Instruction;
  readonly sources: readonly StageState[];
  readonly onBuild: boolean;
}

/** What a stage has come to while it is planned (`convert.go`, `dispatchState`). */
export class StageState {
  readonly from: FromInstruction | undefined;
  readonly name: string;
  readonly instructions: readonly Instruction[];
  readonly lines: LineRange | undefined;
  /** In full words: `nginx:1.29-alpine`, then with its digest. */
  baseName: string;
  /** For progress: the name, or `stage-N`. */
  label: string;
  base: StageState | undefined;
  /** A source of COPY --from that is no stage of the file. */
  readonly unregistered: boolean;
  /** A `--build-context` of this name takes the stage's place. */
  context: string | undefined;
  readonly deps = new Map<StageState, Instruction>();
  commands: Command[] = [];
  resolved = false;
  dispatched = false;
  triggersTaken = false;
  noCache = false;

  ref: Ref = undefined;
  env = new Env();
  dir = '/';
  user = '';
  platform: Platform | undefined;
  image: DraftImage;
  args: ArgDefinition[] = [];
  workdirSet = false;
  /** Paths it reads of the build context. */
  readonly contextPaths = new Set<string>();
  /** Where the last CMD, ENTRYPOINT and HEALTHCHECK stand. */
  readonly last = new Map<string, LineRange>();
  total = 0;
  index = 0;

  constructor(
    baseName: string,
    from: FromInstruction | undefined,
    instructions: readonly Instruction[],
    lines: LineRange | undefined,
    platform: Platform,
  ) {
    this.baseName = baseName;
    this.from = from;
    this.name = from?.stage ?? '';
    this.label = this.name;
    this.instructions = instructions;
    this.lines = lines;
    this.unregistered = from === undefined;
    this.image = emptyImage(platform);
  }

  /** Goes on where the stage it is built upon ended. */
  inherit(): void {
    const { base } = this;
    if (!base) return;
    this.ref = base.ref;
    this.env = base.env.copy();
    this.dir = base.dir;
    this.user = base.user;
    this.platform = base.platform;
    const { OnBuild: _own, ...config } = base.image.config;
    this.image = { ...base.image, config };
    this.workdirSet = base.workdirSet;
    this.args = [...this.args, ...base.args];
  }
}

/** All stages of a build, by number and by name. */
export class Stages {
  readonly list: StageState[] = [];
  readonly #byName = new Map<string, StageState>();

  add(state: StageState): void {
    this.list.push(state);
    const base = this.#byName.get(state.baseName);
    if (base) state.base = base;
    if (state.name !== '') this.#byName.set(state.name.toLowerCase(), state);
  }

  named(name: string): StageState | undefined {
    return this.#byName.get(name.toLowerCase());
  }

  get names(): string[] {
    return this.list.map(({ label }) => label).filter((label) => label !== '');
  }
}

/** A stage and all it needs. */
export function reachable(target: StageState): Set<StageState> {
  const seen = new Set<StageState>();
  const open = [target];
  for (let state = open.pop(); state; state = open.pop()) {
    if (seen.has(state)) continue;
    seen.add(state);
    if (state.base) open.push(state.base);
    open.push(...state.deps.keys());
  }
  return seen;
}
