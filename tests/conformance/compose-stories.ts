import type { ContainerInspect, ContainerSummary } from '../../src/engine/docker/api.ts';
import { LABEL } from '../../src/engine/compose/labels.ts';
import { Session } from '../../src/engine/session.ts';
import { sameValue, operation, type Operation } from './adapter.ts';

/**
 * Rows that tell what somebody types in the directory of a project, `app`, and how things stand
 * after each line: on a pipe, so that progress comes as lines.
 */
interface StoryInput {
  readonly files: Readonly<Record<string, string>>;
  readonly lines: readonly string[];
}

/** By service; of several containers each must be so. */
interface Standing {
  readonly exit?: number;
  readonly contains?: readonly string[];
  readonly lacks?: readonly string[];
  /** null: there is none. */
  readonly state?: Readonly<Record<string, string | null>>;
  readonly health?: Readonly<Record<string, string>>;
  readonly oneOffs?: Readonly<Record<string, string | null>>;
  readonly count?: Readonly<Record<string, number>>;
  readonly numbers?: Readonly<Record<string, readonly number[]>>;
  /** Whose containers are those of the line before, or others. */
  readonly kept?: readonly string[];
  readonly recreated?: readonly string[];
  readonly oneOffsKept?: readonly string[];
}

class Story {
  private readonly session = new Session({ preset: 'host', seed: 1 });
  private before: readonly ContainerInspect[] = [];
  private now: readonly ContainerInspect[] = [];

  constructor(files: Readonly<Record<string, string>>) {
    this.session.type('mkdir app && cd app && set -o pipefail');
    for (const [name, text] of Object.entries(files)) this.session.write(name, text);
  }

  type(line: string): { exit: number; printed: string } {
    const { printed, exitCode } = this.session.type(`${line} 2>&1 | cat`);
    const { world, machine } = this.session;
    this.before = this.now;
    this.now = world
      .look<ContainerSummary[]>(machine, '/containers/json', { all: '1' })
      .map(({ Id }) => world.look<ContainerInspect>(machine, `/containers/${Id}/json`));
    return { exit: exitCode, printed };
  }

  /** What is otherwise than it should be. */
  differences(standing: Standing, exit: number, printed: string): unknown[] {
    const wrong: unknown[] = [];
    const check = (what: string, got: unknown, wanted: unknown): void => {
      if (!sameValue(got, wanted)) wrong.push([what, got, wanted]);
    };
    check('exit', exit, standing.exit ?? 0);
    for (const text of standing.contains ?? []) check(text, printed.includes(text), true);
    for (const text of standing.lacks ?? []) check(text, printed.includes(text), false);
    const statesOf = (service: string, oneOff: boolean): string | null =>
      [...new Set(of(this.now, service, oneOff).map(({ State }) => State.Status))].join(' ') ||
      null;
    each(standing.state, (name, wanted) => check(`${name} state`, statesOf(name, false), wanted));
    each(standing.oneOffs, (name, wanted) =>
      check(`${name} one-off`, statesOf(name, true), wanted),
    );
    each(standing.health, (name, wanted) => {
      const health = of(this.now, name).map(({ State }) => State.Health?.Status ?? 'none');
      check(`${name} health`, [...new Set(health)].join(' '), wanted);
    });
    each(standing.count, (name, wanted) =>
      check(`${name} count`, of(this.now, name).length, wanted),
    );
    each(standing.numbers, (name, wanted) => {
      const numbers = of(this.now, name).map(({ Config }) => Number(Config.Labels?.[LABEL.number]));
      check(
        `${name} numbers`,
        numbers.sort((a, b) => a - b),
        wanted,
      );
    });
    const idsOf = (all: readonly ContainerInspect[], name: string, oneOff = false): string[] =>
      of(all, name, oneOff)
        .map(({ Id }) => Id)
        .sort();
    for (const name of standing.kept ?? []) {
      check(`${name} kept`, idsOf(this.now, name), idsOf(this.before, name));
    }
    for (const name of standing.oneOffsKept ?? []) {
      const then = idsOf(this.before, name, true);
      check(
        `${name} one-offs`,
        then.filter((id) => idsOf(this.now, name, true).includes(id)),
        then,
      );
    }
    for (const name of standing.recreated ?? []) {
      const still = idsOf(this.now, name).filter((id) => idsOf(this.before, name).includes(id));
      check(`${name} recreated`, still, []);
    }
    return wrong;
  }
}

function of(
  all: readonly ContainerInspect[],
  service: string,
  oneOff = false,
): readonly ContainerInspect[] {
  return all.filter(
    ({ Config: { Labels } }) =>
      Labels?.[LABEL.service] === service && Labels[LABEL.oneOff] === (oneOff ? 'True' : 'False'),
  );
}

function each<T>(
  record: Readonly<Record<string, T>> = {},
  check: (name: string, value: T) => void,
): void {
  for (const [name, value] of Object.entries(record)) check(name, value);
}

export const storyOperations: readonly Operation[] = [
  operation<StoryInput, { after: readonly (Standing | null)[] }>(
    'type in a project',
    ({ input, expect }) => {
      const story = new Story(input.files);
      const wrong = input.lines.flatMap((line, at) => {
        const { exit, printed } = story.type(line);
        const standing = expect.after[at];
        if (!standing) return [];
        const differences = story.differences(standing, exit, printed);
        return differences.length > 0 ? [{ line, differences, printed }] : [];
      });
      return { holds: wrong.length === 0 && input.lines.length > 0, got: wrong };
    },
  ),
];
