import type { LineRange } from '../dockerfile/ast.ts';
import type { SolveResult } from '../solve-result.ts';
import type { LintWarning } from './linter.ts';

/** `RuleName: what is wrong (line 3)`, as progress and the list at the end have it. */
export function shortWarning({ rule, message, lines }: LintWarning): string {
  const at = lines.start > 0 ? ` (line ${lines.start})` : '';
  return `${rule.name}: ${message}${at}`;
}

/**
 * What `docker build --check` prints (docker/buildx v0.36 `commands/build.go`, `printResult`;
 * moby/buildkit v0.32 `frontend/subrequests/lint/lint.go`).
 */
export function lintReport(
  warnings: readonly LintWarning[],
  error: { readonly message: string; readonly shown: string } | undefined,
  show: (lines: LineRange) => string,
): SolveResult {
  const count = warnings.length;
  let report = '';
  if (count > 0) {
    const found = count === 1 ? '1 warning has' : `${count} warnings have`;
    report += `Check complete, ${found} been found!\n`;
  }
  const sorted = [...warnings].sort((a, b) => a.lines.start - b.lines.start);
  for (const { rule, message, lines } of sorted) {
    const url = rule.url === '' ? '' : ` - ${rule.url}`;
    report += `\nWARNING: ${rule.name}${url}\n${message}\n${show(lines)}`;
  }
  const own = { ok: true, digest: '', chainId: '' } as const;
  if (error) {
    if (count > 0) report += '\n';
    return { ...own, report, found: true, failed: `${error.message}\n${error.shown}` };
  }
  if (count === 0) report += 'Check complete, no warnings found.\n';
  return { ...own, report, found: count > 0 };
}
