import { INSPECT_FORMAT, MANY, TABLE_FORMAT, type CommandSpec } from './command-spec.ts';

/** Plugin of docker/cli v29.7; flags as `--help` shows them. */
export const PLUGIN: CommandSpec = {
  about: 'Manage plugins',
  args: [0, 0],
  commands: {
    create: {
      use: '[OPTIONS] PLUGIN PLUGIN-DATA-DIR',
      about:
        'Create a plugin from a rootfs and configuration. Plugin data directory must contain config.json and rootfs directory.',
      args: [2, MANY],
      flags: `
          --compress   Compress the context using gzip`,
    },
    disable: {
      use: '[OPTIONS] PLUGIN',
      about: 'Disable a plugin',
      args: [1, 1],
      flags: `
      -f, --force   Force the disable of an active plugin`,
    },
    enable: {
      use: '[OPTIONS] PLUGIN',
      about: 'Enable a plugin',
      args: [1, 1],
      flags: `
          --timeout int   HTTP client timeout (in seconds) (default 30)`,
    },
    inspect: {
      use: '[OPTIONS] PLUGIN [PLUGIN...]',
      about: 'Display detailed information on one or more plugins',
      args: [1, MANY],
      flags: `
      -f, --format string   ${INSPECT_FORMAT}`,
    },
    install: {
      use: '[OPTIONS] PLUGIN [KEY=VALUE...]',
      about: 'Install a plugin',
      args: [1, MANY],
      flags: `
          --alias string            Local name for plugin
          --disable                 Do not enable the plugin on install
          --grant-all-permissions   Grant all permissions necessary to run the plugin`,
      hidden: '    --disable-content-trust   !support for docker content trust was removed',
    },
    ls: {
      use: '[OPTIONS]',
      about: 'List plugins',
      args: [0, 0],
      aliases: ['list'],
      also: 'docker plugin ls, docker plugin list',
      flags: `
      -f, --filter filter   Provide filter values (e.g. "enabled=true")
          --format string   ${TABLE_FORMAT}
          --no-trunc        Don't truncate output
      -q, --quiet           Only display plugin IDs`,
    },
    push: {
      use: '[OPTIONS] PLUGIN[:TAG]',
      about: 'Push a plugin to a registry',
      args: [1, 1],
      hidden: '    --disable-content-trust   !support for docker content trust was removed',
    },
    rm: {
      use: '[OPTIONS] PLUGIN [PLUGIN...]',
      about: 'Remove one or more plugins',
      args: [1, MANY],
      aliases: ['remove'],
      also: 'docker plugin rm, docker plugin remove',
      flags: `
      -f, --force   Force the removal of an active plugin`,
    },
    set: {
      use: 'PLUGIN KEY=VALUE [KEY=VALUE...]',
      about: 'Change settings for a plugin',
      args: [2, MANY],
    },
    upgrade: {
      use: '[OPTIONS] PLUGIN [REMOTE]',
      about: 'Upgrade an existing plugin',
      args: [1, 2],
      flags: `
          --grant-all-permissions   Grant all permissions necessary to run the plugin
          --skip-remote-check       Do not check if specified remote plugin matches existing
                                    > plugin image`,
      hidden: '    --disable-content-trust   !support for docker content trust was removed',
    },
  },
};
