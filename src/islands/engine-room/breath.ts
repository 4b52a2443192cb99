/** So long the engine works before it looks whether it was asked something else. */
const SLICE_MS = 16;

/**
 * Does work that takes long and breathes in between, so that other questions are answered meanwhile.
 * @param work yields wherever it may be interrupted, well within a slice
 * @param onBreath hears what was yielded last
 */
export async function breathe<Step, Result>(
  work: Iterator<Step, Result, undefined>,
  onBreath?: (step: Step) => void,
): Promise<Result> {
  for (;;) {
    const untilMs = performance.now() + SLICE_MS;
    let next = work.next();
    while (!next.done && performance.now() < untilMs) next = work.next();
    if (next.done) return next.value;
    onBreath?.(next.value);
    await nextTask();
  }
}

/** Without the 4 ms that a browser's timers wait at least. */
function nextTask(): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}
