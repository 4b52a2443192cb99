import { isTrue } from '../answer.ts';
import type { CreateBody } from '../api.ts';
import type { Containers } from '../containers.ts';
import type { Route } from './route.ts';

export const containerRoutes = (containers: Containers): Route[] => [
  {
    method: 'POST',
    path: /^\/containers\/create$/,
    handle: ({ machine, body, query }) =>
      containers.create(machine, body as CreateBody, query.name),
  },
  {
    method: 'GET',
    path: /^\/containers\/json$/,
    handle: ({ machine, query }) => containers.list(machine, isTrue(query.all)),
  },
  {
    method: 'POST',
    path: /^\/containers\/([^/]+)\/start$/,
    handle: ({ machine, params: [id = ''], asker }) => containers.start(machine, id, asker),
  },
  {
    method: 'POST',
    path: /^\/containers\/([^/]+)\/stop$/,
    handle: ({ machine, params: [id = ''], query, asker }) =>
      containers.stop(machine, id, query.t, asker),
  },
  {
    method: 'POST',
    path: /^\/containers\/([^/]+)\/kill$/,
    handle: ({ machine, params: [id = ''], query }) => containers.kill(machine, id, query.signal),
  },
  {
    method: 'POST',
    path: /^\/containers\/([^/]+)\/wait$/,
    handle: ({ machine, params: [id = ''], asker }) => containers.wait(machine, id, asker),
  },
  {
    method: 'GET',
    path: /^\/containers\/([^/]+)\/logs$/,
    handle: ({ machine, params: [id = ''] }) => containers.logs(machine, id),
  },
  {
    method: 'DELETE',
    path: /^\/containers\/([^/]+)$/,
    handle: ({ machine, params: [id = ''], query }) =>
      containers.remove(machine, id, isTrue(query.force)),
  },
];
