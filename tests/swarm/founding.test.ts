import { describe, expect, it } from 'vitest';
import { swarmSession } from './swarm-session.ts';

/** What `docker swarm init` will not do, and why. */
const REFUSED: readonly [options: string, why: string][] = [
  [
    '--availability gone',
    'invalid availability "gone", only active, pause and drain are supported',
  ],
  [
    '--advertise-addr 0.0.0.0',
    'Error response from daemon: advertise address must be a non-zero IP address or network ' +
      'interface (with optional port number)',
  ],
  [
    '--listen-addr nowhere:2377',
    'Error response from daemon: listen address must be an IP address or network interface (with ' +
      'optional port number)',
  ],
  [
    '--data-path-port 80',
    'Error response from daemon: Datapath port number is not in valid range (1024-49151) : 80',
  ],
  [
    '--default-addr-pool 10.20.0.0/16 --default-addr-pool-mask-length 30',
    'Error response from daemon: subnet size is out of range: 30',
  ],
  [
    '--default-addr-pool 10.20.0.0/26',
    'Error response from daemon: invalid CIDR: "10.20.0.0/26". Subnet size is too small for pool: 24',
  ],
];

describe('docker swarm init', () => {
  it.each(REFUSED)('refuses %s', (options, why) => {
    const { session, type } = swarmSession();
    expect(session.type(`docker swarm init ${options}`)).toEqual({
      ...{ printed: `${why}\n`, exitCode: 1 },
    });
    expect(type('docker info')).toContain('Swarm: inactive');
  });

  it('prints how others join, by the address that was asked for', () => {
    const { must } = swarmSession();
    const printed = must('docker swarm init --advertise-addr eth0:2400 --listen-addr eth0:2400');
    expect(printed).toMatch(
      new RegExp(
        '^Swarm initialized: current node \\((\\w{25})\\) is now a manager\\.\n\n' +
          'To add a worker to this swarm, run the following command:\n\n' +
          '    docker swarm join --token SWMTKN-1-\\w{50}-\\w{25} 192\\.168\\.10\\.11:2400\n\n' +
          "To add a manager to this swarm, run 'docker swarm join-token manager' and follow the " +
          'instructions\\.\n$',
      ),
    );
    const command = /docker swarm join .*/.exec(printed)?.[0] ?? '';
    expect(must(`ssh node-2 ${command}`)).toBe('This node joined a swarm as a worker.\n');
  });

  it('takes its settings, and shows them', () => {
    const { must } = swarmSession();
    const printed = must(
      'docker swarm init --autolock --task-history-limit 2 --dispatcher-heartbeat 3s ' +
        '--cert-expiry 48h --default-addr-pool 10.20.0.0/16 --default-addr-pool-mask-length 26 ' +
        '--availability drain',
    );
    expect(printed).toMatch(/provide the following key:\n\n {4}SWMKEY-1-\S{43}\n/);
    const info = must('docker info');
    for (const line of [
      'Default Address Pool: 10.20.0.0/16  ',
      'SubnetSize: 26',
      'Task History Retention Limit: 2',
      'Heartbeat Period: 3 seconds',
      'Expiry Duration: 2 days',
      'Autolock Managers: true',
    ]) {
      expect(info).toContain(` ${line}\n`);
    }
    expect(must("docker node ls --format '{{.Availability}}'")).toBe('Drain\n');
  });

  it('two managers are warned of', () => {
    const { found, must } = swarmSession();
    found(2, 0);
    expect(must('docker info 2>&1 >/dev/null')).toContain(
      'WARNING: Running Swarm in a two-manager configuration. This configuration provides\n' +
        '         no fault tolerance, and poses a high risk to lose control over the cluster.\n',
    );
  });

  it('a swarm is changed from the version that was seen', () => {
    const { found, must, api } = swarmSession();
    found(1, 0);
    must('docker swarm update --task-history-limit 9');
    const { Spec, Version } = api<{ Spec: object; Version: { Index: number } }>({
      ...{ method: 'GET', path: '/swarm' },
    }).body;
    const update = (version: number) =>
      api<{ message?: string }>({
        ...{ method: 'POST', path: '/swarm/update', body: Spec },
        query: { version: String(version) },
      });
    expect(update(Version.Index - 1).body.message).toBe(
      'rpc error: code = Unknown desc = update out of sequence',
    );
    expect(update(Version.Index).status).toBe(200);
    const before = must('docker swarm ca');
    expect(must('docker swarm ca --rotate --detach')).toBe('');
    expect(must('docker swarm ca')).not.toBe(before);
    expect(must('docker swarm ca --rotate')).toMatch(
      /^desired root digest: sha256:\w{64}\n {2}rotated TLS certificates: {2}\[=+>\] 1\/1 nodes\n/,
    );
  });
});
