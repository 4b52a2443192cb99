import { goTime, ofText } from '../../docker/cli/formatter/time.ts';
import { capital } from '../../docker/cli/formatter/swarm.ts';
import { bytesSize } from '../../docker/units.ts';
import type { NodeWire } from '../wire/node.ts';

/** `docker node inspect --pretty` (docker/cli v29.7 `cli/command/node/formatter.go`). */
const NANO = 1_000_000_000;

const labelLines = (labels: Readonly<Record<string, string>>): string[] =>
  Object.keys(labels)
    .sort()
    .map((key) => ` - ${key}${labels[key] ? `=${labels[key]}` : ''}`);

export function prettyNode(node: NodeWire): string {
  const { Spec, Status, Description, ManagerStatus } = node;
  const { Engine, Resources, Platform, TLSInfo } = Description;
  const labels = labelLines(Spec.Labels ?? {});
  const engineLabels = labelLines(Engine.Labels ?? {});
  const plugins = pluginLines(Engine.Plugins);
  return [
    `ID:\t\t\t${node.ID}`,
    ...(Spec.Name ? [`Name:\t\t\t${Spec.Name}`] : []),
    ...(labels.length > 0 ? ['Labels:', ...labels] : []),
    `Hostname:              \t${Description.Hostname}`,
    `Joined at:             \t${capital(goTime(ofText(node.CreatedAt)))}`,
    'Status:',
    ` State:\t\t\t${capital(Status.State)}`,
    ...(Status.Message ? [` Message:              \t${capital(Status.Message)}`] : []),
    ` Availability:         \t${capital(Spec.Availability)}`,
    ...(Status.Addr ? [` Address:\t\t${Status.Addr}`] : []),
    ...(ManagerStatus
      ? [
          'Manager Status:',
          ` Address:\t\t${ManagerStatus.Addr}`,
          ` Raft Status:\t\t${capital(ManagerStatus.Reachability)}`,
          ` Leader:\t\t${ManagerStatus.Leader ? 'Yes' : 'No'}`,
        ]
      : []),
    'Platform:',
    ` Operating System:\t${Platform.OS}`,
    ` Architecture:\t\t${Platform.Architecture}`,
    'Resources:',
    ` CPUs:\t\t\t${Math.floor(Resources.NanoCPUs / NANO)}`,
    ` Memory:\t\t${bytesSize(Resources.MemoryBytes)}`,
    ...(plugins.length > 0 ? ['Plugins:', ...plugins] : []),
    `Engine Version:\t\t${Engine.EngineVersion}`,
    ...(engineLabels.length > 0 ? ['Engine Labels:', ...engineLabels] : []),
    ...('TrustRoot' in TLSInfo
      ? [
          'TLS Info:',
          ' TrustRoot:',
          TLSInfo.TrustRoot,
          ` Issuer Subject:\t${TLSInfo.CertIssuerSubject}`,
          ` Issuer Public Key:\t${TLSInfo.CertIssuerPublicKey}`,
        ]
      : []),
  ].join('\n');
}

function pluginLines(plugins: NodeWire['Description']['Engine']['Plugins']): string[] {
  const kinds = [...new Set(plugins.map(({ Type }) => Type))].sort();
  return kinds.map((kind) => {
    const names = plugins.filter(({ Type }) => Type === kind).map(({ Name }) => Name);
    return ` ${kind}:\t\t${names.join(', ')}`;
  });
}
