import { effect } from '@preact/signals';
import type * as Payload from '../link/payload.ts';
import type { MomentLink } from '../link/payload.ts';
import { fill } from '../../i18n/strings.ts';
import { copyBySelection } from './copying.ts';
import { buttonOf } from './parts.ts';
import type { Session } from './session.ts';

/** How links are written and read; fetched when there is one, or when there may be one soon. */
let payloads: typeof Payload | undefined;
const fetchPayloads = async (): Promise<typeof Payload> =>
  (payloads ??= await import('../link/payload.ts'));

/** Links to moments: made by the share button, followed on arrival and when the hash changes. */
export function attachSharing(session: Session): () => void {
  const ended = new AbortController();
  const { signal } = ended;
  const { touched, parts } = session;
  buttonOf(parts.root, 'share').addEventListener('click', () => void share(session), { signal });
  const follow = (): void => void followHash(session, location.hash);
  addEventListener('hashchange', follow, { signal });
  const end = effect(() => {
    if (touched.value) void fetchPayloads();
  });
  // The link to the other language takes the hash along: with the moment, once there is one.
  document.addEventListener(
    'click',
    (event) => {
      const link = event.target instanceof Element && event.target.closest('a[data-language]');
      if (!link || !touched.value || !payloads) return;
      // The click goes on at once: without the hash, which the engine would have to be asked for.
      history.replaceState(null, '', `#${payload(payloads, session, '')}`);
    },
    { capture: true, signal },
  );
  follow();
  return () => {
    ended.abort();
    end();
  };
}

/** @param hash of the state; empty when it is not known */
function payload(
  { encodeLink }: typeof Payload,
  { run, head, figureId }: Session,
  hash: string,
): string {
  const step = head.step.value;
  const { engine, scenario, steps } = run.film;
  const record = steps[step]?.record ?? 0;
  const moment = run.momentOf(step);
  return encodeLink({ engine, scenario, figure: figureId, moment, record, hash });
}

async function share(session: Session): Promise<void> {
  const { words, notice, parts, touched, run, head } = session;
  head.pause();
  touched.value = true;
  if (run.life.stage.value !== 'lived') notice.value = words.living;
  // Without an engine the link leads to the same moment, and says less of it.
  const asked = run.hashOf(head.step.value).catch(() => '');
  const [links, hash] = await Promise.all([fetchPayloads(), asked]);
  const address = `${location.href.replace(/#.*$/s, '')}#${payload(links, session, hash)}`;
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
    const copied = copyBySelection(field);
    if (copied) field.hidden = true;
    return copied;
  }
}

/** Goes where a link leads. Whatever the link is, the figure shows something and says what. */
async function followHash(session: Session, hash: string): Promise<void> {
  if (!/^#v\d+\./.test(hash)) return;
  const { decodeLink } = await fetchPayloads();
  const decoded = decodeLink(hash);
  if (decoded.kind === 'moment') await followLink(session, decoded.link);
  // A link to a world is the lab's.
  else if (decoded.kind === 'broken' || decoded.kind === 'future') {
    if (isFirst(session)) toStart(session, session.words[decoded.kind]);
  }
}

async function followLink(session: Session, link: MomentLink): Promise<void> {
  const { run, figureId, head, words, notice, touched } = session;
  if (link.scenario !== run.film.scenario || link.figure !== figureId) {
    if (isFirst(session) && !isOnPage(link)) toStart(session, words.foreign);
    return;
  }
  const step = run.stepOf(link.moment, link.record);
  if (step === undefined) {
    toStart(session, words.beyond);
    return;
  }
  touched.value = true;
  head.goTo(step);
  notice.value = '';
  intoSight(session);
  const { engine } = run.film;
  // Where there is no engine, nobody can tell.
  const hash = link.hash === '' ? '' : await run.hashOf(step).catch(() => link.hash);
  const same = hash === '' ? link.engine === engine : hash === link.hash;
  if (!same && head.step.value === Math.max(0, step)) {
    notice.value = fill(words.changed, { then: link.engine, now: engine });
  }
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
