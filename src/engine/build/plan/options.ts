import type { Platform } from '../../oci/platform.ts';
import type { PatternMatcher } from '../patterns.ts';

/** What of a build's options its plan depends on. */
export interface PlanOptions {
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly target?: string;
  /** The platform built for; without one, that of the builder. */
  readonly platform?: Platform;
  readonly buildPlatform: Platform;
  /** More than one platform: names of steps say which. */
  readonly multiPlatform: boolean;
  /** `--build-context`: what a name stands for. */
  readonly contexts: Readonly<Record<string, string>>;
  /** Stages that are not taken from the cache; true: all. */
  readonly noCache: true | readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly hosts: readonly string[];
  readonly network: string;
  readonly ignore: PatternMatcher | undefined;
  /** Every stage is looked at, as `--check` does. */
  readonly allStages: boolean;
}
