import { stringify } from 'yaml';
import { escapeHtml } from '../comparison/screen-html.ts';

/** Longer values would fill the table: their path is enough. */
const MOST_LINES = 5;

/** A value of a file as YAML, or undefined when it is empty or too long to stand in a table. */
export function shownValue(value: unknown): string | undefined {
  if (typeof value === 'string' && !value.trimEnd().includes('\n')) return value.trimEnd();
  const isPlainList = Array.isArray(value) && value.every((one) => typeof one !== 'object');
  const collectionStyle = isPlainList ? 'flow' : 'block';
  const text = stringify(value, {
    lineWidth: 0,
    collectionStyle,
    flowCollectionPadding: false,
  }).trimEnd();
  if (text === '{}' || text === 'null') return undefined;
  return text.split('\n').length <= MOST_LINES ? text : undefined;
}

/** A path as HTML; a line may break after its dots. */
export const pathHtml = (path: string): string =>
  path
    .split(/(?<=\.)/)
    .map(escapeHtml)
    .join('<wbr>');

/** `Deployment/api spec.replicas` is the path `spec.replicas` in the object `Deployment/api`. */
export function splitPath(path: string): { readonly object?: string; readonly path: string } {
  const at = path.indexOf(' ');
  return at < 0 ? { path } : { object: path.slice(0, at), path: path.slice(at + 1) };
}
