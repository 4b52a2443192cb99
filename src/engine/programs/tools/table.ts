import type { Command } from '../../machine/command.ts';
import { date } from '../../shell-language/tools/time.ts';
import { curl } from '../curl.ts';
import { ip, ifconfig, route } from './addresses.ts';
import { apk, aptGet } from './apk.ts';
import { dig } from './dig.ts';
import { dd, env, printenv } from './environment.ts';
import { getent } from './getent.ts';
import { gunzip, gzip, zcat } from './gzip.ts';
import { groups, hostname, id, nproc, uname, uptime, whoami } from './identity.ts';
import { kill, killall, pgrep, pidof, pkill } from './kill.ts';
import { df, free, mount, top } from './memory.ts';
import { openssl } from './openssl.ts';
import { nslookup } from './nslookup.ts';
import { arch, chgrp, chown, dmesg, insmod, reboot, sync, tty, umount, wrapped } from './owners.ts';
import { ps } from './ps.ts';
import { setpriv } from './setpriv.ts';
import { nc, netstat, ping, ss } from './sockets.ts';
import { tar } from './tar.ts';
import { TOOLCHAINS } from './toolchains.ts';
import { adduser, groupadd, stepDown, su, useradd } from './users.ts';
import { wget } from './wget.ts';

/** The tools about processes and networks, by the names people call them by. */
const ANYWHERE: Readonly<Record<string, Command>> = {
  ...{ curl, wget, nc, ping, nslookup, dig, getent, ip, ifconfig, route, netstat, ss },
  ...{ ps, top, kill, killall, pgrep, pkill, pidof, free, df, mount, uptime, nproc },
  ...{ id, whoami, groups, hostname, uname, printenv, date, dd },
};

/** Archives: of images by their files, of machines by `shell-language/further-commands.ts`. */
const ARCHIVES: Readonly<Record<string, Command>> = { tar, gzip, gunzip, zcat };

/** Those that change a container, or start further programs in it. */
const IN_CONTAINERS: Readonly<Record<string, Command>> = {
  ...{ env, apk, 'apt-get': aptGet, apt: aptGet, adduser, useradd, groupadd, addgroup: groupadd },
  ...TOOLCHAINS,
  ...{ chown, chgrp, arch, sync, tty, umount, dmesg, reboot, modprobe: insmod, insmod },
  ...{ nice: wrapped, ionice: wrapped, setsid: wrapped },
  ...{ su, gosu: stepDown, 'su-exec': stepDown, runuser: su, setpriv },
};

/** For programs in containers, where files decide which of them are there. */
export const CONTAINER_TOOLS: Readonly<Record<string, Command>> = {
  ...ANYWHERE,
  ...ARCHIVES,
  ...IN_CONTAINERS,
};

/** What a machine has, and images do not. */
const AT_PROMPTS: Readonly<Record<string, Command>> = { ...ANYWHERE, openssl };

/** For a machine's prompt: programs by their names in the world, and the table of its shell. */
export const MACHINE_TOOLS: Readonly<Record<string, Command>> = Object.fromEntries(
  Object.entries({ ...AT_PROMPTS, ...ARCHIVES }).map(([name, tool]) => [`tools/${name}`, tool]),
);

export const MACHINE_TOOL_TABLE: Readonly<Record<string, string>> = Object.fromEntries(
  Object.keys(AT_PROMPTS).map((name) => [name, `tools/${name}`]),
);
