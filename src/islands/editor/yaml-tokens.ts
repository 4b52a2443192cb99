import type { StreamParser } from '@codemirror/language';
import { yaml } from '@codemirror/legacy-modes/mode/yaml';

/** YAML read line by line, in the colours that it has in the highlighted code of a page. */
export const yamlTokens: StreamParser<unknown> = {
  ...yaml,
  token(stream, state) {
    const kind = yaml.token(stream, state);
    const text = stream.current().trim();
    switch (kind) {
      case 'atom':
        return 'keyword';
      case 'keyword':
        return 'atom';
      case 'meta':
        return text === ':' ? 'keyword' : null;
      case null:
        return text === '' ? null : 'string';
      default:
        return kind;
    }
  },
};
