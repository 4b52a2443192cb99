import type { ContainerSummary } from '../../src/engine/docker/api.ts';
import type { TaskObject } from '../../src/engine/swarm/objects.ts';
import { swarmSession } from './swarm-session.ts';

/** A swarm of three managers and two workers to which all kinds of things happen. */
export const MACHINES = ['node-1', 'node-2', 'node-3', 'node-4', 'node-5'];
const PAIRS = MACHINES.flatMap((a, i) => MACHINES.slice(i + 1).map((b) => `${a} ${b}`));
const SERVING = 'alpine:3.22 sleep 1d';
const AVAILABILITIES = ['active', 'pause', 'drain'];

/** @param steps things that happen, some seconds apart */
export function faultyLife(seed: number, steps: number) {
  const swarm = swarmSession(seed);
  const { found, type, must, session } = swarm;
  found(3, 2);
  const draw = session.world.kernel.random('test', 'faults', seed);
  /** Those that were made and not removed. */
  const services = new Set<string>();
  const at = (line: string): boolean => {
    const manager = draw.pick(MACHINES.slice(0, 3));
    return session.type(`ssh ${manager} ${line}`).exitCode === 0;
  };
  const some = (): string => draw.pick([...services, 'none']);
  const create = (flags: string): void => {
    const name = `s${draw.integer(0, 999_999)}`;
    const quick = '--stop-grace-period 1s --restart-delay 1s --update-monitor 1s';
    const made = at(`docker service create -d --name ${name} ${quick} ${flags} ${SERVING}`);
    // A manager without quorum may say no to what is done all the same.
    if (made) services.add(name);
  };
  const remove = (): void => {
    const name = some();
    if (at(`docker service rm ${name}`)) services.delete(name);
  };
  const killSome = (): void => {
    const machine = draw.pick(MACHINES);
    const [id = ''] = type(`ssh ${machine} docker ps -q`).trim().split('\n');
    if (/^[0-9a-f]{12}$/.test(id)) {
      type(`ssh ${machine} docker ${draw.pick(['kill', 'rm -f', 'stop -t 1'])} ${id}`);
    }
  };
  const acts: readonly (() => void)[] = [
    () => type(`drydock fault machine ${draw.pick(MACHINES)} down`),
    () => type(`drydock fault machine ${draw.pick(MACHINES)} up`),
    () => type(`drydock fault daemon ${draw.pick(MACHINES)} stop`),
    () => type(`drydock fault daemon ${draw.pick(MACHINES)} start`),
    () => type(`drydock fault link ${draw.pick(PAIRS)} cut`),
    () => type(`drydock fault link ${draw.pick(PAIRS)} mend`),
    () => at(`docker node promote ${draw.pick(MACHINES)}`),
    () => at(`docker node demote ${draw.pick(MACHINES)}`),
    () =>
      at(`docker node update --availability ${draw.pick(AVAILABILITIES)} ${draw.pick(MACHINES)}`),
    () => create(`--replicas ${draw.integer(1, 4)}`),
    () => create('--mode global'),
    () => at(`docker service scale -d ${some()}=${draw.integer(0, 5)}`),
    () => at(`docker service update -d --force ${some()}`),
    () => at(`docker service update -d --update-order start-first --env-add A=${seed} ${some()}`),
    () => at(`docker service rollback -d ${some()}`),
    remove,
    killSome,
  ];
  for (let step = 0; step < steps; step++) {
    draw.pick(acts)();
    must(`sleep ${draw.integer(1, 9)}`);
  }
  return { ...swarm, services };
}

/** The same, and the mending of all that is broken. */
export function mendedLife(seed: number, steps: number) {
  const swarm = faultyLife(seed, steps);
  const { type, must, rooms, swarm: id } = swarm;
  for (const machine of MACHINES) {
    type(`drydock fault machine ${machine} up`);
    type(`drydock fault daemon ${machine} start`);
  }
  for (const pair of PAIRS) type(`drydock fault link ${pair} mend`);
  must('sleep 60');
  const [manager] = rooms.locals.managersOf(id());
  for (const machine of MACHINES) {
    must(`ssh ${manager?.machine} docker node update --availability active ${machine}`);
  }
  must('sleep 120');
  return swarm;
}

/** What is not as it should be after all is mended; nothing when the swarm is whole. */
export function brokenIn(swarm: ReturnType<typeof mendedLife>): string[] {
  const { rooms, nodes, services, swarm: id, session, wanted } = swarm;
  const problems: string[] = [];
  const check = (holds: boolean, what: string): void => {
    if (!holds) problems.push(what);
  };
  const seen = nodes(rooms.locals.managersOf(id())[0]?.machine);
  check(Object.keys(seen).join() === MACHINES.join(), `nodes: ${Object.keys(seen).join()}`);
  for (const [name, { status, manager, availability }] of Object.entries(seen)) {
    check(status === 'Ready', `${name} is ${status}`);
    check(availability === 'Active', `${name} is ${availability}`);
    check(manager !== 'Unreachable', `${name} is unreachable`);
  }
  const leaders = Object.values(seen).filter(({ manager }) => manager === 'Leader');
  check(leaders.length === 1, `${leaders.length} leaders`);
  for (const { machine, manager, spec } of rooms.store.list(id(), 'node')) {
    check((manager !== undefined) === (spec.Role === 'manager'), `role of ${machine}`);
    check(rooms.locals.get(machine)?.member === manager?.raftId, `member of ${machine}`);
  }
  // As many tasks as are wanted run, each in a container of its own, and nothing else does.
  const running: string[] = [];
  for (const name of services) {
    const service = rooms.store.named(id(), 'service', name);
    const tasks: TaskObject[] = service ? wanted(service.id) : [];
    const { Replicated } = service?.spec.Mode ?? {};
    const expected = Replicated ? Replicated.Replicas : MACHINES.length;
    const states = tasks.map(({ status }) => status.state);
    check(service !== undefined, `${name} is gone`);
    // An update that starts new tasks first, and was paused, leaves old and new ones in a slot.
    const isPaused = service?.update?.state.endsWith('paused') ?? false;
    const slots = new Set(tasks.map(({ slot, node }) => (slot === 0 ? node : slot)));
    const count = isPaused ? slots.size : states.length;
    check(count === expected, `${name} has ${count} tasks, not ${expected}`);
    check(
      states.every((state) => state === 'running'),
      `${name}: ${states.join()}`,
    );
    running.push(...tasks.map(({ id: task }) => task));
  }
  const inContainers = MACHINES.flatMap((machine) =>
    session.world
      .look<ContainerSummary[]>(machine, '/containers/json')
      .map(({ Labels }) => Labels['com.docker.swarm.task.id'] ?? ''),
  );
  const [have, want] = [inContainers.sort().join(), running.sort().join()];
  check(have === want, `containers of ${have}, tasks ${want}`);
  return problems;
}
