import type { CommandSpec } from '../../../docker/cli/spec/command-spec.ts';
import { IMAGES } from './image.ts';
import { LIFE } from './life.ts';
import { LOOK } from './look.ts';

/** `docker compose` and what stands before its command (docker/compose v5.5 `compose.go`). */
export const COMPOSE: CommandSpec = {
  about: 'Docker Compose',
  long: 'Define and run multi-container applications with Docker',
  flags: `
      --all-resources              Include all resources, even those not used by services
      --ansi string                Control when to print ANSI control characters
                                   > ("never"|"always"|"auto") (default "auto")
      --compatibility              Run compose in backward compatibility mode
      --dry-run                    Execute command in dry run mode
      --env-file stringArray       Specify an alternate environment file
  -f, --file stringArray           Compose configuration files
      --parallel int               Control max parallelism, -1 for unlimited (default -1)
      --profile stringArray        Specify a profile to enable
      --progress string            Set type of progress output (auto, tty, plain, json, quiet)
      --project-directory string   Specify an alternate working directory
                                   | (default: the path of the, first specified, Compose file)
  -p, --project-name string        Project name`,
  hidden: `
      --verbose          Show more output
  -v, --version          Show the Docker Compose version information
      --workdir string   Specify an alternate working directory`,
  commands: { ...LIFE, ...LOOK, ...IMAGES },
};
