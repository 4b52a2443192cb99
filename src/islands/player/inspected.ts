import { effect, signal, type ReadonlySignal } from '@preact/signals';
import type { Inspected } from '../engine-room/run-messages.ts';
import type { Session } from './session.ts';

/**
 * What the engine tells of the inspected node at the step that is shown. It is asked one thing at a
 * time: of the steps that pass meanwhile only the last.
 */
export function inspectedOf({ inspected, head, run }: Session): {
  readonly found: ReadonlySignal<Inspected | undefined>;
  readonly stop: () => void;
} {
  const found = signal<Inspected | undefined>(undefined);
  let wanted: { readonly object: string; readonly step: number } | undefined;
  let asking = false;
  const ask = async (): Promise<void> => {
    if (asking || !wanted) return;
    const { object, step } = wanted;
    asking = true;
    try {
      const answer = await run.inspect(object, step);
      if (wanted?.object === object) found.value = answer;
    } finally {
      asking = false;
    }
    if (wanted?.object !== object || wanted.step !== step) await ask();
  };
  const stop = effect(() => {
    const node = inspected.value;
    const object = node === undefined ? undefined : run.objectOf(node, head.step.value);
    wanted = object === undefined ? undefined : { object, step: head.step.value };
    if (!wanted) found.value = undefined;
    else void ask();
  });
  return { found, stop };
}
