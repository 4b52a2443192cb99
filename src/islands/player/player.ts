/**
 * `<drydock-player>`: an executable figure in a page. Its markup is complete without it (see
 * `src/components/Run.astro`); once connected it lives the scenario that the page carries and sets
 * the controls free.
 */
import { playerStrings } from '../../i18n/player.ts';
import { openRun } from './open-run.ts';
import type { RunData } from './run.ts';
import { startSession } from './start-session.ts';
import { playInSight } from './autoplay.ts';

class DrydockPlayer extends HTMLElement {
  #end: (() => void) | undefined;

  connectedCallback(): void {
    if (this.#end) return;
    const text = this.querySelector('script[type="application/json"]')?.textContent ?? '';
    const data = JSON.parse(text) as RunData;
    try {
      const session = startSession(this, data, openRun(data));
      const stopWaiting = this.hasAttribute('autoplay') ? playInSight(session) : undefined;
      this.#end = () => {
        stopWaiting?.();
        session.end();
      };
    } catch (error) {
      const notice = this.querySelector('[data-part="notice"]');
      if (notice) notice.textContent = playerStrings[data.locale].failed;
      notice?.parentElement?.classList.add('has-notice');
      throw error;
    }
  }

  disconnectedCallback(): void {
    this.#end?.();
    this.#end = undefined;
  }
}

customElements.define('drydock-player', DrydockPlayer);
