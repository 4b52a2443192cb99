import { makeDirectory, readFile, writeFile } from '../../machine/files.ts';
import { fromBase64, toBase64 } from '../../oci/base64.ts';
import { parseReference } from '../../oci/reference.ts';
import { encodeAuth } from '../credentials.ts';
import type { Invocation, Step } from './invocation.ts';

/**
 * `~/.docker/config.json`, where `docker login` keeps credentials as base64 (docker/cli v29.7
 * `cli/config/configfile/file.go`).
 */
export const HUB = 'https://index.docker.io/v1/';

export interface Credential {
  readonly username: string;
  readonly password: string;
}

interface ConfigFile {
  readonly auths?: Readonly<Record<string, { readonly auth?: string }>>;
  readonly [other: string]: unknown;
}

const directoryOf = ({ line }: Invocation): string => `${line.env.HOME ?? '/root'}/.docker`;

export const configPath = (call: Invocation): string => `${directoryOf(call)}/config.json`;

export function* readConfig(call: Invocation): Step<ConfigFile> {
  const file = yield* readFile(call.line.machine, configPath(call));
  if (!file) return {};
  try {
    const value = JSON.parse(file.content) as unknown;
    return typeof value === 'object' && value !== null ? (value as ConfigFile) : {};
  } catch {
    return {};
  }
}

function* writeConfig(call: Invocation, config: ConfigFile): Step<void> {
  const { machine } = call.line;
  yield* makeDirectory(machine, directoryOf(call), { parents: true, mode: 0o700 });
  yield* writeFile(machine, configPath(call), JSON.stringify(config, undefined, '\t'), 0o600);
}

/** The name under which a registry's credentials are kept. */
export const keyOf = (server: string): string =>
  server === '' || server === 'docker.io' || server === 'index.docker.io' ? HUB : server;

export function* credentialOf(call: Invocation, server: string): Step<Credential | undefined> {
  const { auths = {} } = yield* readConfig(call);
  const text = fromBase64(auths[keyOf(server)]?.auth ?? '') ?? '';
  const at = text.indexOf(':');
  return at === -1 ? undefined : { username: text.slice(0, at), password: text.slice(at + 1) };
}

export function* keepCredential(
  call: Invocation,
  server: string,
  { username, password }: Credential,
): Step<void> {
  const config = yield* readConfig(call);
  const auths = { ...config.auths, [keyOf(server)]: { auth: toBase64(`${username}:${password}`) } };
  yield* writeConfig(call, { ...config, auths });
}

export function* forgetCredential(call: Invocation, server: string): Step<void> {
  const config = yield* readConfig(call);
  const wanted = keyOf(server);
  const auths = Object.entries(config.auths ?? {}).filter(([key]) => key !== wanted);
  if (config.auths) yield* writeConfig(call, { ...config, auths: Object.fromEntries(auths) });
}

/** The header with what is known of the registry that an image's name begins with. */
export function* authHeaders(call: Invocation, image: string): Step<Record<string, string>> {
  const parsed = parseReference(image);
  if (!parsed.ok) return {};
  const server = parsed.reference.domain;
  const credential = yield* credentialOf(call, server);
  if (!credential) return {};
  return { 'x-registry-auth': encodeAuth({ ...credential, serveraddress: keyOf(server) }) };
}
