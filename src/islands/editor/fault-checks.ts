import type { EditorView } from '@codemirror/view';
import type { FaultList } from './fault-list.ts';
import { foundFaults } from './fault-marks.ts';
import type { EditorFault } from './fault.ts';

/** Time without a key after which the file is looked at. */
const PAUSE_MS = 350;

/** Has the text looked at when the reader pauses, never while an input method is composing. */
export class FaultChecks {
  readonly #view: EditorView;
  readonly #list: FaultList;
  readonly #unchecked: string;
  readonly #check: (text: string) => Promise<readonly EditorFault[]>;
  #timer = 0;
  #isEnded = false;

  constructor(
    view: EditorView,
    list: FaultList,
    unchecked: string,
    check: (text: string) => Promise<readonly EditorFault[]>,
  ) {
    this.#view = view;
    this.#list = list;
    this.#unchecked = unchecked;
    this.#check = check;
  }

  soon(): void {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => void this.#look(), PAUSE_MS);
  }

  end(): void {
    this.#isEnded = true;
    clearTimeout(this.#timer);
  }

  async #look(): Promise<void> {
    const view = this.#view;
    if (view.composing) {
      this.soon();
      return;
    }
    const { doc } = view.state;
    let faults: readonly EditorFault[];
    try {
      faults = await this.#check(doc.toString());
    } catch {
      if (!this.#isEnded) this.#list.say(this.#unchecked);
      return;
    }
    // What was typed meanwhile is looked at anew.
    if (this.#isEnded || view.state.doc !== doc) return;
    if (view.composing) {
      this.soon();
      return;
    }
    view.dispatch({ effects: foundFaults.of(faults) });
    this.#list.show(faults);
  }
}
