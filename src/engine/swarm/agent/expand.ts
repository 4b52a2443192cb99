import { isRefused, refuse, type Refused } from '../../go/refused.ts';
import { execute, template } from '../../go/template/execute.ts';
import type { ContainerSpec } from '../api.ts';
import type { NodeObject, TaskObject } from '../objects.ts';
import { serviceNameOf } from './container-body.ts';

/**
 * Templates in a container's host name, environment and mounts: `{{.Task.Slot}}` (moby/swarmkit v2.1
 * `template/expand.go`, `context.go`).
 */
export type TemplateNode = Pick<NodeObject, 'id' | 'hostname' | 'architecture' | 'os'>;

export function expandSpec(
  task: TaskObject,
  node: TemplateNode,
  labels: Readonly<Record<string, string>> = {},
): ContainerSpec | Refused {
  const spec = task.spec.ContainerSpec;
  const { Hostname, Env, Mounts } = spec;
  const all = [Hostname ?? '', ...(Env ?? []), ...(Mounts ?? []).map(({ Source = '' }) => Source)];
  if (!all.some((text) => text.includes('{{'))) return spec;
  const context = {
    Service: { ID: task.service, Name: serviceNameOf(task), Labels: labels },
    Node: {
      ID: node.id,
      Hostname: node.hostname,
      Platform: { Architecture: node.architecture, OS: node.os },
    },
    Task: { ID: task.id, Name: task.name, Slot: task.slot === 0 ? node.id : String(task.slot) },
  };
  const fill = (text: string): string => {
    const parsed = template(text);
    const filled = isRefused(parsed) ? parsed : execute(parsed, context, { strict: true });
    if (isRefused(filled)) throw new Unfilled(filled.refused);
    return filled;
  };
  try {
    return {
      ...spec,
      ...(Hostname !== undefined && { Hostname: fill(Hostname) }),
      ...(Env && { Env: Env.map(fill) }),
      ...(Mounts && {
        Mounts: Mounts.map((mount) => ({ ...mount, Source: fill(mount.Source ?? '') })),
      }),
    };
  } catch (problem) {
    if (problem instanceof Unfilled) return refuse(problem.message);
    throw problem;
  }
}

class Unfilled extends Error {
  override name = 'Unfilled';
}
