import { parsePlatform } from '../../oci/platform.ts';
import { parseReference } from '../../oci/reference.ts';
import type { Dockerfile, FromInstruction, LineRange } from '../dockerfile/ast.ts';
import { expand, type Expanded } from '../dockerfile/expand.ts';
import { nearest } from '../dockerfile/suggest.ts';
import type { Linter } from '../lint/linter.ts';
import { WORDS } from '../lint/rules.ts';
import { globalArgs, type Env } from './env.ts';
import { Fault } from './fault.ts';

/** Findings about FROM (`dockerfile2llb/validations.go`). */

/** Base names are to be right without any `--build-arg`. */
export function lintDefaultBases(file: Dockerfile, defaults: Env, linter: Linter): void {
  let args: Env;
  try {
    args = globalArgs(defaults, file.metaArgs, {}, file.escape).env;
  } catch (error) {
    if (error instanceof Fault) return;
    throw error;
  }
  for (const { from } of file.stages) {
    const base = expand(from.image, args.get, { escape: file.escape });
    if (!base.ok) return;
    if (parseReference(base.value).ok) continue;
    const words = WORDS.invalidDefaultArgInFrom(from.image);
    linter.report('invalidDefaultArgInFrom', words, from.lines);
  }
}

/** Variables of FROM are to be declared above it. */
export function lintUnusedArgs(
  known: readonly string[],
  unmatched: ReadonlySet<string>,
  lines: LineRange,
  linter: Linter,
): void {
  for (const name of unmatched) {
    if (known.includes(name)) continue;
    const words = WORDS.undefinedArgInFrom(name, nearest(name, known, true));
    linter.report('undefinedArgInFrom', words, lines);
  }
}

/** `--platform=$TARGETPLATFORM` says nothing, `--platform=linux/amd64` says too much. */
export function lintPlatform(
  from: FromInstruction,
  expanded: Extract<Expanded, { ok: true }>,
  globals: Env,
  linter: Linter,
): void {
  const { matched, unmatched, value } = expanded;
  const own = 'TARGETPLATFORM';
  if (matched.size === 1 && unmatched.size === 0 && matched.has(own)) {
    if (value === globals.get(own)) {
      const words = WORDS.redundantTargetPlatform(from.platform);
      linter.report('redundantTargetPlatform', words, from.lines);
    }
  }
  if (matched.size > 0 || unmatched.size > 0) return;
  const parsed = parsePlatform(value);
  if (!parsed.ok) return;
  const { os, architecture } = parsed.platform;
  if (from.stage.includes(os) || from.stage.includes(architecture)) return;
  const words = WORDS.fromPlatformFlagConstDisallowed(value);
  linter.report('fromPlatformFlagConstDisallowed', words, from.lines);
}
