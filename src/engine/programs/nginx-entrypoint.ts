import { DEFAULT_CONF } from '../oci/hub/images/nginx-files.ts';
import { baseName } from './find.ts';
import type { FileView } from './program.ts';

/**
 * The entrypoint of the nginx image with nothing added to it: it goes through
 * `/docker-entrypoint.d`, and only when nginx is what comes (nginx/docker-nginx 1.29
 * `entrypoint/docker-entrypoint.sh`). A cluster may start many thousands of these.
 *
 * Simplified: while that directory holds the image's own scripts alone, and no templates wait to be
 * filled in, the script is not run by a shell; its words are said, and nginx takes its place.
 */
const DIRECTORY = '/docker-entrypoint.d';
const TEMPLATES = '/etc/nginx/templates';
const OWN = [
  '10-listen-on-ipv6-by-default.sh',
  '15-local-resolvers.envsh',
  '20-envsubst-on-templates.sh',
  '30-tune-worker-processes.sh',
];

/** What it says; undefined where the script is to be run as any other. */
export function nginxEntrypoint(
  argv: readonly string[],
  files: FileView,
): readonly string[] | undefined {
  const [script = '', command] = argv;
  if (baseName(script) !== 'docker-entrypoint.sh') return undefined;
  if (command !== 'nginx' && command !== 'nginx-debug') return undefined;
  if (files.kind(script) !== 'file' || files.kind(TEMPLATES) !== undefined) return undefined;
  const names = files.list(DIRECTORY);
  if (names.length === 0 || names.some((name) => !OWN.includes(name))) return undefined;
  return [
    `${script}: ${DIRECTORY}/ is not empty, will attempt to perform configuration`,
    `${script}: Looking for shell scripts in ${DIRECTORY}/`,
    ...names.flatMap((name) => {
      const how = name.endsWith('.envsh') ? 'Sourcing' : 'Launching';
      const launched = `${script}: ${how} ${DIRECTORY}/${name}`;
      return name === OWN[0] ? [launched, ...listening(files)] : [launched];
    }),
    `${script}: Configuration complete; ready for start up`,
  ];
}

const CONF = '/etc/nginx/conf.d/default.conf';

/** What the first script says. Simplified: it leaves the file as it is. */
function listening(files: FileView): string[] {
  const info = `${OWN[0]}: info:`;
  if (files.kind(CONF) !== 'file') return [`${info} ${CONF} is not a file or does not exist`];
  const text = new TextDecoder().decode(files.read(CONF));
  if (/listen\s+\[::\]:80;/.test(text)) return [`${info} IPv6 listen already enabled`];
  const own = text === DEFAULT_CONF;
  return [
    `${info} Getting the checksum of ${CONF}`,
    own
      ? `${info} Enabled listen on IPv6 in ${CONF}`
      : `${info} ${CONF} differs from the packaged version`,
  ];
}
