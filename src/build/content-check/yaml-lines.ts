import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Node } from 'yaml';
import { AuthoringError } from '../authoring-error.ts';

/** A YAML file whose values know their lines. */
export interface YamlSource {
  readonly file: string;
  readonly root: Node | null;
  lineOf(node: unknown): number;
}

/** Reads `path` below `root`. A missing file and a syntax error stop the build. */
export function readYaml(root: string, path: string): YamlSource {
  const absolute = join(root, path);
  if (!existsSync(absolute)) {
    const what = 'The file does not exist.';
    throw new AuthoringError([{ file: path, line: 1, what, remedy: 'Write it.' }]);
  }
  const lines = new LineCounter();
  const document = parseDocument(readFileSync(absolute, 'utf8'), { lineCounter: lines });
  const error = document.errors[0];
  if (error !== undefined) {
    const { line } = lines.linePos(error.pos[0]);
    const what = error.message.split('\n')[0] ?? 'The YAML cannot be read.';
    throw new AuthoringError([{ file: path, line, what, remedy: 'Correct the YAML.' }]);
  }
  const lineOf = (node: unknown): number => {
    const start = (node as Node | null)?.range?.[0];
    return start === undefined ? 1 : lines.linePos(start).line;
  };
  return { file: path, root: document.contents, lineOf };
}

/** The text of a scalar, or `null` for anything else. */
export function textOf(node: unknown): string | null {
  return isScalar(node) && typeof node.value === 'string' ? node.value : null;
}

/** The value of a key of a mapping. */
export function valueOf(node: unknown, key: string): unknown {
  return isMap(node) ? node.get(key, true) : undefined;
}

/** The items of a sequence; none for anything else. */
export function itemsOf(node: unknown): readonly unknown[] {
  return isSeq(node) ? node.items : [];
}
