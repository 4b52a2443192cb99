import { ComposeError, fail } from '../failure.ts';
import { isMapping, type Mapping } from '../tree/tree.ts';
import { decode } from '../yaml/decode.ts';
import { readDocuments } from '../yaml/node.ts';
import { refuseRepeatedKeys } from '../yaml/repeated-keys.ts';
import { YamlSyntaxError } from '../yaml/syntax-error.ts';

/**
 * The document of a stack file, read as the older go-yaml does that docker/cli stands on: its
 * errors name the line alone.
 */
export function readStackYaml(text: string): Mapping {
  let document: unknown;
  try {
    const [node] = readDocuments(text);
    if (node) refuseRepeatedKeys(node);
    document = node ? decode(node) : undefined;
  } catch (error) {
    if (error instanceof ComposeError && error.message.startsWith('non-string key')) {
      fail(
        error.message.includes(' at top level')
          ? 'top-level object must be a mapping'
          : 'json: unsupported type: map[interface {}]interface {}',
      );
    }
    if (!(error instanceof YamlSyntaxError)) throw error;
    fail(`yaml: line ${error.line}: ${error.problem}`);
  }
  return isMapping(document) ? document : fail('top-level object must be a mapping');
}
