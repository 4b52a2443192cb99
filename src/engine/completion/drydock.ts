import { SUBJECTS } from '../faults.ts';
import { named, type Candidate } from './candidate.ts';
import * as docker from './docker-names.ts';
import type { Place } from './place.ts';

/** `drydock`: what can be done to the world, and to what of it. */
const COMMANDS: Readonly<Record<string, string>> = {
  load: 'requests a second to a Service',
  fault: 'breaks something, or mends it',
  faults: 'what is broken now',
  link: 'cuts or slows a way, or prints what opens this world',
  compare: 'does one thing on several platforms',
  at: 'goes to a time',
  undo: 'takes the last line back',
  help: 'what there is',
};

/** @param words behind `drydock`, before the one at the caret */
export function drydockArguments(place: Place, words: readonly string[]): readonly Candidate[] {
  const [verb, ...rest] = words;
  if (verb === undefined) return Object.entries(COMMANDS).map(([text, note]) => ({ text, note }));
  if (verb === 'load') return rest.length === 0 ? named(namesOf(place, 'services')) : [];
  if (verb === 'fault') return faultWords(place, rest);
  if (verb !== 'link') return [];
  return rest.length < 2 ? named(ends(place)) : rest.length === 2 ? named(LINK_ACTIONS) : [];
}

const LINK_ACTIONS = ['down', 'up', 'latency'];

function faultWords(place: Place, [kind, ...rest]: readonly string[]): readonly Candidate[] {
  if (kind === undefined) return named(Object.keys(SUBJECTS));
  const name = kind === 'node' ? 'machine' : kind;
  const subject = Object.hasOwn(SUBJECTS, name) ? SUBJECTS[name] : undefined;
  if (!subject) return [];
  if (rest.length < subject.names.length) return named(thingsOf(place, name));
  if (rest.length > subject.names.length) return [];
  const mends = Object.values(subject.actions).flatMap((action) => action ?? []);
  return named(new Set([...Object.keys(subject.actions), ...mends]));
}

function thingsOf(place: Place, kind: string): string[] {
  const { machines } = place.world;
  switch (kind) {
    case 'container':
      return [...docker.containers(place).map(({ text }) => text), ...namesOf(place, 'pods')];
    case 'link':
    case 'registry':
      return ends(place);
    case 'component':
      return COMPONENTS;
    case 'kubelet':
      return machines.flatMap(({ name, node }) => (node ? name : []));
    case 'daemon':
      return machines.flatMap(({ name, docker: has }) => (has ? name : []));
    default:
      return machines.map(({ name }) => name);
  }
}

const COMPONENTS = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'etcd'];

/** Machines, and the registries that their links lead to. */
function ends({ world }: Place): string[] {
  const own = world.machines.map(({ name }) => name);
  return [...own, ...world.registryHosts];
}

const NAMES_LIMIT = 500;

function namesOf({ world }: Place, resource: 'pods' | 'services'): string[] {
  const names: string[] = [];
  for (const { metadata } of world.cluster?.client.scan(resource, 'default') ?? []) {
    names.push(metadata.name);
    if (names.length === NAMES_LIMIT) break;
  }
  return names;
}
