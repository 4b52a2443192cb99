import { daemonError, failed, type Invocation, type Step } from '../invocation.ts';
import {
  credentialOf,
  forgetCredential,
  HUB,
  keepCredential,
  keyOf,
  type Credential,
} from '../credentials.ts';

/** `docker login` and `logout` (docker/cli v29.7 `cli/command/registry`). */
const INSECURE = 'WARNING! Using --password via the CLI is insecure. Use --password-stdin.';

function flagProblem({ flags }: Invocation): string | undefined {
  const password = flags.last('password');
  if (flags.changed('password-stdin') || password === '-') {
    if (password !== undefined && password !== '-') {
      return 'conflicting options: cannot specify both --password and --password-stdin';
    }
    if (!flags.changed('username')) {
      return 'the --password-stdin option requires --username to be set';
    }
  }
  if (flags.last('username') === '') return 'username is empty';
  return password === '' ? 'password is empty' : undefined;
}

export function* login(call: Invocation): Step<number> {
  const { flags, args } = call;
  const wrong = flagProblem(call);
  if (wrong !== undefined) return yield* call.fail(wrong);
  const user = flags.text('username').trim();
  let password = flags.text('password');
  if (flags.has('password-stdin') || password === '-') {
    password = (yield* call.readInput()).replace(/\r?\n$|\r$/, '');
    if (password.trim() === '') return yield* call.fail('password is empty');
  } else if (password !== '') yield* call.err(`${INSECURE}\n`);
  const server = keyOf(args[0] ?? '');
  if (user === '' && password === '') {
    const known = yield* credentialOf(call, server);
    if (known) {
      yield* call.err(
        `Authenticating with existing credentials... [Username: ${known.username}]\n\n` +
          "Info → To login with a different account, run 'docker logout' followed by 'docker login'\n\n\n",
      );
      return yield* signIn(call, server, known);
    }
  }
  const credential = yield* prompted(call, user, password);
  if (typeof credential === 'string') return yield* call.fail(credential);
  return yield* signIn(call, server, credential);
}

/** What flags did not say is asked for. */
function* prompted(call: Invocation, user: string, given: string): Step<Credential | string> {
  let username = user;
  if (username === '') {
    yield* call.out('Username: ');
    username = (yield* call.readLine()).trim();
    if (username === '') return 'error: cannot perform an interactive login from a non-TTY device';
  }
  let password = given;
  if (password.trim() === '') {
    yield* call.out('Password: ');
    password = (yield* call.readLine()).trim();
    yield* call.out('\n');
    if (password === '') return 'error: password is required';
  }
  return { username, password };
}

function* signIn(call: Invocation, server: string, credential: Credential): Step<number> {
  const body = { ...credential, serveraddress: server };
  const answer = yield* call.post<{ Status?: string }>('/auth', {}, body);
  if (failed(answer)) return yield* call.fail(daemonError(answer));
  yield* keepCredential(call, server, credential);
  const path = `${call.line.env.HOME ?? '/root'}/.docker/config.json`;
  yield* call.err(
    `\nWARNING! Your credentials are stored unencrypted in '${path}'.\n` +
      'Configure a credential helper to remove this warning. See\n' +
      'https://docs.docker.com/go/credential-store/\n\n',
  );
  const status = answer.body.Status ?? '';
  if (status !== '') yield* call.out(`${status}\n`);
  return 0;
}

export function* logout(call: Invocation): Step<number> {
  const given = call.args[0] ?? '';
  const server = given === '' ? HUB : given.replace(/^https?:\/\//, '').replace(/\/.*$/, '');
  yield* call.out(`Removing login credentials for ${server}\n`);
  yield* forgetCredential(call, given === '' ? HUB : server);
  return 0;
}
