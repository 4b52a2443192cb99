import { readFile } from '../../machine/files.ts';
import { resolvePath } from '../../machine/command.ts';
import { parsePlatform, type Platform } from '../../oci/platform.ts';
import { parseReference } from '../../oci/reference.ts';
import type { ContextFile } from '../api.ts';
import { goQuote } from '../dockerfile/go-text.ts';
import { splitCsv } from '../dockerfile/mount.ts';
import { loadDirectory, type Step } from './context.ts';
import type { Loaded } from './loaded.ts';

/** Options of `docker build` as its request has them (docker/buildx v0.36 `commands/build.go`). */
export interface BuildFlags {
  readonly has: (name: string) => boolean;
  readonly last: (name: string) => string | undefined;
  readonly all: (name: string) => readonly string[];
}

/** Where the files go that are not kept as an image. */
export interface FileOutput {
  readonly type: 'local' | 'tar';
  /** A path on the machine; `-` is standard output. */
  readonly destination: string;
}

export interface ReadOptions {
  readonly tags: readonly string[];
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
  readonly contexts: Readonly<Record<string, string>>;
  readonly contextFiles: Readonly<Record<string, readonly ContextFile[]>>;
  readonly platform?: Platform;
  readonly output?: FileOutput;
  readonly push: boolean;
}

const refuse = (message: string): { ok: false; message: string } => ({ ok: false, message });
const cut = (text: string): [string, string | undefined] => {
  const at = text.indexOf('=');
  return at === -1 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
};

interface Where {
  readonly machine: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

export function* readOptions(flags: BuildFlags, where: Where): Step<Loaded<ReadOptions>> {
  for (const tag of flags.all('tag')) {
    const parsed = parseReference(tag);
    if (!parsed.ok) return refuse(`invalid tag ${goQuote(tag)}: ${parsed.message}`);
  }
  const platforms = flags.all('platform').flatMap((text) => text.split(','));
  if (platforms.length > 1) {
    return refuse('builds for several platforms at once are not modelled: name one platform');
  }
  const platform = platforms[0] === undefined ? undefined : parsePlatform(platforms[0]);
  if (platform && !platform.ok) return refuse(platform.message);
  const secrets = yield* readSecrets(flags.all('secret'), where);
  if (!secrets.ok) return secrets;
  const contexts = yield* readContexts(flags.all('build-context'), where);
  if (!contexts.ok) return contexts;
  const output = readOutput(flags.all('output'));
  if (!output.ok) return output;
  for (const text of flags.all('ssh')) {
    if (text.startsWith('=')) return refuse(`invalid value ${text}`);
  }
  return {
    ok: true,
    value: {
      tags: flags.all('tag'),
      buildArgs: given(flags.all('build-arg'), where.env),
      labels: Object.fromEntries(
        flags.all('label').map((text) => {
          const [key, value = ''] = cut(text);
          return [key, value];
        }),
      ),
      secrets: secrets.value,
      ...contexts.value,
      ...(platform?.ok ? { platform: platform.platform } : {}),
      ...(output.value.file ? { output: output.value.file } : {}),
      push: flags.has('push') || output.value.push,
    },
  };
}

/** `KEY=value`, or `KEY` for the client's own variable. */
function given(
  pairs: readonly string[],
  env: Readonly<Record<string, string>>,
): Record<string, string> {
  const values: Record<string, string> = {};
  for (const pair of pairs) {
    const [key, written] = cut(pair);
    const value = written ?? (Object.hasOwn(env, key) ? env[key] : undefined);
    if (value !== undefined) values[key] = value;
  }
  return values;
}

/** `id=ID[,src=PATH][,env=NAME]` (`util/buildflags/secrets.go`). */
function* readSecrets(
  texts: readonly string[],
  { machine, cwd, env }: Where,
): Step<Loaded<Record<string, string>>> {
  const secrets: Record<string, string> = {};
  for (const text of texts) {
    const fields = Object.fromEntries((splitCsv(text) ?? []).map((field) => cut(field)));
    const id = fields.id ?? '';
    const wrong = Object.keys(fields).find(
      (key) => !['id', 'src', 'source', 'env', 'type'].includes(key.toLowerCase()),
    );
    if (wrong !== undefined) return refuse(`unexpected key '${wrong}' in '${text}'`);
    const source = fields.src ?? fields.source;
    const variable = fields.env ?? (source === undefined && id in env ? id : undefined);
    if (variable !== undefined) {
      secrets[id === '' ? variable : id] = env[variable] ?? '';
      continue;
    }
    const path = resolvePath(cwd, source ?? id);
    const file = yield* readFile(machine, path);
    if (!file)
      return refuse(
        `failed to stat ${source ?? id}: stat ${source ?? id}: no such file or directory`,
      );
    secrets[id === '' ? (source ?? '') : id] = file.content;
  }
  return { ok: true, value: secrets };
}

type Contexts = Pick<ReadOptions, 'contexts' | 'contextFiles'>;

/** `NAME=docker-image://IMAGE` or `NAME=PATH` (`util/buildflags/context.go`). */
function* readContexts(texts: readonly string[], where: Where): Step<Loaded<Contexts>> {
  const contexts: Record<string, string> = {};
  const contextFiles: Record<string, readonly ContextFile[]> = {};
  for (const text of texts) {
    const [name, value] = cut(text);
    if (value === undefined) {
      return refuse(`invalid context value: ${text}, expected key=value`);
    }
    const key = name.toLowerCase();
    if (/^(https?|git|oci-layout|target|input|ssh):|^git@/.test(value)) {
      return refuse(`build context ${goQuote(name)}: remote contexts are not modelled`);
    }
    contexts[key] = value;
    if (value.startsWith('docker-image://')) continue;
    const files = yield* loadDirectory(where.machine, resolvePath(where.cwd, value), []);
    if (!files.ok) return files;
    if (files.value.context.length === 0) {
      return refuse(
        `failed to get build context ${name}: stat ${value}: no such file or directory`,
      );
    }
    contextFiles[key] = files.value.context;
  }
  return { ok: true, value: { contexts, contextFiles } };
}

interface Outputs {
  readonly file?: FileOutput;
  readonly push: boolean;
}

/** `type=local,dest=PATH`, or `PATH` alone (`util/buildflags/export.go`). */
function readOutput(texts: readonly string[]): Loaded<Outputs> {
  let outputs: Outputs = { push: false };
  for (const text of texts) {
    const parts = splitCsv(text) ?? [];
    if (parts.length === 1 && parts[0] === text && !text.startsWith('type=')) {
      const type = text === '-' ? 'tar' : 'local';
      outputs = { ...outputs, file: { type, destination: text } };
      continue;
    }
    const fields = Object.fromEntries(parts.map((part) => cut(part)));
    const { type, dest, push } = fields;
    switch (type) {
      case undefined:
        return refuse('type is required for output');
      case 'local':
      case 'tar':
        if (dest === undefined && type === 'local') {
          return refuse('dest is required for local exporter');
        }
        outputs = { ...outputs, file: { type, destination: dest ?? '-' } };
        break;
      case 'docker':
      case 'image':
        outputs = { ...outputs, push: outputs.push || push === 'true' };
        break;
      case 'registry':
        outputs = { ...outputs, push: true };
        break;
      default:
        return refuse(`exporter ${goQuote(type)} is not modelled`);
    }
  }
  return { ok: true, value: outputs };
}
