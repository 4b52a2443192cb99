import { resolvePath } from '../machine/command.ts';
import { named, type Candidate } from './candidate.ts';
import type { Position } from './command-tree.ts';
import { filesAt, type Place } from './place.ts';

/** Where Compose looks for a project, and what the services of it are called. */
const FILES = ['compose.yaml', 'compose.yml', 'docker-compose.yaml', 'docker-compose.yml'];
/** Commands behind which services stand; of some only one. */
const MANY = ['build', 'create', 'down', 'events', 'images', 'kill', 'logs', 'pause', 'ps', 'pull'];
const MORE = [
  'push',
  'restart',
  'rm',
  'start',
  'stats',
  'stop',
  'top',
  'unpause',
  'up',
  'wait',
  'watch',
];
const ONE = ['attach', 'commit', 'exec', 'export', 'port', 'run'];

export function composeArguments(place: Place, position: Position): readonly Candidate[] {
  const name = position.tree.path.replace(/^compose ?/, '');
  const services = () => named(servicesIn(place, position));
  if ([...MANY, ...MORE].includes(name)) return services();
  if (ONE.includes(name) && position.args.length === 0) return services();
  if (name === 'scale') return services().map(({ text }) => ({ text: `${text}=` }));
  return name === 'cp' ? services().map(({ text }) => ({ text: `${text}:` })) : [];
}

const FILE_FLAGS = ['file', 'env-file', 'project-directory', 'output'];

export function composeValue(
  place: Place,
  typed: string,
  { flag }: Position,
): readonly Candidate[] {
  const name = flag?.name ?? '';
  if (FILE_FLAGS.includes(name)) return filesAt(place, typed);
  if (name === 'progress') return named(['auto', 'tty', 'plain', 'json', 'quiet']);
  if (name === 'format') return named(['table', 'json']);
  return name === 'pull' ? named(['always', 'missing', 'never']) : [];
}

/**
 * Simplified: the keys below `services:` of one file, as they are written: what other files add, or
 * includes and profiles bring, is not looked at.
 */
function servicesIn({ world, machine, cwd }: Place, { given }: Position): string[] {
  const chosen = given.get('file');
  for (const name of chosen === undefined ? FILES : [chosen]) {
    const text = world.files.read(machine, resolvePath(cwd, name))?.content;
    if (text !== undefined) return servicesOf(text);
  }
  return [];
}

function servicesOf(text: string): string[] {
  const [, block = ''] = /^services:[^\n]*\n((?:[ \t#][^\n]*\n?|\n)*)/m.exec(text) ?? [];
  const [, indent] = /^( +)[\w"'.-]+:/m.exec(block) ?? [];
  if (indent === undefined) return [];
  const key = new RegExp(`^${indent}["']?([\\w.-]+)["']?:`, 'gm');
  return [...block.matchAll(key)].map(([, name = '']) => name);
}
