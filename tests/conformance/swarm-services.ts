import type { EngineResponse } from '../../src/engine/docker/api.ts';
import { swarmSession } from '../swarm/swarm-session.ts';
import { compare, operation, type Operation } from './adapter.ts';

/** Rows about what a manager makes of a service it is asked for. */
type Body = Readonly<Record<string, unknown>> & { readonly Name?: string };

interface ServiceRow {
  /** Secrets, configs, networks and services that are there already, as the Engine API has them. */
  readonly secrets?: readonly string[];
  readonly configs?: readonly string[];
  readonly networks?: readonly Body[];
  readonly services?: readonly Body[];
  /** The service asked for; `@secret NAME` stands for an id. */
  readonly spec: Body;
  /** It is a change of this service. */
  readonly of?: string;
}

const NO_ID = /[0-9a-z]{25}/g;
const FAILURE = /^rpc error: code = (\w+) desc = /;

const specOf = ({ TaskTemplate, ...rest }: Body): Body => {
  const task = (TaskTemplate ?? {}) as { ContainerSpec?: object };
  const ContainerSpec = { Image: 'nginx', ...task.ContainerSpec };
  return { Name: 'web', ...rest, TaskTemplate: { ...task, ContainerSpec } };
};

/** Ids come in where the row names what they are of. */
function withIds(value: unknown, ids: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string') return ids.get(value) ?? value;
  if (Array.isArray(value)) return value.map((one) => withIds(one, ids));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, one]) => [key, withIds(one, ids)] as const);
  return Object.fromEntries(entries);
}

export const SERVICE_OPERATIONS: readonly Operation[] = [
  operation<ServiceRow, { readonly code?: string; readonly error?: string; readonly ok?: true }>(
    'ask a manager for a service',
    ({ input, expect }) => {
      const { found, api, pass } = swarmSession();
      found(1, 0);
      pass(1);
      const post = (path: string, body: Body): EngineResponse<{ ID?: string; Id?: string }> =>
        api({ method: 'POST', path, body });
      const ids = new Map<string, string>();
      for (const kind of ['secret', 'config'] as const) {
        for (const Name of input[`${kind}s`] ?? []) {
          const made = post(`/${kind}s/create`, { Name, Labels: {}, Data: 'eA==' });
          ids.set(`@${kind} ${Name}`, made.body.ID ?? '');
        }
      }
      for (const network of input.networks ?? []) {
        const made = post('/networks/create', { Driver: 'overlay', ...network });
        ids.set(`@network ${network.Name ?? ''}`, made.body.Id ?? '');
      }
      for (const service of input.services ?? []) {
        const made = post('/services/create', withIds(specOf(service), ids) as Body);
        ids.set(`@service ${service.Name ?? 'web'}`, made.body.ID ?? '');
        pass(1);
      }
      const spec = withIds(specOf(input.spec), ids) as Body;
      const known = ids.get(`@service ${input.of ?? ''}`);
      const version =
        known === undefined
          ? ''
          : String(
              api<{ Version: { Index: number } }>({ method: 'GET', path: `/services/${known}` })
                .body.Version.Index,
            );
      const path = known === undefined ? '/services/create' : `/services/${known}/update`;
      const answer = api<{ message?: string }>({
        ...{ method: 'POST', path, body: spec },
        ...(known !== undefined && { query: { version } }),
      });
      const message = answer.body?.message;
      if (answer.status < 300) return compare({ ok: true }, expect);
      const words = (message ?? '').replace(NO_ID, 'ID');
      const code = FAILURE.exec(words)?.[1];
      return compare(
        { ...(code !== undefined && { code }), error: words.replace(FAILURE, '') },
        expect,
      );
    },
  ),
];
