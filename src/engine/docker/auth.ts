import type { Call, Program, Resumption } from '../sim/process.ts';
import { basic, RegistryClient, statusLine } from '../containerd/registry-client.ts';
import { endpointOf } from '../oci/registry.ts';
import { fail } from './answer.ts';
import type { EngineResponse } from './api.ts';
import type { AuthConfig } from './credentials.ts';

/**
 * `POST /auth`: tries a name and a password at a registry (moby/moby v29.7
 * `daemon/pkg/registry/{service,auth}.go`).
 */
export interface AuthArgs extends AuthConfig {
  readonly machine: string;
  readonly canAsk: boolean;
}

type Step<T> = Generator<Call, T, Resumption>;

const HUB = /^(index\.|registry-1\.)?docker\.io$/;

export const authenticate: Program<AuthArgs, EngineResponse> = function* (args) {
  const { username = '', password = '', serveraddress = '' } = args;
  const server = serveraddress.replace(/^https?:\/\//, '').replace(/\/.*$/, '');
  const host = server === '' || HUB.test(server) ? 'docker.io' : server;
  const credentials = { user: username, password };
  const client = new RegistryClient({ ...args, host, credentials });
  // A registry that wants a name and a password with each request gets them at once.
  if (host !== 'docker.io') client.authorization = basic(credentials);
  return yield* ping(client, host);
};

function* ping(client: RegistryClient, host: string): Step<EngineResponse> {
  const url = `https://${endpointOf(host)}/v2/`;
  const asked = yield* client.ask({ method: 'GET', path: '/v2/' });
  if (!asked.ok) {
    const { details, message } = asked.problem;
    if (details !== undefined) return fail(401, `Get "${url}": unauthorized: ${details}`);
    return fail(500, message.replace(/^failed to do request: /, ''));
  }
  const { status } = asked.response;
  if (status === 200)
    return { status: 200, body: { IdentityToken: '', Status: 'Login Succeeded' } };
  return fail(500, `login attempt to ${url} failed with status: ${statusLine(status)}`);
}
