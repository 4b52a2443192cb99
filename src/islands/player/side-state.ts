import { buttonOf } from './parts.ts';
import type { Session, SideTab } from './session.ts';

/** Opens a side, or closes the one that is open. */
export function toggleSide(session: Session, tab: SideTab): void {
  session.touched.value = true;
  if (session.side.value === tab) closeSide(session);
  else session.side.value = tab;
}

/** The focus returns to what opened it: the inspected node, or a button. */
export function closeSide(session: Session): void {
  const { side, inspected, attached, parts } = session;
  const [tab, node] = [side.value, inspected.value];
  inspected.value = undefined;
  side.value = undefined;
  if (tab === 'inspect' && node !== undefined) attached.focus(node);
  else if (tab === 'events' || tab === 'requests') buttonOf(parts.root, tab).focus();
}
