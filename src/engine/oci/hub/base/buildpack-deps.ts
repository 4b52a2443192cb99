import { DAY } from '../../../sim/clock.ts';
import type { Platform } from '../image.ts';
import { files, filledTo, layer, memo } from '../layers.ts';
import { Recipe } from '../recipe.ts';
import { debian, type DebianSuite } from './debian.ts';

/**
 * buildpack-deps (docker-library/buildpack-deps `debian/SUITE/{curl,scm,}/Dockerfile`): what node,
 * python and golang in their full variants stand on, so that they share these layers.
 */
const CREATED_MS = -27 * DAY;

const layersOf = memo((key) => {
  const [suite = '', architecture = ''] = key.split(' ');
  const seed = (name: string) => `buildpack-deps-${suite}-${name}/${architecture}`;
  return {
    curl: layer(
      filledTo(63_000_000, 'usr/share/model/curl-rest', {
        ...files('usr/bin/', 'curl gpg gpgconf openssl sq wget', 400_000),
        'etc/ssl/certs/ca-certificates.crt': 220_000,
        'etc/protocols': '# Internet (IP) protocols\nip\t0\tIP\ntcp\t6\tTCP\nudp\t17\tUDP\n',
        'etc/services': '# Network services, Internet style\nssh\t\t22/tcp\nhttp\t\t80/tcp\n',
      }),
      25_600_000,
      seed('curl'),
    ),
    scm: layer(
      filledTo(183_000_000, 'usr/share/model/scm-rest', {
        ...files('usr/bin/', 'git hg ssh scp sftp ssh-keygen svn', 900_000),
        ...files('usr/bin/', 'free kill pgrep pkill ps top uptime vmstat w watch', 40_000),
      }),
      67_780_000,
      seed('scm'),
    ),
    full: layer(
      filledTo(582_000_000, 'usr/share/model/build-rest', {
        ...files('usr/bin/', 'autoconf automake bzip2 file g++ gcc make patch unzip xz', 900_000),
        ...files('usr/bin/', 'cc c++ ld as ar objdump strip convert pg_config', 900_000),
      }),
      236_080_000,
      seed('full'),
    ),
  };
});

const install = (names: string) =>
  `set -eux; \tapt-get update; \tapt-get install -y --no-install-recommends \t\t${names} \t; \tapt-get dist-clean`;

export function buildpackDeps(suite: DebianSuite, platform: Platform): Recipe {
  const { curl, scm, full } = layersOf(`${suite} ${platform.architecture}`);
  return Recipe.from(debian(suite, platform), CREATED_MS)
    .run(install('ca-certificates \t\tcurl \t\tgnupg \t\tnetbase \t\tsq \t\twget'), curl)
    .run(install('git \t\tmercurial \t\topenssh-client \t\tsubversion \t\t\t\tprocps'), scm)
    .run(install('autoconf \t\tautomake \t\tbzip2 \t\tdefault-libmysqlclient-dev'), full);
}
