import type { Healthcheck, RunConfig } from '../../oci/image.ts';
import type { ContainerConfig } from '../api.ts';

/**
 * An image's configuration under that of the request (moby/moby v29.7 `daemon/commit.go`,
 * `merge`; `daemon/container/env.go`, `ReplaceOrAppendEnvValues`).
 */
export function mergeConfig(own: ContainerConfig, image: RunConfig): ContainerConfig {
  const isEmpty = (list: readonly string[] | null): boolean => (list ?? []).length === 0;
  const noEntrypoint = isEmpty(own.Entrypoint);
  const volumes = { ...own.Volumes, ...image.Volumes };
  const exposed = { ...own.ExposedPorts, ...image.ExposedPorts };
  return {
    ...own,
    User: own.User === '' ? (image.User ?? '') : own.User,
    ExposedPorts: Object.keys(exposed).length === 0 ? own.ExposedPorts : exposed,
    Env: mergeEnv(own.Env, image.Env),
    Labels: { ...image.Labels, ...own.Labels },
    Cmd: noEntrypoint && isEmpty(own.Cmd) ? (image.Cmd ?? own.Cmd) : own.Cmd,
    Entrypoint: own.Entrypoint ?? image.Entrypoint ?? null,
    Healthcheck: mergeHealthcheck(own.Healthcheck, image.Healthcheck),
    WorkingDir: own.WorkingDir === '' ? (image.WorkingDir ?? '') : own.WorkingDir,
    Volumes: Object.keys(volumes).length === 0 ? (own.Volumes ?? null) : volumes,
    StopSignal: own.StopSignal === undefined ? image.StopSignal : own.StopSignal,
  };
}

function mergeEnv(
  own: readonly string[] | null,
  image: readonly string[] = [],
): readonly string[] | null {
  if (own === null || own.length === 0) return image.length === 0 ? own : image;
  const names = new Set(own.map(nameOf));
  return [...own, ...image.filter((pair) => !names.has(nameOf(pair)))];
}

function mergeHealthcheck(own?: Healthcheck, image?: Healthcheck): Healthcheck | undefined {
  if (!own || !image) return own ?? image;
  const merged: Healthcheck = {
    Test: (own.Test ?? []).length > 0 ? own.Test : image.Test,
    Interval: own.Interval || image.Interval,
    Timeout: own.Timeout || image.Timeout,
    StartPeriod: own.StartPeriod || image.StartPeriod,
    StartInterval: own.StartInterval || image.StartInterval,
    Retries: own.Retries || image.Retries,
  };
  return Object.fromEntries(
    Object.entries(merged).filter(([, value]) => value !== undefined && value !== 0),
  ) as unknown as Healthcheck;
}

const nameOf = (pair: string): string => pair.split('=', 1)[0] ?? '';

/** Overrides take the place of those of the same name; a bare name takes its variable away. */
export function replaceOrAppendEnv(
  base: readonly string[],
  overrides: readonly string[],
): string[] {
  const env: (string | undefined)[] = [...base];
  const places = new Map(base.map((pair, i) => [nameOf(pair), i]));
  for (const pair of overrides) {
    const name = nameOf(pair);
    const place = places.get(name);
    const isBare = !pair.includes('=');
    if (place !== undefined) env[place] = isBare ? undefined : pair;
    else if (!isBare) env.push(pair);
  }
  return env.filter((pair) => pair !== undefined);
}

const DEFAULT_PATH = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** What a process in the container starts with (`container.go`, `CreateDaemonEnvironment`). */
export function environment(config: ContainerConfig, tty: boolean): string[] {
  const base = [DEFAULT_PATH, `HOSTNAME=${config.Hostname}`, ...(tty ? ['TERM=xterm'] : [])];
  return replaceOrAppendEnv(base, config.Env ?? []);
}
