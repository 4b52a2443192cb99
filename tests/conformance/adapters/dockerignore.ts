import {
  compilePattern,
  PatternMatcher,
  readIgnoreFile,
} from '../../../src/engine/build/patterns.ts';
import { compare, operation, type Adapter, type Verdict } from '../adapter.ts';
import { buildOnce } from '../build-world.ts';

const read = (patterns: readonly string[]): PatternMatcher | string =>
  PatternMatcher.read(patterns);

export const adapter: Adapter = {
  area: 'dockerignore',
  operations: [
    operation<{ patterns: string[]; path: string }, { match?: boolean; error?: unknown }>(
      'is path excluded',
      ({ input, expect }) => {
        const matcher = read(input.patterns);
        if (typeof matcher === 'string') return refused(matcher, expect.error);
        return compare({ match: matcher.matches(input.path) }, expect);
      },
    ),
    operation<{ patterns: string[] }, Record<string, unknown>>(
      'prepare pattern list',
      ({ input, expect }) => {
        const matcher = read(input.patterns);
        if (typeof matcher === 'string') return refused(matcher, expect.error);
        const got = {
          patternCount: matcher.patterns.length,
          hasExceptions: matcher.hasExclusions,
          patterns: matcher.patterns.map(({ text }) => text),
        };
        return subset(got, expect);
      },
    ),
    operation<{ pattern: string }, { matchKind?: string; regexp?: string; error?: unknown }>(
      'compile pattern',
      ({ input, expect }) => {
        const compiled = compilePattern(input.pattern);
        if (!compiled) return refused('syntax error in pattern', expect.error);
        const { kind, source } = compiled;
        return subset({ matchKind: kind, regexp: source }, expect);
      },
    ),
    operation<{ content: string | null }, { patterns: string[] }>(
      'read ignore file',
      ({ input, expect }) => compare({ patterns: readIgnoreFile(input.content ?? '') }, expect),
    ),
    operation<BuildInput, BuildExpectation>(/^build/, ({ input, expect }) => {
      const name = input.dockerfileName ?? 'Dockerfile';
      const files: Record<string, string> = {};
      for (const path of input.context ?? []) files[path] = path;
      if (input.dockerignore !== undefined) files['.dockerignore'] = input.dockerignore;
      Object.assign(files, input.ignoreFiles, { [name]: input.dockerfile });
      const built = buildOnce(files, { file: [name] });
      const has = (path: string): boolean => built.file(path) !== undefined;
      const got = {
        ok: built.ok,
        error: !built.ok,
        copied: (expect.copied ?? []).filter(has),
        notCopied: (expect.notCopied ?? []).filter((path) => !has(path)),
        fooPresent: has('foo'),
        barPresent: has('bar'),
      };
      return subset(got, expect);
    }),
  ],
};

interface BuildInput {
  readonly dockerfile: string;
  readonly dockerfileName?: string;
  readonly dockerignore?: string;
  readonly ignoreFiles?: Readonly<Record<string, string>>;
  readonly context?: readonly string[];
}

interface BuildExpectation extends Record<string, unknown> {
  readonly copied?: readonly string[];
  readonly notCopied?: readonly string[];
}

/** Holds when an error was expected, and where it is a text, when it has those words. */
function refused(message: string, expected: unknown): Verdict {
  const holds = typeof expected === 'string' ? message.includes(expected) : expected !== undefined;
  return { holds, got: { error: message } };
}

/** Compares what the row says, leaving out what it does not. */
function subset(got: Record<string, unknown>, expected: Record<string, unknown>): Verdict {
  const said = Object.fromEntries(Object.keys(expected).map((key) => [key, got[key]]));
  return compare(said, expected);
}
