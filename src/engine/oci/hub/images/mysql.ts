import { directory } from '../../entry.ts';
import { oracleLinux } from '../base/oracle-linux.ts';
import type { CatalogueImage, Platform } from '../image.ts';
import { files, filledTo, layer, memo, owned, type Contents } from '../layers.ts';
import { Recipe } from '../recipe.ts';
import { CREATED_MS, entrypointAt } from './entrypoint.ts';

/** mysql (docker-library/mysql `8.4/Dockerfile.oracle`). */
const mysqlLayers = memo((key) => {
  const [version = '', architecture = ''] = key.split(' ');
  const made = (name: string, contents: Contents, bytes = 0) =>
    layer(contents, bytes, `mysql-${version}-${name}/${architecture}`);
  const passwd = 'root:x:0:0:root:/root:/bin/bash\nmysql:x:999:999::/var/lib/mysql:/sbin/nologin\n';
  return {
    users: made('users', { 'etc/passwd': passwd, 'etc/group': 'root:x:0:\nmysql:x:999:\n' }),
    gosu: made('gosu', { 'usr/local/bin/gosu': 2_500_000 }, 790_000),
    tools: made(
      'tools',
      files('usr/bin/', 'bzip2 find gzip openssl xz zstd', 1_500_000),
      5_900_000,
    ),
    key: made('key', { 'etc/pki/rpm-gpg/RPM-GPG-KEY-mysql': 'model key\n' }),
    repository: made('repository', { 'etc/yum.repos.d/mysql-community-minimal.repo': '[mysql]\n' }),
    server: made(
      'server',
      filledTo(300_000_000, 'usr/share/mysql/model', {
        'usr/sbin/mysqld': 68_000_000,
        ...files('usr/bin/', 'mysql mysqladmin mysqldump mysql_tzinfo_to_sql', 7_600_000),
        'etc/my.cnf':
          '[mysqld]\nskip-name-resolve\ndatadir=/var/lib/mysql\nsocket=/var/run/mysqld/mysqld.sock\nuser=mysql\n\n[client]\nsocket=/var/run/mysqld/mysqld.sock\n\n!includedir /etc/mysql/conf.d/\n',
        'etc/mysql/conf.d': 'dir',
        'docker-entrypoint-initdb.d': 'dir',
        'var/lib/mysql': owned(directory(0o1777), 999),
        'var/run/mysqld': owned(directory(0o1777), 999),
      }),
      49_600_000,
    ),
    shell: made('shell', { 'usr/bin/mysqlsh': 330_000_000 }, 129_000_000),
  };
});

const mysql =
  (version: string) =>
  (platform: Platform): Recipe => {
    const layers = mysqlLayers(`${version} ${platform.architecture}`);
    const major = version.slice(0, version.lastIndexOf('.'));
    return Recipe.from(oracleLinux(platform), CREATED_MS)
      .run('set -eux; \tgroupadd --system --gid 999 mysql', layers.users)
      .env({ GOSU_VERSION: '1.19' })
      .run('set -eux; \tarch="$(uname -m)"', layers.gosu)
      .run('set -eux; \tmicrodnf install -y \t\tbzip2', layers.tools)
      .run("set -eux; \tkey='BCA4 3417 C3B4 85DD 128E C6D4 B7B3 B788 A8D3 785C'", layers.key)
      .env({ MYSQL_MAJOR: major })
      .env({ MYSQL_VERSION: `${version}-1.el9` })
      .run("set -eu; \t{ \t\techo '[mysql-server-minimal]'", layers.repository)
      .run(
        'set -eux; \tmicrodnf install -y "mysql-community-server-minimal-$MYSQL_VERSION"',
        layers.server,
      )
      .env({ MYSQL_SHELL_VERSION: `${version}-1.el9` })
      .run('set -eux; \tmicrodnf install -y "mysql-shell-$MYSQL_SHELL_VERSION"', layers.shell)
      .volume('/var/lib/mysql')
      .copy(
        'docker-entrypoint.sh /usr/local/bin/',
        entrypointAt('usr/local/bin/docker-entrypoint.sh', 'mysql'),
      )
      .entrypoint('docker-entrypoint.sh')
      .expose('3306/tcp', '33060/tcp')
      .cmd('mysqld');
  };

export const MYSQL: readonly CatalogueImage[] = [
  { tags: ['latest', '9', '9.5', '9.5.0', 'innovation', 'oraclelinux9'], build: mysql('9.5.0') },
  { tags: ['8', '8.4', '8.4.7', 'lts', '8-oraclelinux9'], build: mysql('8.4.7') },
  { tags: ['8.0', '8.0.44', '8.0-oraclelinux9'], build: mysql('8.0.44') },
  { tags: ['5', '5.7', '5.7.44'], build: mysql('5.7.44') },
];
