import { eventsOfNode, landmarksOf, nextOf } from './events.ts';
import type { Session } from './session.ts';

/**
 * Goes to the next event of the inspected node, or the one before; with none inspected to the next
 * chapter, fault or failure.
 */
export function jump(session: Session, towards: 1 | -1): void {
  const { run, inspected, head, words, notice } = session;
  const node = inspected.value;
  const events = node === undefined ? landmarksOf(run.film) : eventsOfNode(run.film, node);
  const step = nextOf(events, head.step.value, towards);
  if (step !== undefined) session.visit(step, true);
  else notice.value = towards > 0 ? words.noLater : words.noEarlier;
}
