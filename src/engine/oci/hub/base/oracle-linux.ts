import { DAY } from '../../../sim/clock.ts';
import { DEFAULT_PATH, type Platform } from '../image.ts';
import { dirs, files, filledTo, layer, memo, TMP } from '../layers.ts';
import { Recipe } from '../recipe.ts';

/**
 * The Red Hat family: Oracle Linux 9 slim (oracle/container-images), what mysql stands on, and UBI 8
 * minimal, what nexus stands on.
 */
const CREATED_MS = -30 * DAY;

const COMMANDS =
  '[ base64 basename bash cat chgrp chmod chown cksum cp curl cut date dd df dir dirname du echo env ' +
  'expr false fold getent gpg grep groups head hostname id install join ldd link ln ls md5sum ' +
  'microdnf mkdir mkfifo mktemp mv nice nl nohup nproc od paste printenv printf pwd readlink ' +
  'realpath rm rmdir rpm sed seq sha256sum sleep sort split stat sync tac tail tee test timeout ' +
  'touch tr true truncate tty uname uniq wc whoami yes';

const OS_RELEASE =
  'NAME="Oracle Linux Server"\nVERSION="9.7"\nID="ol"\nID_LIKE="fedora"\nVARIANT="Server"\n' +
  'VARIANT_ID="server"\nVERSION_ID="9.7"\nPLATFORM_ID="platform:el9"\n' +
  'PRETTY_NAME="Oracle Linux Server 9.7"\nANSI_COLOR="0;31"\n' +
  'CPE_NAME="cpe:/o:oracle:linux:9:7:server"\nHOME_URL="https://linux.oracle.com/"\n';

const UBI_RELEASE =
  'NAME="Red Hat Enterprise Linux"\nVERSION="8.10 (Ootpa)"\nID="rhel"\nID_LIKE="fedora"\n' +
  'VERSION_ID="8.10"\nPLATFORM_ID="platform:el8"\n' +
  'PRETTY_NAME="Red Hat Enterprise Linux 8.10 (Ootpa)"\nANSI_COLOR="0;31"\n' +
  'CPE_NAME="cpe:/o:redhat:enterprise_linux:8::baseos"\nHOME_URL="https://www.redhat.com/"\n';

type Distribution = 'oraclelinux-9-slim' | 'ubi8-minimal';

const FACTS: Readonly<
  Record<Distribution, { release: string; osRelease: string; bytes: readonly [number, number] }>
> = {
  'oraclelinux-9-slim': {
    release: 'Red Hat Enterprise Linux release 9.7 (Plow)\n',
    osRelease: OS_RELEASE,
    bytes: [118_000_000, 47_900_000],
  },
  'ubi8-minimal': {
    release: 'Red Hat Enterprise Linux release 8.10 (Ootpa)\n',
    osRelease: UBI_RELEASE,
    bytes: [94_000_000, 39_600_000],
  },
};

const layerOf = memo((key) => {
  const [name = '', architecture = ''] = key.split(' ');
  const { release, osRelease, bytes } = FACTS[name as Distribution];
  const contents = filledTo(bytes[0], `usr/share/model/${name}-rest`, {
    ...dirs('dev home media mnt opt proc root run srv sys usr/local/bin usr/local/sbin'),
    ...{ bin: '-> usr/bin', sbin: '-> usr/sbin', lib: '-> usr/lib', lib64: '-> usr/lib64' },
    ...{ tmp: TMP, 'var/tmp': TMP, 'var/run': '-> ../run', 'usr/bin/sh': '-> bash' },
    ...files('usr/bin/', COMMANDS, 60_000),
    ...files('usr/sbin/', 'groupadd useradd userdel usermod ldconfig nologin', 100_000),
    'etc/group': 'root:x:0:\nbin:x:1:\n',
    'etc/hostname': 'localhost\n',
    'etc/os-release': '-> ../usr/lib/os-release',
    'etc/passwd': 'root:x:0:0:root:/root:/bin/bash\nbin:x:1:1:bin:/bin:/sbin/nologin\n',
    'etc/redhat-release': release,
    'usr/lib/os-release': osRelease,
  });
  return layer(contents, bytes[1], `${name}/${architecture}`);
});

function base(name: Distribution, { architecture }: Platform): Recipe {
  const config = { Env: [`PATH=${DEFAULT_PATH}`], Cmd: ['/bin/bash'] };
  const bottom = layerOf(`${name} ${architecture}`);
  const nop = '/bin/sh -c #(nop) ';
  const steps = [
    {
      createdBy: `${nop}ADD file:${bottom.diffId.slice(7)} in / `,
      layer: bottom,
      createdMs: CREATED_MS,
    },
    { createdBy: `${nop} CMD ["/bin/bash"]`, createdMs: CREATED_MS },
  ];
  return new Recipe(config, steps, CREATED_MS);
}

export const oracleLinux = (platform: Platform): Recipe => base('oraclelinux-9-slim', platform);
export const ubiMinimal = (platform: Platform): Recipe => base('ubi8-minimal', platform);
