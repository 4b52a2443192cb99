import { batch, effect, signal, type Signal } from '@preact/signals';
import { attachFigure } from '../../diagram/attach.ts';
import type { Graph } from '../../diagram/graph.ts';
import type { Journey, NodeView } from '../../diagram/projection/figure-view.ts';
import { playerStrings, type PlayerWords } from '../../i18n/player.ts';
import { fill } from '../../i18n/strings.ts';
import { followAction } from './camera.ts';
import { attachControls } from './controls.ts';
import { createGlider } from './glider.ts';
import { attachKeys } from './keys.ts';
import { attachSharing } from './sharing.ts';
import { findParts } from './parts.ts';
import { Playhead } from './playhead.ts';
import type { RunData } from '../engine-room/run-messages.ts';
import type { Run } from './run.ts';
import { attachSaying } from './saying.ts';
import type { Session, SideTab } from './session.ts';
import { attachSide } from './attach-side.ts';
import { startTicker } from './ticker.ts';
import { attachMarks } from './timeline-marks.ts';
import { attachTools } from './tools.ts';
import { attachTranscript } from './transcript.ts';
import { travellersAt } from './travellers.ts';

/** Brings a figure to life in its markup. */
export function startSession(root: HTMLElement, data: RunData, run: Run): Session {
  const words = playerStrings[data.locale];
  const parts = findParts(root);
  const motion = matchMedia('(prefers-reduced-motion: reduce)');
  const head = new Playhead(
    run.film.steps.map(({ moment, durationMs }) => ({ timeMs: moment.timeMs, durationMs })),
  );
  const inspected = signal<string | undefined>(undefined);
  const side = signal<SideTab | undefined>(undefined);
  const still = signal(motion.matches);
  const touched = signal(false);
  const notice = signal('');
  const inspect = (node: string | undefined): void => {
    batch(() => {
      touched.value = true;
      inspected.value = node;
      if (node !== undefined) side.value = 'inspect';
      else if (side.value === 'inspect') side.value = undefined;
    });
  };
  const glider = createGlider(parts.drawing);
  const attached = attachFigure(parts.drawing, {
    glide: glider.glide,
    describe: describeNode(data.graph, words),
    onInspect: (node) => inspect(inspected.value === node ? undefined : node),
  });
  const session: Session = {
    run,
    locale: data.locale,
    figureId: data.figure,
    words,
    parts,
    head,
    inspected,
    side,
    notice,
    touched,
    still,
    attached,
    inspect,
    visit(step, settle = false) {
      batch(() => {
        touched.value = true;
        notice.value = '';
        head.goTo(step, settle && !still.value);
      });
    },
    end() {
      for (const end of ends) end();
      root.classList.remove('is-ready');
    },
  };
  const ends = [
    followMotion(motion, still),
    showRun(session),
    attachSaying(session),
    attachControls(session),
    attachMarks(session),
    attachSide(session),
    attachTools(session),
    attachTranscript(session),
    attachKeys(session),
    attachSharing(session),
    startTicker(head),
    () => attached.detach(),
    () => glider.end(),
  ];
  root.classList.add('is-ready');
  return session;
}

function followMotion(motion: MediaQueryList, still: Signal<boolean>): () => void {
  const follow = (): void => {
    still.value = motion.matches;
  };
  motion.addEventListener('change', follow);
  return () => motion.removeEventListener('change', follow);
}

/** Keeps the drawing at the playhead. */
function showRun(session: Session): () => void {
  const { head, run, attached, still, inspected, parts } = session;
  const journeyOf = (at: number): Journey | undefined => run.journeyOf(at);
  const ends = [
    effect(() => {
      attached.show(run.viewAt(head.step.value));
      attached.elapse(head.toldMs.peek());
    }),
    effect(() => attached.elapse(head.toldMs.value)),
    effect(() => {
      const { presentation, position, step } = head;
      const moves = !still.value;
      // Without motion nothing but the step counts.
      const at = moves ? position.value : 0;
      const travellers = travellersAt(presentation.value, at, step.value, journeyOf, moves);
      attached.travel(travellers, moves && head.moving);
    }),
    // A colour on its way has the whole drawing painted in every frame.
    effect(() => {
      parts.drawing.classList.toggle('is-playing', head.playing.value);
    }),
    effect(() => attached.select(inspected.value)),
    followAction(session),
  ];
  return () => ends.forEach((end) => end());
}

function describeNode(graph: Graph, words: PlayerWords) {
  const names = new Map(graph.nodes.map((node) => [node.id, node.label]));
  return (id: string, view: NodeView | undefined): string => {
    const name = names.get(id) ?? id;
    if (!view?.state) return view?.badge ? `${name}, ${view.badge}` : name;
    const state = words[view.state === 'failed' ? 'failedState' : view.state];
    const text = view.label
      ? fill(words.nodeIs, { name, object: view.label, state })
      : fill(words.nodeLabel, { name, state });
    return view.badge ? `${text}, ${view.badge}` : text;
  };
}
