import { speeds } from '../../diagram/presentation.ts';
import { chooseSpeed, playOrPause } from './controls.ts';
import { jump } from './jumping.ts';
import { leavePresenting, togglePresenting, turnChapter } from './presenting.ts';
import type { Session } from './session.ts';
import { closeSide } from './side-state.ts';

/**
 * Shortcuts while the focus is within the figure. What is under the focus comes first: fields keep
 * every key, buttons keep the space bar, speeds keep the arrows, a zoomed drawing pans.
 */
export function attachKeys(session: Session): () => void {
  const { figure } = session.parts;
  const onKey = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.isComposing) return;
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const act = actOf(session, event.key, event.target as Element);
    if (!act) return;
    event.preventDefault();
    act();
  };
  // Before the drawing's own Escape, which leaves the full window.
  const onEscape = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return;
    if (session.side.value !== undefined) closeSide(session);
    else if (!leavePresenting(session)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  figure.addEventListener('keydown', onEscape, { capture: true });
  figure.addEventListener('keydown', onKey);
  return () => {
    figure.removeEventListener('keydown', onEscape, { capture: true });
    figure.removeEventListener('keydown', onKey);
  };
}

function actOf(session: Session, key: string, target: Element): (() => void) | undefined {
  const { head } = session;
  if (target.closest('input[type="text"], textarea, select, [contenteditable]')) return undefined;
  const pressable = target.closest('button, summary, a, [role="button"]') !== null;
  const radio = target.closest('input[type="radio"]') !== null;
  // Panels have keys of their own.
  if (target.closest('.panel')) return undefined;
  if (key === 'k' || (key === ' ' && !pressable && !radio)) return () => playOrPause(session);
  if (key === 'n' || key === 'p') return () => jump(session, key === 'n' ? 1 : -1);
  if (key === 't') return () => void togglePresenting(session);
  if (key === 'l') return () => session.head.setLoop(!session.head.loops.value);
  if (key === 'PageDown' || key === 'PageUp') {
    const isTalk = session.parts.figure.classList.contains('is-presenting');
    return isTalk ? () => turnChapter(session, key === 'PageDown' ? 1 : -1) : undefined;
  }
  const speed = speeds['123'.indexOf(key)];
  if (speed && key !== '') return () => chooseSpeed(session, speed);
  if (radio || scrollsSideways(target)) return undefined;
  const step = {
    ArrowLeft: head.step.value - 1,
    ArrowRight: head.step.value + 1,
    Home: 0,
    End: head.steps.length - 1,
  }[key];
  if (step === undefined) return undefined;
  return () => session.visit(step, key === 'ArrowRight');
}

/** A drawing that is wider than its place is scrolled by the arrows. */
function scrollsSideways(target: Element): boolean {
  return target.matches('.figure-view') && target.scrollWidth > target.clientWidth + 1;
}
