import { goQuote } from '../../go/quote.ts';
import { isRefused, refuse, type Refused } from '../../go/refused.ts';
import type { Subject } from '../../go/template/value.ts';
import type { ContainerSpec, ServiceMount } from '../api.ts';
import type { TaskObject } from '../objects.ts';
import { fill, templateContext, type TemplateNode } from './template.ts';

/**
 * Templates in a container's host name, environment and mounts: `{{.Task.Slot}}` (moby/swarmkit v2.1
 * `template/expand.go`).
 */
export function expandSpec(
  task: TaskObject,
  node: TemplateNode,
  labels: Readonly<Record<string, string>> = {},
): ContainerSpec | Refused {
  const spec = task.spec.ContainerSpec;
  const { Hostname, Env, Mounts } = spec;
  if (!JSON.stringify([Hostname, Env, Mounts]).includes('{{')) return spec;
  const context = templateContext(task, node, labels);
  try {
    return {
      ...spec,
      ...(Env && {
        Env: inside('expanding env failed', () => Env.map((one) => variable(one, context))),
      }),
      ...(Mounts && {
        Mounts: inside('expanding mounts failed', () => Mounts.map((one) => mount(one, context))),
      }),
      ...(Hostname !== undefined && {
        Hostname: filled('expanding hostname failed', Hostname, context),
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

/** What stands within something: what failed is told from the outside in. */
function inside<T>(what: string, work: () => T): T {
  try {
    return work();
  } catch (problem) {
    if (problem instanceof Unfilled) throw new Unfilled(`${what}: ${problem.message}`);
    throw problem;
  }
}

function filled(what: string, text: string, context: Subject): string {
  const done = fill(text, context);
  if (isRefused(done)) throw new Unfilled(`${what}: ${done.refused}`);
  return done;
}

/** Only the value is a template. */
function variable(entry: string, context: Subject): string {
  const at = entry.indexOf('=');
  if (at === -1) return entry;
  const value = filled(`expanding env ${goQuote(entry)}`, entry.slice(at + 1), context);
  return `${entry.slice(0, at)}=${value}`;
}

function mount(one: ServiceMount, context: Subject): ServiceMount {
  const { Source = '', Target, VolumeOptions: volume } = one;
  const { Labels, DriverConfig: driver } = volume ?? {};
  return {
    ...one,
    Source: filled(`expanding mount source ${goQuote(Source)}`, Source, context),
    Target: filled(`expanding mount target ${goQuote(Target)}`, Target, context),
    ...(volume && {
      VolumeOptions: {
        ...volume,
        ...(Labels && {
          Labels: inside('expanding volume labels', () => values(Labels, context)),
        }),
        ...(driver?.Options && {
          DriverConfig: {
            ...driver,
            Options: inside('expanding volume driver config', () =>
              values(driver.Options ?? {}, context),
            ),
          },
        }),
      },
    }),
  };
}

const values = (map: Readonly<Record<string, string>>, context: Subject): Record<string, string> =>
  Object.fromEntries(
    Object.entries(map).map(([key, value]) => [
      key,
      filled(`expanding map entry ${goQuote(key)}=${goQuote(value)}`, value, context),
    ]),
  );
