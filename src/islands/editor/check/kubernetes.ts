/**
 * What `kubectl apply` and the API server would refuse of a manifest, told before it is applied: the
 * client's reader of files, the server's schema and its validation, one after the other as in life.
 *
 * Simplified: admission and what is already in the cluster are left out; only applying tells those.
 */
import { setDefaults } from '../../../engine/kubernetes/api/defaults.ts';
import { apiVersionOf } from '../../../engine/kubernetes/api/resources.ts';
import { validate } from '../../../engine/kubernetes/api/validation/validate.ts';
import type { KubeObject } from '../../../engine/kubernetes/apimachinery/object.ts';
import { readBody } from '../../../engine/kubernetes/apiserver/body.ts';
import { firstStatus, withoutGivenStatus } from '../../../engine/kubernetes/apiserver/strategy.ts';
import { parseManifests, type Manifest } from '../../../engine/kubernetes/kubectl/manifest.ts';
import type { EditorFault } from '../fault.ts';
import { pathOf, YamlPlaces } from '../../../engine/yaml-places.ts';

const FAULT_LIMIT = 50;

export function checkManifest(name: string, text: string): EditorFault[] {
  const places = new YamlPlaces(text);
  const faults: EditorFault[] = [];
  for (const [number, document] of documentsOf(text).entries()) {
    const items = parseManifests(name, document.text, { validate: true });
    const isOneOfMany = items.length > 1 || items.some((item) => 'info' in item && item.inList);
    for (const [i, item] of items.entries()) {
      if ('problem' in item) {
        const { message } = item.problem;
        faults.push(unread(message, places, { ...document, number }));
        continue;
      }
      const above = isOneOfMany ? ['items', String(i)] : [];
      faults.push(
        ...refusals(item, (path, what) => places.field(number, [...above, ...path], what)),
      );
    }
    if (faults.length >= FAULT_LIMIT) break;
  }
  return faults.slice(0, FAULT_LIMIT);
}

interface Part {
  readonly text: string;
  /** Of its first line, counted from 1. */
  readonly line: number;
}

/** Cut as kubectl cuts them; here each knows where it began. Nothing stands in an empty one. */
function documentsOf(text: string): Part[] {
  const parts: { text: string; line: number }[] = [{ text: '', line: 1 }];
  for (const [i, line] of text.split('\n').entries()) {
    if (line.startsWith('---') && /^\s*(#|$)/.test(line.slice(3))) {
      parts.push({ text: '', line: i + 2 });
    } else parts.at(-1)!.text += `${line}\n`;
  }
  return parts.filter((part) => /^[^#\n]*[^#\s]/m.test(part.text));
}

/** What no object could be read from. */
function unread(
  message: string,
  places: YamlPlaces,
  { number, line }: Part & { readonly number: number },
): EditorFault {
  const severity = 'error';
  const told = Number(/\byaml: line (\d+):/.exec(message)?.[1] ?? NaN);
  if (/converting YAML to JSON|error parsing/.test(message)) {
    const at = Number.isNaN(told) ? undefined : places.line(line - 1 + Math.max(told, 1));
    return { ...(places.syntax(number) ?? at ?? places.line(line)), severity, message };
  }
  const isUnknown = message.includes('no matches for kind');
  const place = isUnknown ? places.field(number, ['kind'], 'value') : places.line(line);
  return { ...place, severity, message };
}

type FieldPlace = (
  path: readonly string[],
  what: 'name' | 'value',
) => ReturnType<YamlPlaces['field']>;

function refusals({ info, object }: Manifest, placeOf: FieldPlace): EditorFault[] {
  const { resource } = info;
  const fault = (
    path: readonly string[],
    what: 'name' | 'value',
    message: string,
  ): EditorFault => ({ ...placeOf(path, what), severity: 'error', message });
  const request = { verb: 'create', resource, user: 'kubectl', body: object } as const;
  const read = readBody({ ...request, fieldValidation: 'Strict' });
  if (!read.ok) {
    const { message, details } = read.failure;
    const causes = details?.causes ?? [];
    if (causes.length > 0) {
      return causes.map((one) => fault(pathOf(one.field), 'value', `${one.field}: ${one.message}`));
    }
    return decodingFaults(message).map((one) => fault(pathOf(one.field), one.what, one.message));
  }
  const namespace = info.namespaced ? { namespace: 'default' } : {};
  const metadata = { ...namespace, ...read.value.metadata };
  const name = metadata.name || (metadata.generateName ? `${metadata.generateName}00000` : '');
  const draft = {
    ...read.value,
    apiVersion: apiVersionOf(info),
    kind: info.kind,
    metadata: { ...metadata, name },
  } as KubeObject;
  const whole = firstStatus(resource, setDefaults(resource, withoutGivenStatus(resource, draft)));
  return validate(resource, whole).map(({ field, message }) =>
    fault(pathOf(field), 'value', `${field}: ${message}`),
  );
}

/** Each field that a refusal to decode is about, in the server's words. */
function decodingFaults(
  message: string,
): { field: string; what: 'name' | 'value'; message: string }[] {
  const strict = [...message.matchAll(/(?:unknown|duplicate) field "((?:[^"\\]|\\.)*)"/g)];
  if (strict.length > 0) {
    return strict.map(([words, field = '']) => ({ field, what: 'name', message: words }));
  }
  const typed = /Go struct field \w+\.(\S+) of type/.exec(message)?.[1];
  return [{ field: typed ?? '', what: 'value', message }];
}
