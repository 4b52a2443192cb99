import type { Events } from '../events.ts';
import type { Route } from './route.ts';

export const eventRoutes = (events: Events): Route[] => [
  {
    method: 'GET',
    path: /^\/events$/,
    handle: ({ machine, query, stream, asker }) => events.listen(machine, query, stream, asker),
  },
];
