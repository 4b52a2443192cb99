import type { NetworkCreateAnswer, NetworkSummary } from '../../api.ts';
import { NETWORK_HEADINGS, networkFormat, networkRow } from '../formatter/network.ts';
import { canonicalAddress } from '../../../go/address.ts';
import { readCsv } from '../../../go/csv.ts';
import { daemonError, failed, filterQuery, type Invocation, type Step } from '../invocation.ts';
import { networkConfigs } from '../options/subnets.ts';
import { pairs } from '../options/key-values.ts';
import { isRefused } from '../../../go/refused.ts';
import type { Flags } from '../pflag.ts';
import { naturalOrder } from './container-look.ts';
import { confirmed, printRows } from './printing.ts';

/** `docker network` (docker/cli v29.7 `cli/command/network`). */
export function* list(call: Invocation): Step<number> {
  const { flags } = call;
  const answer = yield* call.get<NetworkSummary[]>('/networks', filterQuery(flags.all('filter')));
  if (failed(answer)) return yield* call.fail(daemonError(answer));
  const sorted = [...answer.body].sort((a, b) => naturalOrder(a.Name, b.Name));
  const rows = sorted.map((network) => networkRow(network, !flags.has('no-trunc')));
  const format = networkFormat(flags.text('format'), flags.has('quiet'));
  return yield* printRows(call, format, rows, NETWORK_HEADINGS);
}

/** The parts of a flag that takes a list in one value. */
export const parts = (flags: Flags, name: string): string[] =>
  flags.all(name).flatMap((text) => {
    const fields = text === '' ? [] : readCsv(text);
    return isRefused(fields) ? [] : fields.map((field) => field.trim());
  });

export function* create(call: Invocation): Step<number> {
  const { flags, args } = call;
  const configs = networkConfigs({
    subnets: parts(flags, 'subnet'),
    ranges: parts(flags, 'ip-range'),
    gateways: parts(flags, 'gateway'),
    auxiliary: pairs(flags.all('aux-address')),
  });
  if (isRefused(configs)) return yield* call.fail(configs.refused);
  const from = flags.text('config-from');
  const body = {
    Name: args[0] ?? '',
    Driver: flags.text('driver', 'bridge'),
    ...(flags.changed('scope') ? { Scope: flags.text('scope') } : {}),
    ...(flags.changed('ipv4') ? { EnableIPv4: flags.has('ipv4') } : {}),
    ...(flags.changed('ipv6') ? { EnableIPv6: flags.has('ipv6') } : {}),
    IPAM: {
      Driver: flags.text('ipam-driver', 'default'),
      Options: pairs(flags.all('ipam-opt')),
      Config: configs,
    },
    Internal: flags.has('internal'),
    Attachable: flags.has('attachable'),
    Ingress: flags.has('ingress'),
    ConfigOnly: flags.has('config-only'),
    ...(from === '' ? {} : { ConfigFrom: { Network: from } }),
    Options: pairs(flags.all('opt')),
    Labels: pairs(flags.all('label')),
  };
  const answer = yield* call.post<NetworkCreateAnswer>('/networks/create', {}, body);
  if (failed(answer)) return yield* call.fail(daemonError(answer));
  yield* call.out(`${answer.body.Id}\n`);
  return 0;
}

const INGRESS_WARNING =
  'WARNING! Before removing the routing-mesh network, make sure all the nodes in your swarm run ' +
  'the same docker engine version. Otherwise, removal may not be effective and functionality of ' +
  'newly create ingress networks will be impaired.\nAre you sure you want to continue?';

export function* remove(call: Invocation): Step<number> {
  const { flags, args } = call;
  let wrong = false;
  for (const name of args) {
    const known = yield* call.get<NetworkSummary>(`/networks/${name}`);
    const asks = !failed(known) && known.body.Ingress;
    if (asks && !(yield* confirmed(call, INGRESS_WARNING))) continue;
    const answer = yield* call.ask({ method: 'DELETE', path: `/networks/${name}` });
    if (!failed(answer)) yield* call.out(`${name}\n`);
    else if (!flags.has('force') || answer.status !== 404) {
      yield* call.err(`${daemonError(answer)}\n`);
      wrong = true;
    }
  }
  return wrong ? yield* call.fail('exit status 1') : 0;
}

export function* connect(call: Invocation): Step<number> {
  const { flags, args } = call;
  const [network = '', container = ''] = args;
  const driver = parts(flags, 'driver-opt');
  if (driver.some((text) => !/^\s*[^=\s][^=]*=/.test(text))) {
    return yield* call.fail('invalid key/value pair format in driver options');
  }
  const [ip, ip6] = [flags.text('ip'), flags.text('ip6')];
  const local = parts(flags, 'link-local-ip');
  const aliases = parts(flags, 'alias');
  const ipam = {
    ...(ip === '' ? {} : { IPv4Address: ip }),
    ...(ip6 === '' ? {} : { IPv6Address: canonicalAddress(ip6) }),
    ...(local.length > 0 ? { LinkLocalIPs: local } : {}),
  };
  const body = {
    Container: container,
    EndpointConfig: {
      IPAMConfig: ipam,
      Links: flags.all('link'),
      Aliases: aliases,
      DriverOpts: pairs(driver),
      GwPriority: Number(flags.text('gw-priority', '0')),
    },
  };
  const answer = yield* call.post(`/networks/${network}/connect`, {}, body);
  return failed(answer) ? yield* call.fail(daemonError(answer)) : 0;
}

export function* disconnect(call: Invocation): Step<number> {
  const [network = '', container = ''] = call.args;
  const body = { Container: container, Force: call.flags.has('force') };
  const answer = yield* call.post(`/networks/${network}/disconnect`, {}, body);
  return failed(answer) ? yield* call.fail(daemonError(answer)) : 0;
}
