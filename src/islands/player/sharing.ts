import { decodeLink, encodeLink, type MomentLink } from '../link/payload.ts';
import { fill } from '../../i18n/strings.ts';
import { buttonOf } from './parts.ts';
import type { Session } from './session.ts';

/** Links to moments: made by the share button, followed on arrival and when the hash changes. */
export function attachSharing(session: Session): () => void {
  const ended = new AbortController();
  const { signal } = ended;
  const { root } = session.parts;
  buttonOf(root, 'share').addEventListener('click', () => void share(session), { signal });
  const follow = (): void => followHash(session, location.hash);
  addEventListener('hashchange', follow, { signal });
  // The link to the other language takes the hash along: with the moment, once there is one.
  document.addEventListener(
    'click',
    (event) => {
      const link = event.target instanceof Element && event.target.closest('a[data-language]');
      if (link && session.touched.value) history.replaceState(null, '', `#${payload(session)}`);
    },
    { capture: true, signal },
  );
  follow();
  return () => ended.abort();
}

function payload({ run, head, figureId }: Session): string {
  const step = head.step.value;
  return encodeLink({
    engine: run.engine,
    scenario: run.scenario,
    figure: figureId,
    moment: run.playback.momentOf(step),
    record: run.playback.records[step]?.id ?? 0,
    hash: run.playback.hashOf(step),
  });
}

async function share(session: Session): Promise<void> {
  const { words, notice, parts, touched } = session;
  session.head.pause();
  touched.value = true;
  const address = `${location.href.replace(/#.*$/s, '')}#${payload(session)}`;
  notice.value = (await copyAddress(address, parts.link)) ? words.shared : words.byHand;
}

/** False when the reader has to copy it; the field with the address is then open and selected. */
async function copyAddress(address: string, field: HTMLInputElement): Promise<boolean> {
  field.hidden = true;
  try {
    await navigator.clipboard.writeText(address);
    return true;
  } catch {
    field.hidden = false;
    field.value = address;
    field.focus();
    field.select();
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- the only way without https
    const copied = document.execCommand('copy');
    if (copied) field.hidden = true;
    return copied;
  }
}

/** Goes where a link leads. Whatever the link is, the figure shows something and says what. */
function followHash(session: Session, hash: string): void {
  const decoded = decodeLink(hash);
  if (decoded.kind === 'none') return;
  if (decoded.kind === 'moment') followLink(session, decoded.link);
  else if (isFirst(session)) toStart(session, session.words[decoded.kind]);
}

function followLink(session: Session, link: MomentLink): void {
  const { run, figureId, head, words, notice, touched } = session;
  if (link.scenario !== run.scenario || link.figure !== figureId) {
    if (isFirst(session) && !isOnPage(link)) toStart(session, words.foreign);
    return;
  }
  const step = run.playback.stepOf(link.moment, link.record);
  if (step === undefined) {
    toStart(session, words.beyond);
    return;
  }
  touched.value = true;
  head.goTo(step);
  const same = run.playback.hashOf(step) === link.hash;
  notice.value = same ? '' : fill(words.changed, { then: link.engine, now: run.engine });
  intoSight(session);
}

function toStart(session: Session, notice: string): void {
  session.head.goTo(0);
  session.notice.value = notice;
  intoSight(session);
}

function intoSight({ parts, still }: Session): void {
  const behavior = still.value ? 'instant' : 'smooth';
  parts.figure.scrollIntoView({ block: 'start', behavior });
}

/** Of several players of a page one answers for links that are none of theirs. */
function isFirst({ parts }: Session): boolean {
  return document.querySelector('drydock-player') === parts.root;
}

function isOnPage(link: MomentLink): boolean {
  return [...document.querySelectorAll<HTMLElement>('drydock-player')].some(
    ({ dataset }) => dataset.figure === link.figure && dataset.scenario === link.scenario,
  );
}
