import { refuse, isRefused, type Refused } from '../../go/refused.ts';
import { GO_FUNCTIONS, type TemplateFunction } from '../../go/template/functions.ts';
import { execute, template } from '../../go/template/execute.ts';
import { Subject, type Value } from '../../go/template/value.ts';
import type { NodeObject, TaskObject } from '../objects.ts';
import { serviceNameOf } from './container-body.ts';

/**
 * Templates that are filled in for a task: in its container's specification, in secrets and configs
 * (moby/swarmkit v2.1 `template/context.go`, `template.go`).
 */
export type TemplateNode = Pick<NodeObject, 'id' | 'hostname' | 'architecture' | 'os'>;

type Functions = Readonly<Record<string, TemplateFunction>>;

const text = (value: Value): string => (typeof value === 'string' ? value : '');

const OWN: Functions = {
  ...GO_FUNCTIONS,
  join: {
    takes: [1, Number.MAX_SAFE_INTEGER],
    call: ([separator, ...words]) => words.map(text).join(text(separator)),
  },
};

const struct = (type: string, fields: Readonly<Record<string, Value>>): Subject =>
  new Subject(
    type,
    Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, () => value])),
  );

const texts = (names: string): string =>
  `struct { ${names
    .split(' ')
    .map((name) => `${name} string`)
    .join('; ')} }`;

/** What templates of a task may name. */
export function templateContext(
  task: TaskObject,
  node: TemplateNode,
  labels: Readonly<Record<string, string>>,
  type = '*template.Context',
): Subject {
  const Platform = struct('template.Platform', { Architecture: node.architecture, OS: node.os });
  const Slot = task.slot === 0 ? node.id : String(task.slot);
  return struct(type, {
    Service: struct('struct { ID string; Name string; Labels map[string]string }', {
      ...{ ID: task.service, Name: serviceNameOf(task), Labels: labels },
    }),
    Node: struct('struct { ID string; Hostname string; Platform template.Platform }', {
      ...{ ID: node.id, Hostname: node.hostname, Platform },
    }),
    Task: struct(texts('ID Name Slot'), { ID: task.id, Name: task.name, Slot }),
  });
}

/** @param more functions besides Go's own and `join` */
export function fill(source: string, context: Subject, more: Functions = {}): string | Refused {
  if (!source.includes('{{')) return source;
  const functions = { ...OWN, ...more };
  const parsed = template(source, new Set(Object.keys(functions)));
  // A template that is none has its name in front of the line.
  if (isRefused(parsed))
    return refuse(parsed.refused.replace(/^template: :/, 'template: expansion:'));
  return execute(parsed, context, { functions, strict: true, exact: true, name: 'expansion' });
}
