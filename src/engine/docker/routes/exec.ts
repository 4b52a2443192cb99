import { answer, fail } from '../answer.ts';
import type { Execs } from '../containers/execs.ts';
import type { Route } from './route.ts';

/** `/exec/…` (moby/moby v29.7 `daemon/server/router/container/exec.go`). */
export const execRoutes = (execs: Execs): Route[] => [
  {
    method: 'POST',
    path: /^\/containers\/([^/]*)\/exec$/,
    handle: ({ machine, params: [text = ''], body }) => execs.create(machine, text, body ?? {}),
  },
  {
    method: 'POST',
    path: /^\/exec\/([^/]*)\/start$/,
    handle: ({ machine, params: [id = ''], body, stream, input, asker }) =>
      execs.start(machine, id, body ?? {}, { stream, input }, asker),
  },
  {
    method: 'POST',
    path: /^\/exec\/([^/]*)\/resize$/,
    handle: ({ machine, params: [id = ''] }) => {
      const { status } = execs.inspect(machine, id);
      return status === 200 ? answer(200, {}) : fail(404, `No such exec instance: ${id}`);
    },
  },
  {
    method: 'GET',
    path: /^\/exec\/([^/]*)\/json$/,
    handle: ({ machine, params: [id = ''] }) => execs.inspect(machine, id),
  },
];
