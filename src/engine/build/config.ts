import type { RunConfig } from '../oci/image.ts';
import type { CommandForm, Instruction } from './dockerfile/ast.ts';
import { exposedPorts } from './ports.ts';

/**
 * What the instructions that change no files do to an image's configuration, and the words that
 * each leaves in its history (moby/buildkit v0.32 `frontend/dockerfile/dockerfile2llb/convert.go`).
 */
export const DEFAULT_SHELL = ['/bin/sh', '-c'];

export type ConfigChange =
  | { readonly ok: true; readonly config: RunConfig; readonly history: string }
  | { readonly ok: false; readonly message: string };

const EMPTY = {} as Record<string, never>;

export function argvOf(command: CommandForm, shell: readonly string[]): readonly string[] {
  return command.form === 'exec' ? command.argv : [...shell, command.command];
}

const goList = (items: readonly string[]): string => `[${items.map((i) => `"${i}"`).join(' ')}]`;

export function setEnv(env: readonly string[], key: string, value: string): string[] {
  const entry = `${key}=${value}`;
  const at = env.findIndex((pair) => pair.startsWith(`${key}=`) || pair === key);
  return at === -1 ? [...env, entry] : env.map((pair, i) => (i === at ? entry : pair));
}

/** Words are expanded before this; undefined for an instruction that is no configuration. */
export function changeConfig(config: RunConfig, step: Instruction): ConfigChange | undefined {
  const changed = (change: RunConfig, history: string): ConfigChange => ({
    ok: true,
    config: { ...config, ...change },
    history,
  });
  const shell = config.Shell ?? DEFAULT_SHELL;
  switch (step.kind) {
    case 'ENV': {
      let env = config.Env ?? [];
      for (const { key, value } of step.pairs) env = setEnv(env, key, value);
      const words = step.pairs.map(({ key, value }) => `${key}=${value}`).join(' ');
      return changed({ Env: env }, `ENV ${words}`);
    }
    case 'LABEL': {
      const labels = Object.fromEntries(step.pairs.map(({ key, value }) => [key, value]));
      const words = step.pairs.map(({ key, value }) => `${key}=${value}`).join(' ');
      return changed({ Labels: { ...config.Labels, ...labels } }, `LABEL ${words}`);
    }
    case 'EXPOSE': {
      const ports: string[] = [];
      for (const text of step.ports) {
        const read = exposedPorts(text);
        if (!read.ok) return read;
        ports.push(...read.ports);
      }
      const own = Object.fromEntries(ports.map((port) => [port, EMPTY]));
      const ExposedPorts = { ...config.ExposedPorts, ...own };
      return changed({ ExposedPorts }, `EXPOSE [${ports.join(' ')}]`);
    }
    case 'USER':
      return changed({ User: step.user }, `USER ${step.user}`);
    case 'CMD': {
      const argv = argvOf(step.command, shell);
      return changed({ Cmd: argv }, `CMD ${goList(argv)}`);
    }
    case 'ENTRYPOINT': {
      const argv = argvOf(step.command, shell);
      // An entrypoint of one's own does away with the command of the base image.
      return changed({ Entrypoint: argv, Cmd: undefined }, `ENTRYPOINT ${goList(argv)}`);
    }
    case 'HEALTHCHECK': {
      const { command } = step;
      const test = !command
        ? ['NONE']
        : command.form === 'exec'
          ? ['CMD', ...command.argv]
          : ['CMD-SHELL', command.command];
      return changed({ Healthcheck: { Test: test } }, step.original);
    }
    case 'VOLUME': {
      const volumes = Object.fromEntries(step.paths.map((path) => [path, EMPTY]));
      const Volumes = { ...config.Volumes, ...volumes };
      return changed({ Volumes }, `VOLUME [${step.paths.join(' ')}]`);
    }
    case 'STOPSIGNAL':
      return changed({ StopSignal: step.signal }, `STOPSIGNAL ${step.signal}`);
    case 'SHELL':
      return changed({ Shell: step.argv }, `SHELL [${step.argv.join(' ')}]`);
    case 'MAINTAINER':
      return changed({}, `MAINTAINER ${step.name}`);
    default:
      return undefined;
  }
}
