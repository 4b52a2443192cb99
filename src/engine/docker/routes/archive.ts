import { isTrue } from '../answer.ts';
import type { Containers } from '../containers.ts';
import type { Archives } from '../containers/archive.ts';
import { commit } from '../containers/commit.ts';
import type { Route } from './route.ts';

const ARCHIVE = /^\/containers\/([^/]*)\/archive$/;

/** A container's files: `/archive` (`docker cp`) and `/commit`. */
export const archiveRoutes = (containers: Containers, archives: Archives): Route[] => [
  {
    method: 'HEAD',
    path: ARCHIVE,
    handle: ({ machine, params: [text = ''], query }) =>
      archives.stat(machine, text, query.path ?? ''),
  },
  {
    method: 'GET',
    path: ARCHIVE,
    handle: ({ machine, params: [text = ''], query }) =>
      archives.get(machine, text, query.path ?? ''),
  },
  {
    method: 'PUT',
    path: ARCHIVE,
    handle: ({ machine, params: [text = ''], query, body }) =>
      archives.put(machine, text, query.path ?? '', {
        tar: body as Uint8Array,
        keepsKinds: isTrue(query.noOverwriteDirNonDir),
        keepsOwners: isTrue(query.copyUIDGID),
      }),
  },
  {
    method: 'GET',
    path: /^\/containers\/([^/]*)\/export$/,
    handle: ({ machine, params: [text = ''] }) => archives.export(machine, text),
  },
  {
    method: 'POST',
    path: /^\/commit$/,
    handle: ({ machine, query }) =>
      commit(containers, machine, {
        container: query.container ?? '',
        repository: query.repo ?? '',
        tag: query.tag ?? '',
        author: query.author ?? '',
        comment: query.comment ?? '',
        pause: query.pause === undefined || isTrue(query.pause),
        // A query has each name once here: several changes stand on lines of their own.
        changes: (query.changes ?? '').split('\n').filter((line) => line.trim() !== ''),
      }),
  },
];
