import type { CheckedFile, EditorFault } from '../fault.ts';
import { checkCompose } from './compose.ts';
import { checkDockerfile } from './dockerfile.ts';
import { checkManifest } from './kubernetes.ts';

/** Longer files are not looked at while they are typed. */
const TEXT_LIMIT = 200_000;

const DOCKERFILE = /(^|\/)(?:[^/]*\.)?dockerfile(?:\.[^/]*)?$/i;
const YAML = /\.ya?ml$/i;
const COMPOSE_NAME = /(^|\/)(?:docker-)?compose(?:[.-][^/]*)?\.ya?ml$/i;
const STACK_NAME = /(^|\/)(?:[^/]*[.-])?stack\.ya?ml$/i;
const MANIFEST_FIELD = /^(?:apiVersion|kind|metadata|spec)\s*:/m;
const COMPOSE_FIELD = /^services\s*:/m;

/**
 * What is wrong in a file, in the words of the tool that reads it: told by the file's name, and for
 * other YAML files by what stands in it. Never throws, whatever the text.
 */
export function checkFile(file: CheckedFile): EditorFault[] {
  const { name, text } = file;
  if (text.length > TEXT_LIMIT) return [];
  if (DOCKERFILE.test(name)) return checkDockerfile(text);
  if (!YAML.test(name)) return [];
  const isStack = file.isStack ?? STACK_NAME.test(name);
  if (isStack || COMPOSE_NAME.test(name)) return checkCompose({ name, text, isStack });
  if (MANIFEST_FIELD.test(text)) return checkManifest(name, text);
  return COMPOSE_FIELD.test(text) ? checkCompose({ name, text }) : [];
}
