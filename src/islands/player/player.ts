/**
 * `<drydock-player>`: an executable figure in a page. Its markup is complete without it (see
 * `src/components/Run.astro`); once connected it has the scenario that the page carries lived by the
 * engine beside the page, and sets the controls free when the film of it has come.
 */
import { playerStrings } from '../../i18n/player.ts';
import { connectEngine } from '../engine-room/connect.ts';
import type { RunData } from '../engine-room/run-messages.ts';
import { playInSight } from './autoplay.ts';
import { playOrPause } from './controls.ts';
import { inTurn } from './in-turn.ts';
import { openFilm } from './open-film.ts';
import type { Run } from './run.ts';
import { startSession } from './start-session.ts';
import { attachWaiting } from './waiting.ts';

class DrydockPlayer extends HTMLElement {
  #end: (() => void) | undefined;

  connectedCallback(): void {
    if (this.#end) return;
    const text = this.querySelector('script[type="application/json"]')?.textContent ?? '';
    const data = JSON.parse(text) as RunData;
    const waiting = attachWaiting(this, playerStrings[data.locale], data.events ?? 0);
    let ended = false;
    void leadsTo(data).then((leads) => {
      if (leads && !ended) waiting.expect();
    });
    const leave = inTurn(this, waiting.isExpected, async () => {
      const engine = connectEngine();
      try {
        const run = await openFilm(engine, data, waiting.progress);
        if (ended) {
          run.close();
          return;
        }
        const isWanted = waiting.isWanted();
        ended = true;
        waiting.end();
        this.#play(data, run, isWanted);
      } catch (error) {
        waiting.fail();
        reportError(error);
      }
    });
    this.#end = () => {
      ended = true;
      leave();
      waiting.end();
    };
  }

  #play(data: RunData, run: Run, isWanted: boolean): void {
    const session = startSession(this, data, run);
    const stopWaiting = this.hasAttribute('autoplay') ? playInSight(session) : undefined;
    if (isWanted) playOrPause(session);
    this.#end = () => {
      stopWaiting?.();
      session.end();
      run.close();
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
