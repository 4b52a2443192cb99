import { formatPlatform, parsePlatform, type Platform } from '../../oci/platform.ts';
import { expand, type Lookup } from '../dockerfile/expand.ts';
import type { Linter } from '../lint/linter.ts';
import type { Graph } from '../ops.ts';
import type { Env } from './env.ts';
import type { PlanOptions } from './options.ts';
import type { StageState } from './stage.ts';

/** What all instructions of a build are planned with. */
export interface Dispatching {
  readonly graph: Graph;
  readonly options: PlanOptions;
  readonly escape: string;
  readonly globals: Env;
  readonly proxy: Readonly<Record<string, string>>;
  /** The main context's vertex. */
  readonly context: string;
  readonly linter: Linter;
  readonly platform: Platform;
}

/** Puts variables in; unknown ones are findings. */
export type WordExpander = (word: string) => string;

export const DEFAULT_SHELL = ['/bin/sh', '-c'];

/** A path made absolute and clean; a slash at its end stays. */
export function pathFrom(dir: string, path: string): string {
  const written = path === '' || path === '.' ? './' : path;
  const clean = normalize(dir, written);
  if (written.endsWith('/')) return clean.endsWith('/') ? clean : `${clean}/`;
  return written.endsWith('/.') ? `${clean === '/' ? '' : clean}/.` : clean;
}

export function normalize(dir: string, path: string): string {
  const parts: string[] = [];
  for (const part of (path.startsWith('/') ? path : `${dir}/${path}`).split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

export function withShell(state: StageState, words: readonly string[]): readonly string[] {
  const shell = state.image.config.Shell;
  return [...(shell?.length ? shell : DEFAULT_SHELL), words.join(' ')];
}

/** The instruction as progress names it: keyword in capitals, variables put in where it can. */
export function shownCommand(
  original: string,
  env: { get: Lookup },
  escape: string,
  raw = false,
): string {
  const text = original.trim();
  const expanded = expand(text, env.get, {
    escape,
    ...(raw ? { rawQuotes: true, skipUnset: true } : {}),
  });
  return upperFirst(expanded.ok ? expanded.value : text);
}

function upperFirst(text: string): string {
  const blank = text.indexOf(' ');
  return blank === -1 ? text.toUpperCase() : text.slice(0, blank).toUpperCase() + text.slice(blank);
}

/** `[stage 2/4] RUN …`. Counts the step. */
export function prefixed(
  state: StageState,
  words: string,
  options: PlanOptions,
  env: Env = state.env,
  onBuild = false,
): string {
  if (state.total === 0) return words;
  const { platform } = state;
  const shown =
    options.multiPlatform && platform
      ? `${formatPlatform(platform)}${crossed(platform, env)} `
      : '';
  const stage = state.label === '' ? '' : `${state.label} `;
  state.index += 1;
  const total = String(state.total);
  const number = String(state.index).padStart(total.length);
  return `[${shown}${stage}${number}/${total}] ${onBuild ? 'ONBUILD ' : ''}${words}`;
}

/** `->arm64`: built on one platform for another. */
function crossed(base: Platform, env: Env): string {
  const written = env.get('TARGETPLATFORM');
  const parsed = written === undefined ? undefined : parsePlatform(written);
  if (!parsed?.ok) return '';
  const { os, architecture, variant } = parsed.platform;
  if (os !== base.os) return `->${formatPlatform(parsed.platform)}`;
  if (architecture === base.architecture) return '';
  return `->${architecture}${variant === undefined || variant === '' ? '' : `/${variant}`}`;
}

/** Where a vertex stands among the inputs; it is added when it is new. */
export function inputOf(ref: string | undefined, inputs: string[]): number | undefined {
  if (ref === undefined) return undefined;
  const at = inputs.indexOf(ref);
  return at === -1 ? inputs.push(ref) - 1 : at;
}
