import type { ExplainOptions } from './explain.ts';

/**
 * Where `kubectl explain` asks. The texts are the heaviest data of the engine, so a world has them
 * only where somebody can type: a figure that plays a story goes without.
 */
export const EXPLAIN_SERVICE = 'kubectl/explain';

export interface ExplainRequest {
  readonly request: string;
  readonly options: ExplainOptions;
}
