import { describe, expect, it } from 'vitest';
import type { CreateBody } from '../api.ts';
import { mergeConfig } from './merge-config.ts';
import { configOf, hostConfigOf } from './defaults.ts';
import { top } from './top.ts';
import { createProblem, createWarnings } from './validate.ts';

const MB = 1024 * 1024;

describe('what is wrong with a container', () => {
  const rows: [string, CreateBody, string][] = [
    ['memory', { HostConfig: { Memory: MB } }, 'Minimum memory limit allowed is 6MB'],
    [
      'swap alone',
      { HostConfig: { MemorySwap: 10 * MB } },
      'You should always set the Memory limit when using Memoryswap limit, see usage',
    ],
    [
      'swap below memory',
      { HostConfig: { Memory: 20 * MB, MemorySwap: 10 * MB } },
      'Minimum memoryswap limit should be larger than memory limit, see usage',
    ],
    [
      'too many processors',
      { HostConfig: { NanoCpus: 5e9 } },
      'range of CPUs is from 0.01 to 4.00, as there are only 4 CPUs available',
    ],
    [
      'two ways to say it',
      { HostConfig: { NanoCpus: 1e9, CpuPeriod: 1000 } },
      'Conflicting options: Nano CPUs and CPU Period cannot both be set',
    ],
    [
      'a processor that is not there',
      { HostConfig: { CpusetCpus: '0-7' } },
      'Requested CPUs are not available - requested 0-7, available: 0-3',
    ],
    [
      'removed and restarted',
      { HostConfig: { AutoRemove: true, RestartPolicy: { Name: 'always', MaximumRetryCount: 0 } } },
      "can't create 'AutoRemove' container with restart policy",
    ],
    [
      'a relative directory',
      { WorkingDir: 'app' },
      "the working directory 'app' is invalid, it needs to be an absolute path",
    ],
    ['a nameless variable', { Env: ['=1'] }, 'invalid environment variable: =1'],
    ['no such signal', { StopSignal: 'NOSUCH' }, 'invalid signal: NOSUCH'],
    [
      'a short interval',
      { Healthcheck: { Test: ['CMD', 'true'], Interval: 10 } },
      'Interval in Healthcheck cannot be less than 1ms',
    ],
    [
      'no such capability',
      { HostConfig: { CapAdd: ['fly'] } },
      'invalid CapAdd: unknown capability: "CAP_FLY"',
    ],
    [
      'ports of another’s network',
      { HostConfig: { NetworkMode: 'container:x', PortBindings: { '80/tcp': [] } } },
      'conflicting options: port publishing and the container type network mode',
    ],
    [
      'a port that is none',
      { HostConfig: { PortBindings: { '0/tcp': [] } } },
      'invalid port specification: "0/tcp"',
    ],
  ];
  it.each(rows)('%s', (_what, body, words) => {
    expect(createProblem(body)).toBe(words);
  });

  it('is nothing, mostly', () => {
    expect(
      createProblem({ Image: 'x', HostConfig: { Memory: 64 * MB, NanoCpus: 5e8 } }),
    ).toBeUndefined();
    expect(createWarnings({ NetworkMode: 'host', PortBindings: { '80/tcp': [{}] } })).toEqual([
      'Published ports are discarded when using host network mode',
    ]);
  });
});

describe('a request made whole', () => {
  it('takes the image’s configuration in', () => {
    const image = {
      Env: ['PATH=/bin', 'A=image'],
      Entrypoint: ['/entry'],
      Cmd: ['serve'],
      Labels: { by: 'image', keep: 'yes' },
      ExposedPorts: { '80/tcp': {} },
      WorkingDir: '/srv',
      StopSignal: 'SIGQUIT',
    };
    const merged = mergeConfig(
      configOf({ Cmd: ['other'], Env: ['A=own'], Labels: { by: 'me' } }),
      image,
    );
    expect(merged).toMatchObject({
      Env: ['A=own', 'PATH=/bin'],
      Entrypoint: ['/entry'],
      Cmd: ['other'],
      Labels: { by: 'me', keep: 'yes' },
      WorkingDir: '/srv',
      StopSignal: 'SIGQUIT',
    });
    // An entrypoint of one's own leaves the image's command out.
    expect(mergeConfig(configOf({ Entrypoint: ['sh'] }), image).Cmd).toBeNull();
    expect(mergeConfig(configOf({}), image).Cmd).toEqual(['serve']);
  });

  it('doubles memory for swap', () => {
    expect(hostConfigOf({ Memory: 64 * MB }).MemorySwap).toBe(128 * MB);
    expect(hostConfigOf({ Memory: 64 * MB, MemorySwap: -1 }).MemorySwap).toBe(-1);
    expect(hostConfigOf({ NetworkMode: 'default', PidsLimit: -1 })).toMatchObject({
      NetworkMode: 'bridge',
      PidsLimit: null,
    });
  });
});

describe('top', () => {
  const process = {
    ...{ pid: 2002, nsPid: 1, ppid: 2001, user: 'root', argv: ['/usr/bin/sleep', '10'] },
    ...{ startedMs: 0, cpuMs: 61_000, memoryBytes: 512 * 1024 },
  };
  const context = { nowMs: 3_700_000, tty: '?', memoryBytes: 1024 * 1024 };

  it('shows what ps is asked for', () => {
    expect(top([process], '', context).body).toEqual({
      Titles: ['UID', 'PID', 'PPID', 'C', 'STIME', 'TTY', 'TIME', 'CMD'],
      Processes: [['root', '2002', '2001', '1', '00:00', '?', '00:01:01', '/usr/bin/sleep 10']],
    });
    expect(top([process], 'aux', context).body).toMatchObject({
      Processes: [
        [
          'root',
          '2002',
          '1.6',
          '50.0',
          '512',
          '512',
          '?',
          'Ss',
          '00:00',
          '1:01',
          '/usr/bin/sleep 10',
        ],
      ],
    });
    expect(top([process], '-o pid,comm,etime', context).body).toEqual({
      Titles: ['PID', 'COMMAND', 'ELAPSED'],
      Processes: [['2002', 'sleep', '01:01:40']],
    });
    expect(top([process], '-o comm', context).body).toEqual({
      message: "Couldn't find PID field in ps output",
    });
    expect(top([process], '-o nosuch', context).body).toEqual({
      message: 'ps: error: unknown user-defined format specifier "nosuch"',
    });
  });
});
