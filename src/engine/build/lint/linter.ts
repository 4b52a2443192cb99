import type { LineRange, Read } from '../dockerfile/ast.ts';
import { DirectiveParser } from '../dockerfile/directives.ts';
import { goQuote, parseBool } from '../dockerfile/go-text.ts';
import { RULES, type Rule } from './rules.ts';

/**
 * Collects findings, but for the rules that a `check` directive leaves out (moby/buildkit v0.32
 * `frontend/dockerfile/linter/linter.go`).
 */
export interface LintWarning {
  readonly rule: Rule;
  readonly message: string;
  readonly lines: LineRange;
}

export interface LintOptions {
  readonly skipAll: boolean;
  readonly skip: readonly string[];
  readonly experimentalAll: boolean;
  readonly experimental: readonly string[];
  readonly error: boolean;
}

const NO_OPTIONS: LintOptions = {
  ...{ skipAll: false, skip: [], experimentalAll: false, experimental: [], error: false },
};

/** `skip=A,B;error=true`. */
export function parseLintOptions(text: string): Read<LintOptions> {
  const trimmed = text.trim();
  if (trimmed === '') return { ok: true, value: NO_OPTIONS };
  let options = NO_OPTIONS;
  const pieces = trimmed.split(';');
  const parts = pieces.length > 3 ? [...pieces.slice(0, 2), pieces.slice(2).join(';')] : pieces;
  for (const part of parts) {
    const equals = part.indexOf('=');
    if (equals === -1) return { ok: false, message: `invalid check option ${goQuote(part)}` };
    const key = part.slice(0, equals).trim();
    const value = part.slice(equals + 1).trim();
    const rules = value.split(',').map((name) => name.trim());
    if (key === 'skip') {
      options = { ...options, ...(value === 'all' ? { skipAll: true } : { skip: rules }) };
    } else if (key === 'experimental') {
      const all = value === 'all';
      options = { ...options, ...(all ? { experimentalAll: true } : { experimental: rules }) };
    } else if (key === 'error') {
      const on = parseBool(value);
      if (on === undefined) {
        const why = `strconv.ParseBool: parsing ${goQuote(value)}: invalid syntax`;
        return { ok: false, message: `failed to parse check option ${goQuote(part)}: ${why}` };
      }
      options = { ...options, error: on };
    } else return { ok: false, message: `invalid check option ${goQuote(key)}` };
  }
  return { ok: true, value: options };
}

export class Linter {
  readonly #options: LintOptions;
  readonly #found: LintWarning[];

  constructor(options: LintOptions = NO_OPTIONS, found: LintWarning[] = []) {
    this.#options = options;
    this.#found = found;
  }

  get warnings(): readonly LintWarning[] {
    return this.#found;
  }

  report(key: keyof typeof RULES, message: string, lines: LineRange): void {
    const rule: Rule = RULES[key];
    const { skipAll, skip, experimentalAll, experimental } = this.#options;
    const on = rule.experimental
      ? experimentalAll || experimental.includes(rule.name)
      : !skipAll && !skip.includes(rule.name);
    if (on) this.#found.push({ rule, message, lines });
  }

  /** Under what the comments above an instruction say: `# check=skip=RuleName`. */
  under(comments: readonly string[]): Linter {
    for (const comment of comments) {
      const directive = new DirectiveParser('').read(comment);
      if (typeof directive !== 'object' || directive.name !== 'check') continue;
      const parsed = parseLintOptions(directive.value.split(' ')[0] ?? '');
      return parsed.ok ? this.#merged(parsed.value) : this;
    }
    return this;
  }

  #merged(more: LintOptions): Linter {
    const own = this.#options;
    const options: LintOptions = {
      skipAll: own.skipAll || more.skipAll,
      skip: [...own.skip, ...more.skip],
      experimentalAll: own.experimentalAll || more.experimentalAll,
      experimental: [...own.experimental, ...more.experimental],
      error: own.error,
    };
    return new Linter(options, this.#found);
  }

  /** `lint violation found for rules: …`, where findings are to be errors. */
  error(): string | undefined {
    if (!this.#options.error || this.#found.length === 0) return undefined;
    const rules = [...new Set(this.#found.map(({ rule }) => rule.name))].sort();
    return `lint violation found for rules: ${rules.join(', ')}`;
  }
}
