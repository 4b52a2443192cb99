import type { KubeObject } from '../../apimachinery/object.ts';
import {
  badRequest,
  failed,
  invalid,
  success,
  type Failure,
  type Result,
} from '../../apimachinery/status.ts';
import { toKeptVersion } from '../conversion.ts';
import { customResourceCauses } from './custom-resources.ts';
import { BODY_LIMIT_BYTES, decode } from './decoding.ts';
import { definitionOfKind, isCustomResource } from './definitions.ts';

export type FieldValidation = 'Ignore' | 'Warn' | 'Strict';

/** An object that was read, without the fields that its kind does not have. */
export interface DecodedObject {
  readonly object: KubeObject;
  /** What kubectl prints after `Warning: `. */
  readonly warnings: readonly string[];
}

export interface DecodeOptions {
  /** Paths of fields that the text named twice, which a plain value does not show. */
  readonly duplicates?: readonly string[];
  /** What server-side apply is given: nothing is added to it. */
  readonly isSparse?: boolean;
}

/**
 * Reads what a client sent as an object of a kind
 * (staging/src/k8s.io/apiserver/pkg/endpoints/handlers/{create,rest}.go `transformDecodeError`,
 * v1.36), in the version that the server keeps. Quantities come out in the
 * server's form, and what must be there and is not as Go's zero value.
 */
export function decodeObject(
  apiVersion: string,
  kind: string,
  plain: Readonly<Record<string, unknown>>,
  validation: FieldValidation,
  { duplicates = [], isSparse = false }: DecodeOptions = {},
): Result<DecodedObject> {
  const definition = definitionOfKind(apiVersion, kind);
  if (!definition) return success({ object: plain as unknown as KubeObject, warnings: [] });
  const custom = isCustomResource(definition);
  const decoded = decode(definition, plain, isSparse);
  if (decoded.isTooLarge) return failed(tooLarge());
  const version = apiVersion.slice(apiVersion.indexOf('/') + 1);
  const refuse = (why: string): Failure =>
    badRequest(`${kind} in version "${version}" cannot be handled as a ${kind}: ${why}`);
  if (decoded.error !== undefined && !custom) return failed(refuse(decoded.error));
  const twice = duplicates.map((path) => `duplicate field ${JSON.stringify(path)}`);
  const strict = [...decoded.strictErrors, ...twice];
  if (validation === 'Strict' && strict.length > 0) {
    return failed(refuse(`strict decoding error: ${strict.join(', ')}`));
  }
  if (custom) {
    const causes = customResourceCauses(definition, plain);
    const qualified = `${kind}.${apiVersion.slice(0, Math.max(0, apiVersion.indexOf('/')))}`;
    if (causes.length > 0) return failed(invalid(qualified, nameOf(plain), causes));
    if (decoded.error !== undefined) return failed(refuse(decoded.error));
  }
  const warnings = validation === 'Warn' ? strict : [];
  const object = decoded.object as unknown as KubeObject;
  return success({ object: toKeptVersion({ ...object, apiVersion, kind }), warnings });
}

function nameOf({ metadata }: Readonly<Record<string, unknown>>): string {
  const name = (metadata as { readonly name?: unknown } | null | undefined)?.name;
  return typeof name === 'string' ? name : '';
}

function tooLarge(): Failure {
  const message = `Request entity too large: limit is ${BODY_LIMIT_BYTES}`;
  return { reason: 'RequestEntityTooLarge', code: 413, message };
}
