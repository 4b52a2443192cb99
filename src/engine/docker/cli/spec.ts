/**
 * What the docker command line knows of its commands: how many arguments each takes and which
 * flags, so that wrong usage is refused before a daemon is asked (docker/cli
 * v29.7 `cli/required.go`, `cli/cobra.go`).
 */
export interface CommandSpec {
  /** After `Usage:  `. */
  readonly usage: string;
  readonly min: number;
  readonly max: number;
  /** Flags with a value, by every name they have: `--tag` and `-t`. */
  readonly values: Readonly<Record<string, string>>;
  readonly switches: Readonly<Record<string, string>>;
  /** Flags whose value is a whole number, as messages call them. */
  readonly integers?: Readonly<Record<string, string>>;
  /** All behind the first argument belongs to the container. */
  readonly interspersed?: false;
}

const ANY = 1_000_000;

export const COMMANDS: Readonly<Record<string, CommandSpec>> = {
  build: {
    usage: 'docker buildx build [OPTIONS] PATH | URL | -',
    min: 1,
    max: 1,
    values: {
      '--tag': 'tag',
      '-t': 'tag',
      '--file': 'file',
      '-f': 'file',
      '--build-arg': 'build-arg',
      '--target': 'target',
      '--progress': 'progress',
    },
    switches: { '--no-cache': 'no-cache', '--quiet': 'quiet', '-q': 'quiet', '--push': 'push' },
  },
  push: {
    usage: 'docker push [OPTIONS] NAME[:TAG]',
    min: 1,
    max: 1,
    values: {},
    switches: { '--quiet': 'quiet', '-q': 'quiet' },
  },
  pull: {
    usage: 'docker pull [OPTIONS] NAME[:TAG|@DIGEST]',
    min: 1,
    max: 1,
    values: {},
    switches: { '--quiet': 'quiet', '-q': 'quiet' },
  },
  tag: {
    usage: 'docker tag SOURCE_IMAGE[:TAG] TARGET_IMAGE[:TAG]',
    min: 2,
    max: 2,
    values: {},
    switches: {},
  },
  images: {
    usage: 'docker images [OPTIONS] [REPOSITORY[:TAG]]',
    min: 0,
    max: 1,
    values: {},
    switches: { '--quiet': 'quiet', '-q': 'quiet', '--no-trunc': 'no-trunc' },
  },
  rmi: {
    usage: 'docker rmi [OPTIONS] IMAGE [IMAGE...]',
    min: 1,
    max: ANY,
    values: {},
    switches: { '--force': 'force', '-f': 'force' },
  },
  run: {
    usage: 'docker run [OPTIONS] IMAGE [COMMAND] [ARG...]',
    min: 1,
    max: ANY,
    values: {
      '--name': 'name',
      '--publish': 'publish',
      '-p': 'publish',
      '--env': 'env',
      '-e': 'env',
      '--label': 'label',
      '-l': 'label',
      '--entrypoint': 'entrypoint',
    },
    switches: { '--detach': 'detach', '-d': 'detach', '--rm': 'rm' },
    interspersed: false,
  },
  ps: {
    usage: 'docker ps [OPTIONS]',
    min: 0,
    max: 0,
    values: {},
    switches: { '--all': 'all', '-a': 'all', '--quiet': 'quiet', '-q': 'quiet' },
  },
  start: {
    usage: 'docker start [OPTIONS] CONTAINER [CONTAINER...]',
    min: 1,
    max: ANY,
    values: {},
    switches: {},
  },
  stop: {
    usage: 'docker stop [OPTIONS] CONTAINER [CONTAINER...]',
    min: 1,
    max: ANY,
    values: { '--timeout': 'timeout', '--time': 'timeout', '-t': 'timeout' },
    switches: {},
    integers: { timeout: '-t, --timeout' },
  },
  kill: {
    usage: 'docker kill [OPTIONS] CONTAINER [CONTAINER...]',
    min: 1,
    max: ANY,
    values: { '--signal': 'signal', '-s': 'signal' },
    switches: {},
  },
  rm: {
    usage: 'docker rm [OPTIONS] CONTAINER [CONTAINER...]',
    min: 1,
    max: ANY,
    values: {},
    switches: { '--force': 'force', '-f': 'force' },
  },
  logs: {
    usage: 'docker logs [OPTIONS] CONTAINER',
    min: 1,
    max: 1,
    values: {},
    switches: {},
  },
};

/** Longer names for the same commands. */
export const GROUPS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  image: {
    ls: 'images',
    list: 'images',
    rm: 'rmi',
    build: 'build',
    pull: 'pull',
    push: 'push',
    tag: 'tag',
  },
  container: {
    ...{ ls: 'ps', list: 'ps', ps: 'ps', run: 'run', start: 'start', stop: 'stop', kill: 'kill' },
    ...{ rm: 'rm', logs: 'logs' },
  },
  buildx: { build: 'build' },
  builder: { build: 'build' },
};
