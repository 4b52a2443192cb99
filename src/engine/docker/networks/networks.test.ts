import { describe, expect, it } from 'vitest';
import type { NetworkInterface } from '../../net/interface.ts';
import type { NetworkInspect, NetworkSettings, NetworkSummary } from '../api.ts';
import { DEV, idle, NGINX, oneDaemon, web } from '../one-daemon.ts';

function world() {
  const daemon = oneDaemon();
  daemon.pull(NGINX);
  daemon.pull('alpine:3.22');
  const { api, refusal } = daemon;
  const network = (name: string, body: object = {}) =>
    api<{ Id: string }>('POST', '/networks/create', { body: { Name: name, ...body } });
  const inspect = (name: string) => api<NetworkInspect>('GET', `/networks/${name}`).body;
  const subnetOf = (name: string) => inspect(name).IPAM.Config?.[0];
  const connect = (net: string, Container: string, EndpointConfig: object = {}) =>
    api('POST', `/networks/${net}/connect`, { body: { Container, EndpointConfig } });
  const ipOf = (name: string, net: string) =>
    api<{ NetworkSettings: { Networks: Record<string, { IPAddress: string }> } }>(
      'GET',
      `/containers/${name}/json`,
    ).body.NetworkSettings.Networks[net]?.IPAddress;
  const lookup = (container: string, name: string) =>
    daemon.question<string[]>('net/lookup', { place: `${DEV}/${container}`, name });
  return { ...daemon, network, inspect, subnetOf, connect, ipOf, lookup, refusal };
}

describe('networks', () => {
  it('are three on a fresh engine', () => {
    const { api } = world();
    const rows = api<NetworkSummary[]>('GET', '/networks').body;
    const seen = rows.map(({ Name, Driver, Scope }) => `${Name} ${Driver} ${Scope}`).sort();
    expect(seen).toEqual(['bridge bridge local', 'host host local', 'none null local']);
    const bridge = rows.find(({ Name }) => Name === 'bridge');
    expect(bridge?.IPAM.Config).toEqual([{ Subnet: '172.17.0.0/16', Gateway: '172.17.0.1' }]);
  });

  it('get the next free subnet of the default pools, and give it back', () => {
    const { network, subnetOf, api } = world();
    network('one');
    network('two');
    expect(subnetOf('one')).toEqual({ Subnet: '172.18.0.0/16', Gateway: '172.18.0.1' });
    expect(subnetOf('two')).toEqual({ Subnet: '172.19.0.0/16', Gateway: '172.19.0.1' });
    expect(api('DELETE', '/networks/one').status).toBe(204);
    network('three');
    expect(subnetOf('three')?.Subnet).toBe('172.18.0.0/16');
    for (let i = 20; i <= 31; i++) network(`n${i}`);
    expect(subnetOf('n31')?.Subnet).toBe('172.31.0.0/16');
    for (let i = 0; i < 16; i++) network(`s${i}`);
    expect(subnetOf('s0')?.Subnet).toBe('192.168.0.0/20');
    expect(subnetOf('s15')?.Subnet).toBe('192.168.240.0/20');
    expect(network('more')).toEqual({
      status: 400,
      body: { message: 'all predefined address pools have been fully subnetted' },
    });
  });

  it('are refused in the words of the daemon', () => {
    const { network, refusal, api, create } = world();
    const config = (Config: object) => ({ IPAM: { Config: [Config] } });
    network('front', config({ Subnet: '10.5.0.0/16' }));
    expect(network('front')).toEqual({
      status: 409,
      body: { message: 'network with name front already exists' },
    });
    expect(network('bridge')).toEqual({
      status: 403,
      body: { message: 'operation is not permitted on predefined bridge network ' },
    });
    expect(network('other', config({ Subnet: '10.5.1.0/24' }))).toEqual({
      status: 403,
      body: {
        message: 'invalid pool request: Pool overlaps with other one on this address space',
      },
    });
    expect(refusal(network('bad', config({ Subnet: '10.6.0.1/16', Gateway: '10.7.0.1' })))).toBe(
      'invalid network config:\n' +
        '* invalid subnet 10.6.0.1/16: it should be 10.6.0.0/16\n' +
        "* invalid gateway 10.7.0.1: parent subnet 10.6.0.1/16 doesn't contain this address",
    );
    expect(refusal(network('x', { Driver: 'nope' }))).toBe('plugin "nope" not found');
    expect(refusal(network('x', { Driver: 'host' }))).toBe(
      'only one instance of "host" network is allowed',
    );
    expect(api('DELETE', '/networks/host')).toEqual({
      status: 403,
      body: { message: 'host is a pre-defined network and cannot be removed' },
    });
    expect(api('DELETE', '/networks/nope')).toEqual({
      status: 404,
      body: { message: 'network nope not found' },
    });
    expect(
      refusal(
        create('cc', {
          ...idle({ NetworkMode: 'bridge' }),
          NetworkingConfig: {
            EndpointsConfig: { bridge: { IPAMConfig: { IPv4Address: '172.17.0.9' } } },
          },
        }),
      ),
    ).toBe(
      'invalid config for network bridge: invalid endpoint settings:\n' +
        'user-specified IP address is supported on user-defined networks only',
    );
  });

  it('list who is on them and are not removed while somebody is', () => {
    const { network, inspect, run, api, refusal } = world();
    network('front');
    const id = run('one', web({ NetworkMode: 'front' }));
    const { Containers, Status } = inspect('front');
    const endpoint = Containers[id];
    expect(endpoint).toMatchObject({ Name: 'one', IPv4Address: '172.18.0.2/16', IPv6Address: '' });
    expect(endpoint?.MacAddress).toMatch(/^[0-9a-f][26ae](:[0-9a-f]{2}){5}$/);
    expect(Status?.IPAM.Subnets).toEqual({
      '172.18.0.0/16': { IPsInUse: 4, DynamicIPsAvailable: 65_532 },
    });
    expect(refusal(api('DELETE', '/networks/front'))).toBe(
      'error while removing network: network front has active endpoints ' +
        `(name:"one" id:"${endpoint?.EndpointID.slice(0, 12)}")`,
    );
    api('POST', '/containers/one/kill');
    expect(inspect('front').Containers).toEqual({});
    expect(api('DELETE', '/networks/front').status).toBe(204);
    expect(refusal(api('POST', '/containers/one/start'))).toMatch(
      /^failed to set up container networking: network [0-9a-f]{64} not found$/,
    );
  });

  it('hand out the lowest free address, fixed ones and ranges', () => {
    const { network, run, ipOf, api, create, start, refusal } = world();
    const Config = [{ Subnet: '10.9.0.0/24', IPRange: '10.9.0.128/25', Gateway: '10.9.0.254' }];
    network('front', { IPAM: { Config } });
    const fixed = (ip: string) => ({
      ...idle({ NetworkMode: 'front' }),
      NetworkingConfig: { EndpointsConfig: { front: { IPAMConfig: { IPv4Address: ip } } } },
    });
    run('aa', idle({ NetworkMode: 'front' }));
    run('bb', idle({ NetworkMode: 'front' }));
    expect([ipOf('aa', 'front'), ipOf('bb', 'front')]).toEqual(['10.9.0.128', '10.9.0.129']);
    api('DELETE', '/containers/aa', { query: { force: '1' } });
    run('cc', fixed('10.9.0.20'));
    run('dd', idle({ NetworkMode: 'front' }));
    expect([ipOf('cc', 'front'), ipOf('dd', 'front')]).toEqual(['10.9.0.20', '10.9.0.128']);
    expect(create('ee', fixed('10.9.0.20')).status).toBe(201);
    expect(refusal(start('ee'))).toBe(
      'failed to set up container networking: Address already in use',
    );
    expect(refusal(create('ff', fixed('10.8.0.1')))).toBe(
      'invalid config for network front: invalid endpoint settings:\n' +
        'no configured subnet contains IP address 10.8.0.1',
    );
  });
});

describe('names', () => {
  it('are known on user-defined networks alone, and gone with the container', () => {
    const { network, run, lookup, api } = world();
    network('front');
    const one = run('one', { ...web({ NetworkMode: 'front' }), Hostname: 'eins' });
    const aliased = { EndpointsConfig: { front: { Aliases: ['web'] } } };
    run('two', { ...web({ NetworkMode: 'front' }), NetworkingConfig: aliased });
    run('three', { ...web({ NetworkMode: 'front' }), NetworkingConfig: aliased });
    run('far', web());
    expect(lookup(one, 'one')).toEqual(['172.18.0.2']);
    expect(lookup(one, 'EINS')).toEqual(['172.18.0.2']);
    expect(lookup(one, one.slice(0, 12))).toEqual(['172.18.0.2']);
    expect(lookup(one, 'two.front')).toEqual(['172.18.0.3']);
    expect([...lookup(one, 'web')].sort()).toEqual(['172.18.0.3', '172.18.0.4']);
    const firsts = Array.from({ length: 20 }, () => lookup(one, 'web')[0]);
    expect(new Set(firsts).size).toBe(2);
    expect(lookup(one, 'far')).toEqual([]);
    expect(lookup(one, 'other')).toEqual(['10.0.0.3']);
    api('POST', '/containers/three/rename', { query: { name: 'drei' } });
    expect([lookup(one, 'three'), lookup(one, 'drei')]).toEqual([[], ['172.18.0.4']]);
    api('POST', '/containers/two/kill');
    expect(lookup(one, 'two')).toEqual([]);
    expect(lookup(one, 'web')).toEqual(['172.18.0.4']);
    const far = run('far2', idle());
    expect(lookup(far, 'far')).toEqual([]);
    expect(lookup(far, 'other')).toEqual(['10.0.0.3']);
  });

  it('stand in /etc/hosts and resolv.conf as Docker writes them', () => {
    const { network, run, files } = world();
    network('front');
    const id = run('one', {
      ...idle({ NetworkMode: 'front', ExtraHosts: ['db:10.1.1.1', 'host:host-gateway'] }),
      Hostname: 'one',
      Domainname: 'example.com',
    });
    const read = (place: string, path: string) => files.read(`${DEV}/${place}`, path)?.content;
    expect(read(id, '/etc/hosts')?.split('\n').slice(-4)).toEqual([
      '10.1.1.1\tdb',
      '172.17.0.1\thost',
      '172.18.0.2\tone.example.com one',
      '',
    ]);
    expect(read(id, '/etc/hostname')).toBe('one\n');
    expect(read(id, '/etc/resolv.conf')).toMatch(
      /\n\nnameserver 127\.0\.0\.11\n(search .*\n)?options ndots:0\n/,
    );
    const plain = run('two', idle({ Dns: ['9.9.9.9'] }));
    expect(read(plain, '/etc/resolv.conf')).toMatch(
      /\nnameserver 9\.9\.9\.9\n[^]*\(legacy\)\n# Overrides: \[nameservers\]\n$/,
    );
  });
});

describe('reachability', () => {
  it('ends at the edge of a network', () => {
    const { network, run, reach } = world();
    network('front');
    network('back', { Internal: true });
    const one = run('one', web({ NetworkMode: 'front' }));
    const two = run('two', web({ NetworkMode: 'front' }));
    const shut = run('shut', web({ NetworkMode: 'back', PortBindings: { '80/tcp': [{}] } }));
    const none = run('none', web({ NetworkMode: 'none' }));
    const at = (id: string) => `${DEV}/${id}`;
    expect(reach(at(one), '172.18.0.3')).toBe(200);
    expect(reach(at(two), '127.0.0.1')).toBe(200);
    expect(reach(at(one), '172.18.0.3', 81)).toBe('refused');
    expect(reach(at(one), '172.19.0.2')).toBe('timeout');
    expect(reach(DEV, '172.19.0.2')).toBe(200);
    expect(reach('other', '172.18.0.2')).toBe('timeout');
    expect(reach(at(shut), '10.0.0.3')).toBe('unreachable');
    expect(reach(at(none), '172.18.0.2')).toBe('unreachable');
    expect(reach(at(none), '127.0.0.1')).toBe(200);
  });

  it('follows published ports, from everywhere', () => {
    const { run, reach, network } = world();
    network('front');
    run('one', web({ PortBindings: { '80/tcp': [{ HostPort: '8080' }] } }));
    run('local', web({ PortBindings: { '80/tcp': [{ HostIp: '127.0.0.1', HostPort: '81' }] } }));
    const two = run('two', web({ NetworkMode: 'front' }));
    expect(reach(DEV, '127.0.0.1', 8080)).toBe(200);
    expect(reach(DEV, '10.0.0.2', 8080)).toBe(200);
    expect(reach('other', '10.0.0.2', 8080)).toBe(200);
    expect(reach(`${DEV}/${two}`, '10.0.0.2', 8080)).toBe(200);
    expect(reach(`${DEV}/${two}`, '172.18.0.1', 8080)).toBe(200);
    expect(reach(DEV, '127.0.0.1', 81)).toBe(200);
    expect(reach('other', '10.0.0.2', 81)).toBe('refused');
    run('deaf', idle({ PortBindings: { '80/tcp': [{ HostPort: '82' }] } }));
    expect(reach(DEV, '127.0.0.1', 82)).toBe('reset');
    expect(reach('other', '10.0.0.2', 82)).toBe('refused');
  });

  it('is the machine’s own in host mode, and shared in container mode', () => {
    const { kernel, run, reach, create, start, refusal, api } = world();
    run('host', web({ NetworkMode: 'host' }));
    expect(reach('other', '10.0.0.2')).toBe(200);
    expect(create('taken', web({ PortBindings: { '80/tcp': [{ HostPort: '80' }] } })).status).toBe(
      201,
    );
    expect(refusal(start('taken'))).toMatch(
      /^failed to set up container networking: driver failed programming external connectivity on endpoint taken \([0-9a-f]{64}\): failed to bind host port 0\.0\.0\.0:80\/tcp: address already in use$/,
    );
    api('DELETE', '/containers/host', { query: { force: '1' } });
    run('first', web({ PortBindings: { '80/tcp': [{ HostPort: '80' }] } }));
    run('host', web({ NetworkMode: 'host' }));
    // nginx asks for the port five times before it gives up.
    kernel.advance(kernel.now + 5000);
    const state = api<{ State: { Status: string } }>('GET', '/containers/host/json').body.State;
    expect(state.Status).toBe('exited');
    const main = run('main', web());
    const side = run('side', idle({ NetworkMode: 'container:main' }));
    expect(reach(`${DEV}/${side}`, '127.0.0.1')).toBe(200);
    api('POST', '/containers/main/kill');
    create('late', idle({ NetworkMode: `container:${main}` }));
    expect(start('late')).toEqual({
      status: 409,
      body: {
        message:
          'cannot join network namespace of a non running container: container main is exited',
      },
    });
    create('lost', idle({ NetworkMode: 'container:nope' }));
    expect(refusal(start('lost'))).toBe(
      'joining network namespace of container: No such container: nope',
    );
  });
});

describe('connect and disconnect', () => {
  it('moves a running container between networks', () => {
    const { network, run, connect, lookup, reach, api, ipOf, files, refusal, question } = world();
    network('front');
    network('back');
    const one = run('one', web({ NetworkMode: 'front' }));
    const two = run('two', web({ NetworkMode: 'back' }));
    expect(reach(`${DEV}/${two}`, '172.18.0.2')).toBe('timeout');
    expect(connect('back', 'one', { Aliases: ['uno'] }).status).toBe(200);
    expect(ipOf('one', 'back')).toBe('172.19.0.3');
    const cards = question<NetworkInterface[]>('net/interfaces', { place: `${DEV}/${one}` });
    expect(cards.map(({ name, ip, gateway }) => [name, ip, gateway])).toEqual([
      ['eth0', '172.18.0.2', ''],
      ['eth1', '172.19.0.3', '172.19.0.1'],
    ]);
    expect(lookup(two, 'uno')).toEqual(['172.19.0.3']);
    expect(reach(`${DEV}/${two}`, '172.19.0.3')).toBe(200);
    expect(files.read(`${DEV}/${one}`, '/etc/hosts')?.content).toContain('172.19.0.3\t');
    expect(refusal(connect('back', 'one'))).toBe(
      'endpoint with name one already exists in network back',
    );
    const off = (net: string, Container: string) =>
      api('POST', `/networks/${net}/disconnect`, { body: { Container } });
    expect(off('back', 'one').status).toBe(200);
    expect(lookup(two, 'uno')).toEqual([]);
    expect(reach(`${DEV}/${two}`, '172.19.0.3')).toBe('absent');
    expect(files.read(`${DEV}/${one}`, '/etc/hosts')?.content).not.toContain('172.19.0.3');
    expect(refusal(off('back', 'one'))).toBe(`container ${one} is not connected to network back`);
    expect(refusal(connect('host', 'one'))).toBe(
      'cannot connect container to host network - container must be created in host network mode',
    );
    expect(refusal(connect('none', 'one'))).toBe(
      'container cannot be connected to multiple networks with one of the networks in private (none) mode',
    );
    expect(refusal(connect('nope', 'one'))).toBe('network nope not found');
    expect(refusal(connect('back', 'nope'))).toBe('No such container: nope');
  });
});

describe('prune', () => {
  it('removes what nobody is on', () => {
    const { network, run, api } = world();
    network('front');
    network('back', { Labels: { keep: 'yes' } });
    network('side');
    run('one', idle({ NetworkMode: 'front' }));
    const filters = JSON.stringify({ 'label!': { keep: true } });
    expect(api('POST', '/networks/prune', { query: { filters } }).body).toEqual({
      NetworksDeleted: ['side'],
    });
    expect(api('POST', '/networks/prune').body).toEqual({ NetworksDeleted: ['back'] });
    expect(api('POST', '/networks/prune').body).toEqual({ NetworksDeleted: null });
  });
});

describe('what is told of a container', () => {
  it('are its ports, its endpoint and what happened to them', () => {
    const { run, api, docker, network } = world();
    network('front');
    const PortBindings = {
      '80/tcp': [{ HostPort: '8000-8010' }, { HostIp: '127.0.0.1', HostPort: '90' }],
    };
    const id = run('one', {
      ...web({ NetworkMode: 'front', PortBindings, PublishAllPorts: true }),
      ExposedPorts: { '443/tcp': {}, '80/tcp': {} },
    });
    const settings = () =>
      api<{ NetworkSettings: NetworkSettings }>('GET', '/containers/one/json').body.NetworkSettings;
    const { Ports, Networks, SandboxID, SandboxKey } = settings();
    expect(Ports).toEqual({
      '443/tcp': [
        { HostIp: '0.0.0.0', HostPort: '32768' },
        { HostIp: '::', HostPort: '32768' },
      ],
      '80/tcp': [
        { HostIp: '127.0.0.1', HostPort: '90' },
        { HostIp: '0.0.0.0', HostPort: '8000' },
        { HostIp: '::', HostPort: '8000' },
      ],
    });
    expect(SandboxKey).toBe(`/var/run/docker/netns/${SandboxID.slice(0, 12)}`);
    expect(Networks.front).toMatchObject({
      ...{ Gateway: '172.18.0.1', IPAddress: '172.18.0.2', IPPrefixLen: 16, Aliases: null },
      DNSNames: ['one', id.slice(0, 12)],
    });
    api('POST', '/containers/one/kill');
    expect(settings()).toMatchObject({
      ...{ SandboxID: '', Ports: {} },
      Networks: { front: { IPAddress: '', EndpointID: '', NetworkID: Networks.front?.NetworkID } },
    });
    const seen = docker.events.kept(DEV).filter(({ Type }) => Type === 'network');
    expect(seen.map(({ Action }) => Action)).toEqual(['create', 'connect', 'disconnect']);
    expect(seen.at(-1)?.Actor.Attributes).toEqual({ container: id, name: 'front', type: 'bridge' });
  });

  it('includes links, on the default bridge and elsewhere', () => {
    const { run, network, lookup, files, create, start, refusal, api } = world();
    run('db', idle());
    const one = run('one', idle({ Links: ['db:base'] }));
    expect(files.read(`${DEV}/${one}`, '/etc/hosts')?.content).toMatch(
      /\n172\.17\.0\.2\tbase \w+ db\n/,
    );
    expect(lookup(one, 'base')).toEqual(['172.17.0.2']);
    network('front');
    run('store', idle({ NetworkMode: 'front' }));
    const endpoint = { EndpointsConfig: { front: { Links: ['store:shelf'] } } };
    const two = run('two', { ...idle({ NetworkMode: 'front' }), NetworkingConfig: endpoint });
    const three = run('three', idle({ NetworkMode: 'front' }));
    expect(lookup(two, 'shelf')).toEqual(lookup(two, 'store'));
    expect(lookup(three, 'shelf')).toEqual([]);
    api('POST', '/containers/db/kill');
    create('late', idle({ Links: ['db'] }));
    expect(refusal(start('late'))).toBe('Cannot link to a non running container: /db AS /late/db');
  });

  it('is the same after a checkpoint', () => {
    const { kernel, run, network, docker } = world();
    network('front');
    run('one', web({ NetworkMode: 'front', PortBindings: { '80/tcp': [{ HostPort: '80' }] } }));
    const middle = kernel.checkpoint();
    const hash = kernel.hash();
    run('two', web({ NetworkMode: 'front' }));
    kernel.restore(middle);
    expect(kernel.hash()).toBe(hash);
    expect(docker.networks.ports.at(DEV, 'tcp', 80)?.inside).toBe(80);
  });
});

describe('a list of networks', () => {
  it('is narrowed down as asked', () => {
    const { api, network, run, refusal } = world();
    network('front', { Labels: { tier: 'web' } });
    network('back', { Internal: true });
    run('one', idle({ NetworkMode: 'front' }));
    const list = (filters: object) =>
      api<NetworkSummary[]>('GET', '/networks', { query: { filters: JSON.stringify(filters) } });
    const names = (filters: object) =>
      list(filters)
        .body.map(({ Name }) => Name)
        .sort();
    expect(names({ type: { custom: true } })).toEqual(['back', 'front']);
    expect(names({ dangling: { true: true } })).toEqual(['back']);
    expect(names({ driver: { null: true } })).toEqual(['none']);
    expect(names({ label: { 'tier=web': true } })).toEqual(['front']);
    expect(names({ name: { 'b.*k': true } })).toEqual(['back']);
    expect(names({ scope: ['swarm'] })).toEqual([]);
    expect(refusal(list({ colour: { red: true } }))).toBe("invalid filter 'colour'");
    expect(refusal(list({ type: { odd: true } }))).toBe("invalid filter: 'type'='odd'");
    expect(refusal(list({ dangling: { maybe: true } }))).toBe(
      'invalid value for filter \'dangling\', must be "true" (or "1"), or "false" (or "0")',
    );
  });

  it('is found by the start of an id, and by names that objects have', () => {
    const { inspect, network, run, ipOf, connect, reach } = world();
    const made = network('constructor').body.Id;
    expect(inspect(made.slice(0, 8)).Name).toBe('constructor');
    const mode = made.slice(0, 12);
    const one = run('one', web({ NetworkMode: mode }));
    expect(ipOf('one', 'constructor')).toBe('172.18.0.2');
    network('__proto__');
    const two = run('two', web({ NetworkMode: '__proto__' }));
    expect(connect('constructor', 'two').status).toBe(200);
    expect(reach(`${DEV}/${two}`, '172.18.0.2')).toBe(200);
    expect(reach(`${DEV}/${one}`, '172.19.0.2')).toBe('timeout');
  });
});
