/**
 * `<drydock-player>`: an executable figure in a page. Its markup is complete without it (see
 * `src/components/Run.astro`); once connected it fetches the film that the build took of its run, and
 * sets the controls free. Where there is none, the engine beside the page takes one.
 */
import { playerStrings } from '../../i18n/player.ts';
import type { Film, RunData } from '../engine-room/run-messages.ts';
import { playInSight } from './autoplay.ts';
import { playOrPause } from './controls.ts';
import { inTurn } from './in-turn.ts';
import { lifeOf, nameOf } from './life.ts';
import { liveSoon } from './live-soon.ts';
import { fetchFilm } from './open-film.ts';
import { runOver, type Run } from './run.ts';
import { startSession } from './start-session.ts';
import { attachWaiting } from './waiting.ts';

class DrydockPlayer extends HTMLElement {
  #end: (() => void) | undefined;

  connectedCallback(): void {
    if (this.#end) return;
    const text = this.querySelector('script[type="application/json"]')?.textContent ?? '';
    const data = JSON.parse(text) as RunData;
    const waiting = attachWaiting(this, playerStrings[data.locale], data.events ?? 0);
    const life = lifeOf(data);
    let ended = false;
    let leave = (): void => {};
    void leadsTo(data).then((leads) => {
      if (leads && !ended) waiting.expect();
    });
    const play = (film: Film): void => {
      if (ended) return;
      ended = true;
      const isWanted = waiting.isWanted();
      waiting.end();
      this.#play(data, runOver(data, film, life), isWanted);
    };
    const takeFilm = async (): Promise<void> => {
      const stop = life.events.subscribe(waiting.progress);
      try {
        play(await life.engine.ask('run/film', { run: nameOf(data) }));
      } catch (error) {
        waiting.fail();
        reportError(error);
      } finally {
        stop();
      }
    };
    void fetchFilm(data).then((film) => {
      if (film) play(film);
      else if (!ended) leave = inTurn(this, waiting.isExpected, takeFilm);
    });
    this.#end = () => {
      ended = true;
      leave();
      waiting.end();
      life.end();
    };
  }

  #play(data: RunData, run: Run, isWanted: boolean): void {
    const session = startSession(this, data, run);
    const stopLiving = liveSoon(session);
    const stopWaiting = this.hasAttribute('autoplay') ? playInSight(session) : undefined;
    if (isWanted) playOrPause(session);
    this.#end = () => {
      stopLiving();
      stopWaiting?.();
      session.end();
      run.life.end();
    };
  }

  disconnectedCallback(): void {
    this.#end?.();
    this.#end = undefined;
  }
}

/** Whether the address leads to a moment of this very run. */
async function leadsTo({ figure, scenario }: RunData): Promise<boolean> {
  if (!location.hash.startsWith('#v1.')) return false;
  const { decodeLink } = await import('../link/payload.ts');
  const decoded = decodeLink(location.hash);
  if (decoded.kind !== 'moment') return false;
  return decoded.link.figure === figure && decoded.link.scenario === scenario.id;
}

customElements.define('drydock-player', DrydockPlayer);
