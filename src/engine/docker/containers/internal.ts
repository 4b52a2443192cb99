import { ask, type Call, type Resumption, type Signal } from '../../sim/process.ts';
import type { StatsAnswer } from '../api.ts';
import type { Refusal } from '../networks/membership.ts';
import type { ContainerRow } from './row.ts';
import type { WaitCondition, WaitResult } from './waiting.ts';

/**
 * What the daemon's own programs ask of its containers. A program looks at answers only, so it
 * asks for each look and each change, as it would of any service.
 */
export type InternalRequest =
  | { readonly op: 'find'; readonly text: string }
  | {
      readonly op: 'wait';
      readonly id: string;
      readonly condition: WaitCondition;
      readonly timeoutMs?: number;
    }
  | { readonly op: 'signal'; readonly id: string; readonly signal: Signal }
  | { readonly op: 'start'; readonly id: string }
  | { readonly op: 'restarts'; readonly id: string }
  | { readonly op: 'removing'; readonly id: string; readonly value: boolean }
  | { readonly op: 'destroy'; readonly id: string; readonly volumes: boolean }
  | { readonly op: 'tell'; readonly id: string; readonly action: 'stop' | 'restart' | 'detach' }
  | { readonly op: 'sample'; readonly id: string }
  | { readonly op: 'stopped' }
  | { readonly op: 'pruned'; readonly reclaimed: number };

export interface InternalAnswers {
  find: { readonly ok: true; readonly row: ContainerRow } | Refusal;
  wait: WaitResult;
  signal: Refusal | undefined;
  start: Refusal | undefined;
  restarts: undefined;
  removing: boolean;
  destroy: Refusal | undefined;
  tell: undefined;
  sample: StatsAnswer | undefined;
  stopped: readonly StoppedContainer[];
  pruned: undefined;
}

export interface StoppedContainer {
  readonly id: string;
  readonly createdMs: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly sizeBytes: number;
}

export const internalService = (machine: string): string => `docker-internal/${machine}`;

export type Step<T> = Generator<Call, T, Resumption>;

export const inside = <R extends InternalRequest>(
  machine: string,
  request: R,
): Step<InternalAnswers[R['op']]> =>
  ask<InternalAnswers[R['op']]>(internalService(machine), request);
