import { ask, write, type Call, type Resumption } from '../sim/process.ts';
import type { Command } from '../machine/command.ts';
import type { RegistryOrder } from '../oci/registry.ts';
import { ECR_REGISTRY } from '../oci/registry/usual.ts';

/**
 * As much of the AWS command line as a push to Amazon's registry needs (aws-cli v2
 * `ecr get-login-password`, `ecr create-repository`, `sts get-caller-identity`).
 *
 * Simplified: one account, one region, signed in already.
 */
type Step<T> = Generator<Call, T, Resumption>;

const [ACCOUNT = '', , , REGION = ''] = ECR_REGISTRY.split('.');
const USAGE = 'usage: aws [options] <command> <subcommand> [<subcommand> ...] [parameters]\n';
const HELP = `${USAGE}To see help text, you can run:\n\n  aws help\n  aws <command> help\n  aws <command> <subcommand> help\n\n`;

const order = <T>(request: RegistryOrder): Step<T> => ask<T>('registry', request);
const json = (value: unknown): string => `${JSON.stringify(value, undefined, 4)}\n`;

/** `--name value` and `--name=value`. */
function option(argv: readonly string[], name: string): string | undefined {
  const joined = argv.find((word) => word.startsWith(`--${name}=`));
  if (joined !== undefined) return joined.slice(name.length + 3);
  const at = argv.indexOf(`--${name}`);
  return at === -1 ? undefined : argv[at + 1];
}

export const aws: Command = function* ({ argv }, self) {
  const refuse = function* (message: string, exitCode: number): Step<number> {
    yield* write(self.stderr, `\n${message}\n`);
    return exitCode;
  };
  const words = argv.slice(1);
  const [service, verb] = words.filter((_word, i) => !isOptionPart(words, i));
  const region = option(argv, 'region') ?? REGION;
  if (region !== REGION) {
    return yield* refuse(
      `Could not connect to the endpoint URL: "https://api.ecr.${region}.amazonaws.com/"`,
      255,
    );
  }
  if (service === 'sts' && verb === 'get-caller-identity') {
    const Arn = `arn:aws:iam::${ACCOUNT}:user/dev`;
    yield* write(self.stdout, json({ UserId: 'AIDAEXAMPLE', Account: ACCOUNT, Arn }));
    return 0;
  }
  if (service === 'ecr' && verb === 'get-login-password') {
    const password = yield* order<string>({ op: 'ecr-password', host: ECR_REGISTRY });
    yield* write(self.stdout, `${password}\n`);
    return 0;
  }
  if (service === 'ecr' && verb === 'create-repository') {
    const repository = option(argv, 'repository-name');
    if (repository === undefined) {
      return yield* refuse(
        `${HELP}aws: error: the following arguments are required: --repository-name`,
        252,
      );
    }
    return yield* createRepository(repository, self.stdout, refuse);
  }
  return yield* refuse(`${HELP}aws: error: argument command: Invalid choice`, 252);
};

function isOptionPart(words: readonly string[], i: number): boolean {
  const [word = '', before = ''] = [words[i], words[i - 1]];
  return word.startsWith('--') || (before.startsWith('--') && !before.includes('='));
}

function* createRepository(
  repository: string,
  stdout: number,
  refuse: (message: string, exitCode: number) => Step<number>,
): Step<number> {
  const called = 'when calling the CreateRepository operation';
  if (!/^[a-z0-9]+(?:[._/-][a-z0-9]+)*$/.test(repository) || repository.length < 2) {
    const why = "Invalid parameter at 'repositoryName' failed to satisfy constraint";
    return yield* refuse(`An error occurred (InvalidParameterException) ${called}: ${why}`, 254);
  }
  const made = yield* order<boolean>({ op: 'create-repository', host: ECR_REGISTRY, repository });
  if (!made) {
    const why = `The repository with name '${repository}' already exists in the registry with id '${ACCOUNT}'`;
    return yield* refuse(
      `An error occurred (RepositoryAlreadyExistsException) ${called}: ${why}`,
      254,
    );
  }
  const answer = {
    repository: {
      repositoryArn: `arn:aws:ecr:${REGION}:${ACCOUNT}:repository/${repository}`,
      registryId: ACCOUNT,
      repositoryName: repository,
      repositoryUri: `${ECR_REGISTRY}/${repository}`,
      imageTagMutability: 'MUTABLE',
    },
  };
  yield* write(stdout, json(answer));
  return 0;
}
