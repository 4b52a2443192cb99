import { dirs, files, links, TMP, type Contents } from '../layers.ts';

/** Programs of the packages that every Debian and Ubuntu image has, by Debian's file lists. */
const COREUTILS =
  '[ arch b2sum base32 base64 basename basenc cat chcon chgrp chmod chown cksum comm cp csplit ' +
  'cut date dd df dir dircolors dirname du echo env expand expr factor false fmt fold groups ' +
  'head hostid id install join link ln logname ls md5sum mkdir mkfifo mknod mktemp mv nice nl ' +
  'nohup nproc numfmt od paste pathchk pinky pr printenv printf ptx pwd readlink realpath rm ' +
  'rmdir runcon seq sha1sum sha224sum sha256sum sha384sum sha512sum shred shuf sleep sort split ' +
  'stat stdbuf stty sum sync tac tail tee test timeout touch tr true truncate tsort tty uname ' +
  'unexpand uniq unlink users vdir wc who whoami yes';
const OTHERS =
  'apt apt-cache apt-cdrom apt-config apt-get apt-mark bashbug chage chattr chfn choom chrt chsh ' +
  'clear clear_console cmp debconf deb-systemd-helper diff diff3 dmesg dpkg dpkg-deb ' +
  'dpkg-divert dpkg-query dpkg-split dpkg-trigger egrep expiry faillog fallocate fgrep find ' +
  'findmnt flock getconf getent getopt gpasswd grep gunzip gzexe gzip hostname iconv infocmp ' +
  'ionice ipcmk ipcrm ipcs ischroot last ldd locale localedef logger login lsattr lsblk lscpu ' +
  'lsipc lslocks lslogins lsmem lsns mawk mcookie mesg more mount mountpoint namei newgrp ' +
  'nsenter partx passwd perl pidof prlimit rename.ul renice reset rev run-parts savelog script ' +
  'sdiff sed setpriv setsid setterm su tabs tar taskset tempfile tic toe tput tset tzselect ' +
  'umount unshare update-alternatives utmpdump wall wdctl whereis xargs zcat zdump zgrep zless ' +
  'zmore znew';
const SBIN =
  'add-shell addgroup adduser agetty blkid blockdev chgpasswd chpasswd chroot delgroup deluser ' +
  'fsck groupadd groupdel groupmems groupmod grpck grpconv grpunconv iconvconfig installkernel ' +
  'killall5 ldconfig losetup mkfs mkswap newusers nologin pam-auth-update pivot_root policy-rc.d ' +
  'pwck pwconv pwunconv readprofile remove-shell runuser shadowconfig start-stop-daemon sulogin ' +
  'swapoff swapon switch_root tarcat useradd userdel usermod vipw zic';

export const DEBIAN_PASSWD = `root:x:0:0:root:/root:/bin/bash
daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin
bin:x:2:2:bin:/bin:/usr/sbin/nologin
sys:x:3:3:sys:/dev:/usr/sbin/nologin
sync:x:4:65534:sync:/bin:/bin/sync
games:x:5:60:games:/usr/games:/usr/sbin/nologin
man:x:6:12:man:/var/cache/man:/usr/sbin/nologin
lp:x:7:7:lp:/var/spool/lpd:/usr/sbin/nologin
mail:x:8:8:mail:/var/mail:/usr/sbin/nologin
news:x:9:9:news:/var/spool/news:/usr/sbin/nologin
uucp:x:10:10:uucp:/var/spool/uucp:/usr/sbin/nologin
proxy:x:13:13:proxy:/bin:/usr/sbin/nologin
www-data:x:33:33:www-data:/var/www:/usr/sbin/nologin
backup:x:34:34:backup:/var/backups:/usr/sbin/nologin
list:x:38:38:Mailing List Manager:/var/list:/usr/sbin/nologin
irc:x:39:39:ircd:/run/ircd:/usr/sbin/nologin
_apt:x:42:65534::/nonexistent:/usr/sbin/nologin
nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
`;

export const DEBIAN_GROUP = `root:x:0:
daemon:x:1:
bin:x:2:
sys:x:3:
adm:x:4:
tty:x:5:
disk:x:6:
lp:x:7:
mail:x:8:
news:x:9:
uucp:x:10:
man:x:12:
proxy:x:13:
kmem:x:15:
dialout:x:20:
fax:x:21:
voice:x:22:
cdrom:x:24:
floppy:x:25:
tape:x:26:
sudo:x:27:
audio:x:29:
dip:x:30:
www-data:x:33:
backup:x:34:
operator:x:37:
list:x:38:
irc:x:39:
src:x:40:
shadow:x:42:
utmp:x:43:
video:x:44:
sasl:x:45:
plugdev:x:46:
staff:x:50:
games:x:60:
users:x:100:
nogroup:x:65534:
`;

/** What Debian and Ubuntu have in common: the merged /usr, dash as sh, bash, dpkg and apt. */
export function debianFiles(machine: string): Contents {
  const triplet = `${machine}-linux-gnu`;
  return {
    ...dirs('boot dev home media mnt opt proc root run/lock srv sys usr/games usr/local/bin'),
    ...dirs('usr/local/sbin usr/local/lib usr/local/share usr/src var/backups var/cache/apt'),
    ...dirs('var/lib/apt/lists/partial var/lib/dpkg/info var/log/apt var/mail var/opt var/spool'),
    ...dirs('etc/apt/apt.conf.d etc/apt/trusted.gpg.d etc/default etc/skel etc/init.d'),
    ...{ bin: '-> usr/bin', sbin: '-> usr/sbin', lib: '-> usr/lib' },
    ...(machine === 'x86_64' ? { lib64: '-> usr/lib64' } : {}),
    ...{ tmp: TMP, 'var/tmp': TMP, 'var/run': '-> /run', 'var/lock': '-> /run/lock' },
    'usr/bin/bash': 1_298_416,
    'usr/bin/dash': 129_784,
    'usr/bin/perl': 3_900_000,
    ...links('usr/bin/', 'sh', 'dash'),
    ...links('usr/bin/', 'rbash', 'bash'),
    ...links('usr/bin/', 'awk nawk', '/etc/alternatives/awk'),
    ...links('usr/bin/', 'which', '/etc/alternatives/which'),
    'etc/alternatives/awk': '-> /usr/bin/mawk',
    'etc/alternatives/which': '-> /usr/bin/which.debianutils',
    'usr/bin/which.debianutils': '#!/bin/sh\nset -ef\n',
    ...files('usr/bin/', COREUTILS, 60_000),
    ...files('usr/bin/', OTHERS.replace(' perl ', ' '), 70_000),
    ...files('usr/sbin/', SBIN, 60_000),
    'etc/bash.bashrc': '# System-wide .bashrc file for interactive bash(1) shells.\n',
    'etc/group': DEBIAN_GROUP,
    'etc/host.conf': 'multi on\n',
    'etc/hostname': 'localhost\n',
    'etc/ld.so.conf': 'include /etc/ld.so.conf.d/*.conf\n\n',
    'etc/nsswitch.conf':
      'passwd:         files\ngroup:          files\nhosts:          files dns\n',
    'etc/os-release': '-> ../usr/lib/os-release',
    'etc/passwd': DEBIAN_PASSWD,
    'etc/profile': '# /etc/profile: system-wide .profile file for the Bourne shell (sh(1))\n',
    'etc/shadow': 'root:*:20409:0:99999:7:::\n',
    'etc/shells':
      '# /etc/shells: valid login shells\n/bin/sh\n/usr/bin/sh\n/bin/bash\n/usr/bin/bash\n',
    'root/.bashrc': '# ~/.bashrc: executed by bash(1) for non-login shells.\n',
    'root/.profile': '# ~/.profile: executed by Bourne-compatible login shells.\n',
    [`usr/lib/${triplet}/libc.so.6`]: 2_003_408,
    [`usr/lib/${triplet}/libstdc++.so.6`]: 2_500_000,
    [`usr/lib/${triplet}/libapt-pkg.so.7.0`]: 2_500_000,
    [`usr/lib/${triplet}/libsystemd.so.0`]: 1_200_000,
    'usr/lib/apt/methods/http!': 140_000,
    'var/lib/dpkg/status': '',
  };
}
