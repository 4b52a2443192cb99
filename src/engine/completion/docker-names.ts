import type { Candidate } from './candidate.ts';
import { named } from './candidate.ts';
import type { Place } from './place.ts';

/** Names of Docker's objects on a machine, as its daemon tells them; none where there is no daemon. */
type Row = Readonly<Record<string, unknown>>;

function rowsOf({ world, machine }: Place, path: string, query = {}, field?: string): Row[] {
  const answer = world.look<unknown>(machine, path, query);
  const list = field === undefined ? answer : (answer as Row | null)?.[field];
  return Array.isArray(list) ? (list as Row[]) : [];
}

const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];

const text = (value: unknown): string[] => (typeof value === 'string' ? [value] : []);

/** @param states only those in one of them */
export function containers(place: Place, states?: readonly string[]): Candidate[] {
  const rows = rowsOf(place, '/containers/json', { all: '1' });
  return rows
    .filter(({ State }) => states === undefined || states.includes(String(State)))
    .flatMap(({ Names, Image }) => {
      const [name = ''] = texts(Names);
      return name === '' ? [] : [{ text: name.replace(/^\//, ''), note: text(Image)[0] ?? '' }];
    });
}

export function images(place: Place): Candidate[] {
  const tags = rowsOf(place, '/images/json').flatMap(({ RepoTags }) => texts(RepoTags));
  const latest = tags.flatMap((tag) => (tag.endsWith(':latest') ? tag.slice(0, -7) : []));
  return named([...tags, ...latest].filter((tag) => !tag.startsWith('<none>')));
}

export const networks = (place: Place): Candidate[] =>
  named(rowsOf(place, '/networks').flatMap(({ Name }) => text(Name)));

export const volumes = (place: Place): Candidate[] =>
  named(rowsOf(place, '/volumes', {}, 'Volumes').flatMap(({ Name }) => text(Name)));

/** `/services`, `/configs`, `/secrets`: what has its name in its specification. */
export const swarmObjects = (place: Place, path: string): Candidate[] =>
  named(rowsOf(place, path).flatMap(({ Spec }) => text((Spec as Row | null | undefined)?.Name)));

export const swarmNodes = (place: Place): Candidate[] =>
  named(
    rowsOf(place, '/nodes').flatMap(({ Description }) =>
      text((Description as Row | null | undefined)?.Hostname),
    ),
  );

/** The stacks of a swarm, by the label that their services carry. */
export const stacks = (place: Place): Candidate[] =>
  named(
    new Set(
      rowsOf(place, '/services').flatMap(({ Spec }) => {
        const labels = (Spec as Row | null | undefined)?.Labels as Row | undefined;
        return text(labels?.['com.docker.stack.namespace']);
      }),
    ),
  );
