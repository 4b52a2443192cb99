import { goQuote } from '../../go/quote.ts';
import type { ApiRequest } from '../api/requests.ts';
import { definitionOf } from '../api/schema/definitions.ts';
import { canonicalJson } from '../apimachinery/canonical-json.ts';
import { invalid, type Failure } from '../apimachinery/status.ts';

/**
 * Why a patched object cannot be read: the patch is invalid, and it is shown
 * (staging/src/k8s.io/apiserver/pkg/endpoints/handlers/patch.go, v1.36). A JSON or merge patch
 * shows the object that came of it, a strategic one itself, as Go prints a map.
 */
export function patchFailure(request: ApiRequest, patched: unknown, failure: Failure): Failure {
  const reason = / cannot be handled as a \w+: ([\s\S]*)$/.exec(failure.message)?.[1];
  if (failure.reason !== 'BadRequest' || reason === undefined) return failure;
  const isStrategic = request.patchType === 'strategic';
  const shown = isStrategic ? goPrinted(request.body) : canonicalJson(patched);
  const why = isStrategic ? converterWords(reason) : reason;
  const message = `Invalid value: ${goQuote(shown)}: ${why}`;
  return invalid('', '', [{ field: 'patch', message, reason: 'FieldValueInvalid' }]);
}

/** A value as Go's `%+v` prints it: `map[spec:map[replicas:3]]`. */
function goPrinted(value: unknown): string {
  if (value === null || value === undefined) return '<nil>';
  if (Array.isArray(value)) return `[${value.map(goPrinted).join(' ')}]`;
  if (typeof value === 'string') return value;
  if (typeof value !== 'object') return JSON.stringify(value);
  const fields = value as Readonly<Record<string, unknown>>;
  const keys = Object.keys(fields).sort();
  return `map[${keys.map((key) => `${key}:${goPrinted(fields[key])}`).join(' ')}]`;
}

const MISMATCH = /^json: cannot unmarshal (\w+)( \S+)? into Go struct field \S+ of type (.+)$/;
const KINDS: Readonly<Record<string, string>> = {
  string: 'string',
  bool: 'bool',
  number: 'int64',
  array: 'slice',
  object: 'map',
};

/**
 * A strategic merge patch is not decoded but converted, and the converter has words of its own
 * (staging/src/k8s.io/apimachinery/pkg/runtime/converter.go `fromUnstructured`, v1.36).
 */
function converterWords(reason: string): string {
  const match = MISMATCH.exec(reason);
  if (!match) return reason;
  const [, word = '', fraction, type = ''] = match;
  const from = fraction?.includes('.') ? 'float64' : (KINDS[word] ?? word);
  const target = kindOfType(type);
  if (target === 'struct') return `cannot restore struct from: ${from}`;
  if (target === 'slice' || target === 'map') return `cannot restore ${target} from ${from}`;
  const isConvertible =
    (from === 'int64' && target === 'string') || (from === 'float64' && target !== 'string');
  return isConvertible ? `cannot convert ${from} to ${type}` : `unrecognized type: ${target}`;
}

/** The kind of a Go type as messages name it; a word with a name of its own is a string. */
function kindOfType(type: string): string {
  if (type.startsWith('[]')) return 'slice';
  if (type.startsWith('map[') || type.endsWith('.ResourceList')) return 'map';
  if (!type.includes('.')) return type;
  return definitionOf(type.slice(type.indexOf('.') + 1)) ? 'struct' : 'string';
}
