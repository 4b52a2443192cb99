import {
  processesService,
  type PlaceMounts,
  type PlaceResources,
  type ProcessFault,
  type ProcessInfo,
  type ProcessRequest,
} from '../machine/processes.ts';
import { containerOf, machineOf } from '../machine/place.ts';
import { runtimeService, type RunRequest } from '../programs/run.ts';
import type { Waiter } from '../sim/process.ts';
import { FIGURES } from './figures.ts';
import { keyOf, machineOfKey, type ProcessRow } from './rows.ts';
import type { Runtime } from './runtime.ts';

/**
 * What programs in containers ask of the runtime: to be a process of their container (`runtime/…`)
 * and about the processes there (`processes/…`, see machine/processes.ts).
 *
 * Simplified: on a machine itself the processes of its containers are seen, and no others.
 */
export function addPlaceServices(runtime: Runtime, machine: string): void {
  const { processes, tree } = runtime;
  processes.service<RunRequest>(runtimeService(machine), (request, asker) => {
    const key = keyOfPlaceOf(request.machine);
    switch (request.op) {
      case 'enter':
        return tree.enter(request, asker);
      case 'wait':
        return tree.wait(key, request.pid, asker);
      case 'signal': {
        const row = runtime.rows.process(key, request.pid);
        if (row) tree.signal(row, request.signal);
        return undefined;
      }
    }
  });
  processes.service<ProcessRequest>(processesService(machine), (request, asker) =>
    answer(runtime, request, asker),
  );
}

const keyOfPlaceOf = (place: string): string => keyOf(machineOf(place), containerOf(place) ?? '');

function answer(runtime: Runtime, request: ProcessRequest, asker: Waiter): unknown {
  const { rows, tree, memory, processors } = runtime;
  const { place } = request;
  const key = keyOfPlaceOf(place);
  const own = tree.of(asker.pid);
  switch (request.op) {
    case 'list':
      return list(runtime, place);
    case 'own':
      return own ? infoOf(runtime, own) : machineProcess(runtime, asker.pid);
    case 'user': {
      const { uid = 0, gid = 0, groups = [], name = 'root' } = own?.user ?? {};
      return { uid, gid, groups, name };
    }
    case 'mounts':
      return mountsOf(runtime, key);
    case 'resources':
      return resources(runtime, key);
    case 'signal': {
      const isOutside = !place.includes('/');
      const target = isOutside
        ? rows.runningOn(place).flatMap((one) => rows.process(one, request.pid) ?? [])[0]
        : rows.processesOf(key).find(({ nsPid }) => nsPid === request.pid);
      if (!target) return 'ESRCH' satisfies ProcessFault;
      const uid = own?.user.uid ?? 0;
      if (uid !== 0 && uid !== target.user.uid) return 'EPERM' satisfies ProcessFault;
      tree.signal(target, request.signal, !isOutside);
      return undefined;
    }
    case 'handle': {
      const { caught, ignored } = request;
      if (own) rows.setProcess({ ...own, caught, ignored });
      return undefined;
    }
    case 'memory':
      if (own) memory.hold(own, request.memoryBytes);
      return undefined;
    case 'burn': {
      if (!own) return undefined;
      const { burning: _burning, ...row } = own;
      rows.setProcess(request.threads > 0 ? { ...row, burning: request.threads } : row);
      for (let i = 0; i < request.workers; i++) tree.addCopy(own);
      processors.reckon(key);
      return undefined;
    }
  }
}

type MountRow = PlaceMounts['mounts'][number];

function mountsOf({ rows }: Runtime, key: string): PlaceMounts {
  const { mounts = [], readOnlyRoot = false } = rows.containers.get(key)?.spec ?? {};
  return {
    isRootReadOnly: readOnlyRoot,
    mounts: mounts.flatMap(({ target: at, readOnly = false, source }): MountRow[] => {
      if ('bind' in source) {
        return [{ at, type: source.inMemory ? 'tmpfs' : 'bind', readOnly }];
      }
      // The files that every container has of its network are listed for all alike.
      if ('shown' in source) return source.path ? [] : [{ at, type: 'tmpfs', readOnly }];
      const { tmpfs: sizeBytes } = source;
      return [{ at, type: 'tmpfs', readOnly, ...(sizeBytes !== undefined && { sizeBytes }) }];
    }),
  };
}

/** The processes of a container; on a machine those of all its containers, by their pids there. */
function list(runtime: Runtime, place: string): ProcessInfo[] {
  const { rows } = runtime;
  if (place.includes('/')) {
    return rows
      .processesOf(keyOfPlaceOf(place))
      .map((row) => infoOf(runtime, row))
      .sort((a, b) => a.pid - b.pid);
  }
  return rows
    .runningOn(place)
    .flatMap((key) => rows.processesOf(key))
    .map((row) => ({ ...infoOf(runtime, row), pid: row.pid, ppid: row.ppid }))
    .sort((a, b) => a.pid - b.pid);
}

function infoOf({ rows, memory }: Runtime, row: ProcessRow): ProcessInfo {
  const parent = rows.process(row.key, row.ppid);
  const { nsPid, argv, startedMs, cpuMs, user } = row;
  const memoryBytes = memory.held(row);
  const ppid = parent?.nsPid ?? 0;
  return { pid: nsPid, ppid, user: user.name, argv, startedMs, cpuMs, memoryBytes };
}

function machineProcess({ kernel }: Runtime, pid: number): ProcessInfo {
  const startedMs = kernel.now;
  return { pid, ppid: 1, user: 'root', argv: [], startedMs, cpuMs: 0, memoryBytes: 0 };
}

function resources({ memory, rows, space }: Runtime, key: string): PlaceResources {
  const { machineMemoryBytes, machineDiskBytes } = FIGURES;
  const isContainer = rows.containers.has(key);
  return {
    cpus: rows.processorsOf(machineOfKey(key)),
    memoryBytes: isContainer ? memory.used(key) : 0,
    memoryLimitBytes: isContainer ? memory.limit(key) : machineMemoryBytes,
    machineMemoryBytes,
    machineDiskBytes,
    diskUsedBytes: space.usedOn(machineOfKey(key)),
  };
}
