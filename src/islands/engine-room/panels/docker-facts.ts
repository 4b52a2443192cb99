import { stateOfContainer } from '../../../diagram/projection/docker-subjects.ts';
import type { World } from '../../../engine/world.ts';
import { containersOn, nameOf } from './docker-objects.ts';
import type { ObjectRef, ShownState } from './messages.ts';

interface Facts {
  readonly state: ShownState;
  readonly facts: readonly (readonly [string, string])[];
}

/** What `docker ps`, `docker volume ls` and the like have in their columns, of a machine's own. */
export function dockerFacts(world: World, { object, machine }: ObjectRef): Facts | undefined {
  const [kind = '', name = ''] = object.split(' ', 2);
  if (machine === undefined) return undefined;
  if (kind === 'container') return containerFacts(world, machine, name);
  if (kind === 'volume') {
    return plainFacts(world.look<object>(machine, `/volumes/${name}`), ['Driver', 'Mountpoint']);
  }
  if (kind === 'network') {
    return plainFacts(world.look<object>(machine, `/networks/${name}`), ['Driver', 'Scope', 'Id']);
  }
  if (kind === 'machine') {
    const info = world.look<object>(machine, '/info');
    return plainFacts(info, ['ServerVersion', 'Containers', 'ContainersRunning', 'Images', 'NCPU']);
  }
  return undefined;
}

function containerFacts(world: World, machine: string, name: string): Facts | undefined {
  const found = containersOn(world, machine).find((one) => nameOf(one) === name);
  if (!found) return undefined;
  const { Id, Image, Command, Status, Ports, Mounts, NetworkSettings } = found;
  const ports = Ports.map(({ PublicPort, PrivatePort, Type }) =>
    PublicPort === undefined ? `${PrivatePort}/${Type}` : `${PublicPort}->${PrivatePort}/${Type}`,
  );
  return {
    state: stateOfContainer(found),
    facts: [
      ['MACHINE', machine],
      ['CONTAINER ID', Id.slice(0, 12)],
      ['IMAGE', Image],
      ['COMMAND', Command],
      ['STATUS', Status],
      ['PORTS', [...new Set(ports)].join(', ')],
      ['NETWORKS', Object.keys(NetworkSettings.Networks).join(', ')],
      [
        'MOUNTS',
        Mounts.map(({ Name, Source, Destination }) => `${Name ?? Source}:${Destination}`).join(
          ', ',
        ),
      ],
    ],
  };
}

/** Fields of an answer of Docker's API under their own names; undefined when it is a refusal. */
function plainFacts(body: object, names: readonly string[]): Facts | undefined {
  if ('message' in body) return undefined;
  const fields = body as Readonly<Record<string, unknown>>;
  const facts = names.flatMap((name) => {
    const value = fields[name];
    const isPlain = typeof value === 'string' || typeof value === 'number';
    return isPlain ? [[name, String(value)] as const] : [];
  });
  return { state: 'there', facts };
}
