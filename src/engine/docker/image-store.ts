import type { Processes } from '../sim/processes.ts';
import type { Events, NewEvent } from './events.ts';

/**
 * How the daemon keeps images in containerd's store: one name for each tag; an image that lost its
 * last name stays under a name nobody types (moby/moby v29.7 `daemon/containerd/soft_delete.go`).
 */
export { DANGLING } from '../containerd/content.ts';

/** Programs of the daemon tell of images here. */
export const imageEventService = 'docker/image-events';

export interface ImageNews {
  readonly machine: string;
  readonly event: NewEvent;
}

export function addImageEvents(processes: Processes, events: Events): void {
  processes.service<ImageNews>(imageEventService, ({ machine, event }) => {
    events.emit(machine, event);
  });
}
