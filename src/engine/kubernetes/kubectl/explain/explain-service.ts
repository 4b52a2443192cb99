import type { Processes } from '../../../sim/processes.ts';
import { EXPLAIN_SERVICE, type ExplainRequest } from './explain-request.ts';
import { explain, type Explanation } from './explain.ts';

/** Gives a world the texts of all kinds and fields. */
export function serveExplanations(processes: Processes): void {
  processes.service<ExplainRequest>(EXPLAIN_SERVICE, ({ request, options }): Explanation =>
    explain(request, options),
  );
}
