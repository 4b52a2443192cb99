import { expect, it } from 'vitest';
import { execute, template } from '../../../go/template/execute.ts';
import { isRefused } from '../../../go/refused.ts';
import { Struct } from '../../../go/template/typed.ts';
import type { Value } from '../../../go/template/value.ts';
import { CLIENT_TYPES } from './client-types.ts';
import { ENGINE_TYPES } from './engine-types.ts';
import { SWARM_TYPES } from './swarm-types.ts';
import { typed } from './go-types.ts';

const NOTATION = ENGINE_TYPES + SWARM_TYPES + CLIENT_TYPES;

function fill(source: string, type: string, json: Value): string {
  const parsed = template(source);
  if (isRefused(parsed)) return parsed.refused;
  const text = execute(parsed, typed(type, json), { typed: true });
  return isRefused(text) ? text.refused : text;
}

it('knows every struct that another one has', () => {
  const names = new Set(NOTATION.match(/\b[a-z0-9]+\.[A-Za-z]\w+\b/g));
  expect(names.size).toBeGreaterThan(90);
  const plain = /^(time|netip|os)\.|^network\.(HardwareAddr|Port)$/;
  for (const name of names) {
    if (plain.test(name)) continue;
    const struct = typed(name, {}) as Struct;
    expect(struct, name).toBeInstanceOf(Struct);
    expect(struct.all.map((field) => field.value()).length, name).toBeGreaterThan(0);
  }
});

// Columns: what is written, the struct, what was answered, what comes out; as text/template does it.
it.each([
  ['{{.Swarm.Managers}} {{.Swarm.RemoteManagers}}', 'system.Info', {}, '0 []'],
  ['{{.Delay}} {{json .Delay}}', 'swarm.RestartPolicy', { Delay: 5e9 }, '5s 5000000000'],
  ['{{.Delay}} {{if .Delay}}yes{{end}}', 'swarm.UpdateConfig', {}, '0s '],
  ['{{.Window}} {{if .Window}}yes{{end}}', 'swarm.RestartPolicy', {}, '<nil> '],
  ['{{.Env}} {{len .Env}} {{json .Env}}', 'swarm.ContainerSpec', {}, '[] 0 null'],
  ['{{.Env}} {{json .Env}}', 'swarm.ContainerSpec', { Env: [] }, '[] []'],
  ['{{.Labels}} {{.Labels.none}}', 'container.Config', {}, 'map[] <no value>'],
  ['{{.Platform}}', 'swarm.NodeDescription', { Platform: { OS: 'linux' } }, '{ linux}'],
  [
    '{{.Version.Index}} {{.CreatedAt}}',
    'swarm.Secret',
    { Version: { Index: 7 }, CreatedAt: '2026-01-05T00:00:10.5Z' },
    '7 2026-01-05 00:00:10.5 +0000 UTC',
  ],
  ['{{.CreatedAt}}', 'swarm.Secret', {}, '0001-01-01 00:00:00 +0000 UTC'],
  [
    '{{.IPAddress}}|{{json .IPAddress}}|{{.MacAddress}}|{{.Gateway}}',
    'network.EndpointSettings',
    { IPAddress: '', Gateway: '10.0.0.1' },
    'invalid IP|""||10.0.0.1',
  ],
  [
    '{{.Data}} {{printf "%s" .Data}} {{json .Data}}',
    'swarm.ConfigSpec',
    { Data: 'aGk=' },
    '[104 105] hi "aGk="',
  ],
  ['{{.Mode}}', 'swarm.SecretReferenceFileTarget', { Mode: 0o444 }, '-r--r--r--'],
  ['{{.ID}} {{json .}}', 'container.InspectResponse', { Id: 'abc' }, 'abc {"Id":"abc"}'],
  [
    '{{index .Ports "80/tcp"}}',
    'container.NetworkSettings',
    { Ports: {} },
    'template: :1:2: executing "" at <index .Ports "80/tcp">: error calling index: ' +
      'value has type string; should be network.Port',
  ],
  [
    '{{.Cluster.ID}}',
    'swarm.Info',
    {},
    'template: :1:10: executing "" at <.Cluster.ID>: ' +
      'nil pointer evaluating *swarm.ClusterInfo.ID',
  ],
  [
    '{{.Server.Nope}}',
    'system.versionInfo',
    { Server: {} },
    `template: :1:9: executing "" at <.Server.Nope>: ` +
      `can't evaluate field Nope in type *system.serverVersion`,
  ],
])('%s of %s', (source, type, json, wanted) => {
  expect(fill(source, type, json)).toBe(wanted);
});
