import { refuse, type Refused } from '../../../go/refused.ts';
import { compose } from './compose.ts';
import { YamlProblem } from './cursor.ts';

/** The value of a text with one document; null for none; why it is no YAML, in Go's words. */
export function readDocument(text: string): unknown {
  try {
    return compose(text) ?? null;
  } catch (error) {
    if (!(error instanceof YamlProblem)) throw error;
    if (error.line < 0) return refuse(error.message);
    return refuse(`yaml: ${error.line === 0 ? '' : `line ${error.line}: `}${error.message}`);
  }
}

/**
 * The documents of a stream, which lines of `---` divide
 * (staging/src/k8s.io/apimachinery/pkg/util/yaml/decoder.go, v1.36).
 */
export function splitDocuments(text: string): (string | Refused)[] {
  const documents: (string | Refused)[] = [];
  let lines: string[] = [];
  for (const line of linesOf(text)) {
    if (!line.startsWith('---')) {
      lines.push(line);
      continue;
    }
    const rest = line.slice(3).trim();
    if (rest !== '' && !rest.startsWith('#')) {
      documents.push(refuse(`invalid Yaml document separator: ${rest}`));
      return documents;
    }
    if (lines.length > 0) documents.push(lines.join(''));
    lines = [];
  }
  if (lines.length > 0) documents.push(lines.join(''));
  return documents;
}

/** Every line ends, and ends alike. */
const linesOf = (text: string): string[] =>
  text === ''
    ? []
    : text
        .replace(/\r?\n$/, '')
        .split(/\r?\n/)
        .map((line) => `${line}\n`);
