import { DAY } from '../../../sim/clock.ts';
import type { Layer } from '../../layer.ts';
import { layer, memo } from '../layers.ts';

/** When the images that stand on another were made: model figure. */
export const CREATED_MS = -26 * DAY;

/**
 * The scripts that stand before the servers, written anew: they say and decide what the real ones
 * do. Simplified: what prepares a data directory is done by the model of the server.
 */
const SCRIPTS = {
  node: `#!/bin/sh
set -e
case "$1" in
  -*) set -- node "$@" ;;
  *) if [ -z "$(command -v "$1")" ]; then set -- node "$@"; fi ;;
esac
exec "$@"
`,
  redis: `#!/bin/sh
set -e
case "$1" in
  -*|*.conf) set -- redis-server "$@" ;;
esac
if [ "$1" = redis-server ]; then
  if [ "$(id -u)" = 0 ]; then
    chown -R redis .
    exec setpriv --reuid=redis --regid=redis --clear-groups "$0" "$@"
  fi
  case "$REDIS_VERSION" in
    8*) echo "Starting Redis Server" ;;
  esac
fi
exec "$@"
`,
  postgres: `#!/bin/sh
set -e
case "$1" in
  -*) set -- postgres "$@" ;;
esac
if [ "$1" = postgres ]; then
  for word; do
    case "$word" in -'?'|--help|--describe-config|-V|--version) exec "$@" ;; esac
  done
  if [ "$(id -u)" = 0 ]; then
    mkdir -p "$PGDATA"
    chown -R postgres "$PGDATA"
    exec gosu postgres "$0" "$@"
  fi
fi
if [ "$1" = postgres ] && [ ! -s "$PGDATA/PG_VERSION" ]; then
  if [ -n "$POSTGRES_PASSWORD" ] && [ -n "$POSTGRES_PASSWORD_FILE" ]; then
    echo >&2 "error: both POSTGRES_PASSWORD and POSTGRES_PASSWORD_FILE are set (but are exclusive)"
    exit 1
  fi
  if [ -n "$POSTGRES_PASSWORD_FILE" ]; then
    POSTGRES_PASSWORD="$(cat "$POSTGRES_PASSWORD_FILE")"
  fi
  if [ -z "$POSTGRES_PASSWORD" ] && [ "$POSTGRES_HOST_AUTH_METHOD" != trust ]; then
    cat >&2 <<'EOF'
Error: Database is uninitialized and superuser password is not specified.
       You must specify POSTGRES_PASSWORD to a non-empty value for the
       superuser. For example, "-e POSTGRES_PASSWORD=password" on "docker run".

       You may also use "POSTGRES_HOST_AUTH_METHOD=trust" to allow all
       connections without a password. This is *not* recommended.

       See PostgreSQL documentation about "trust":
       https://www.postgresql.org/docs/current/auth-trust.html
EOF
    exit 1
  fi
  mkdir -p "$PGDATA"
  export POSTGRES_PASSWORD
fi
exec "$@"
`,
  mysql: `#!/bin/sh
set -e
case "$1" in
  -*) set -- mysqld "$@" ;;
esac
note() { echo "$(date --rfc-3339=seconds) [Note] [Entrypoint]: $*"; }
from_file() {
  eval "direct=\\$$1 file=\\$$1_FILE"
  if [ -n "$direct" ] && [ -n "$file" ]; then
    echo >&2 "$(date --rfc-3339=seconds) [ERROR] [Entrypoint]: Both $1 and $1_FILE are set (but are exclusive)"
    exit 1
  fi
  if [ -n "$file" ]; then
    export "$1=$(cat "$file")"
  fi
  unset "$1_FILE"
}
if [ "$1" = mysqld ]; then
  case "$*" in
    *--version*|*--help*) exec "$@" ;;
  esac
  note "Entrypoint script for MySQL Server \${MYSQL_VERSION} started."
  if [ "$(id -u)" = 0 ]; then
    mkdir -p /var/lib/mysql
    chown -R mysql /var/lib/mysql
    note "Switching to dedicated user 'mysql'"
    exec gosu mysql "$0" "$@"
  fi
  for name in MYSQL_ROOT_HOST MYSQL_DATABASE MYSQL_USER MYSQL_PASSWORD MYSQL_ROOT_PASSWORD; do
    from_file "$name"
  done
  if [ ! -e /var/lib/mysql/ibdata1 ] && [ -z "$MYSQL_ROOT_PASSWORD$MYSQL_ALLOW_EMPTY_PASSWORD$MYSQL_RANDOM_ROOT_PASSWORD" ]; then
    cat >&2 <<EOF
$(date --rfc-3339=seconds) [ERROR] [Entrypoint]: Database is uninitialized and password option is not specified
    You need to specify one of the following as an environment variable:
    - MYSQL_ROOT_PASSWORD
    - MYSQL_ALLOW_EMPTY_PASSWORD
    - MYSQL_RANDOM_ROOT_PASSWORD
EOF
    exit 1
  fi
fi
exec "$@"
`,
  registry: `#!/bin/sh
set -e
case "$1" in
  *.yaml|*.yml) set -- registry serve "$@" ;;
  serve|garbage-collect|help|-*) set -- registry "$@" ;;
esac
exec "$@"
`,
  jenkins: `#!/bin/sh
if [ $# -lt 1 ] || [ "\${1#--}" != "$1" ]; then
  exec java -Duser.home="$JENKINS_HOME" -jar /usr/share/jenkins/jenkins.war "$@"
fi
exec "$@"
`,
  'jenkins-agent': `#!/bin/sh
if [ $# -eq 1 ] && [ "\${1#-}" = "$1" ]; then
  exec "$@"
fi
exec java -cp /usr/share/jenkins/agent.jar hudson.remoting.jnlp.Main -headless "$@"
`,
  curl: `#!/bin/sh
case "$1" in
  -*|http*) set -- curl "$@" ;;
esac
exec "$@"
`,
  plain: `#!/bin/sh
# Prepares what the server needs, then becomes it.
exec "$@"
`,
} as const;

export type Script = keyof typeof SCRIPTS;

const made = memo((key) => {
  const [path = '', name = 'plain'] = key.split(' ');
  return layer({ [`${path}!`]: SCRIPTS[name as Script] }, 0, path);
});

/** A layer with nothing but an entrypoint script at a path. */
export const entrypointAt = (path: string, name: Script = 'plain'): Layer =>
  made(`${path} ${name}`);

/** A line more at the end of /etc/passwd or /etc/group. */
export const withLine = (file: string, line: string): string => `${file}${line}\n`;
