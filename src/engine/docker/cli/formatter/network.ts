import type { NetworkSummary } from '../../api.ts';
import { shortId } from '../../units.ts';
import { Subject, type Value } from '../../../go/template/value.ts';
import { labelList, labelOf } from './container.ts';
import { listFormat, type ListForms } from './list-format.ts';
import { goTime, ofText } from './time.ts';
import type { Headings } from './write.ts';

/** Rows of `docker network ls` (docker/cli v29.7 `cli/command/network/formatter.go`). */
export const NETWORK_HEADINGS: Headings = {
  ID: 'NETWORK ID',
  Name: 'NAME',
  Driver: 'DRIVER',
  Scope: 'SCOPE',
  IPv4: 'IPV4',
  IPv6: 'IPV6',
  Internal: 'INTERNAL',
  Labels: 'LABELS',
  CreatedAt: 'CREATED AT',
};

const FORMS: ListForms = {
  table: 'table {{.ID}}\t{{.Name}}\t{{.Driver}}\t{{.Scope}}',
  raw: 'network_id: {{.ID}}\nname: {{.Name}}\ndriver: {{.Driver}}\nscope: {{.Scope}}\n',
};

export const networkFormat = (source: string, quiet: boolean): string =>
  listFormat(source, quiet, FORMS);

export const networkRow = (network: NetworkSummary, truncate: boolean): Subject =>
  new Subject('*network.networkContext', {
    CreatedAt: () => goTime(ofText(network.Created)),
    Driver: () => network.Driver,
    ID: () => (truncate ? shortId(network.Id) : network.Id),
    IPv4: () => String(network.EnableIPv4),
    IPv6: () => String(network.EnableIPv6),
    Internal: () => String(network.Internal),
    Label: (name: Value) => labelOf(network.Labels, name),
    Labels: () => labelList(network.Labels),
    Name: () => network.Name,
    Scope: () => network.Scope,
  });
