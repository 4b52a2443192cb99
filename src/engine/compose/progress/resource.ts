/** What happens to one thing of a project (docker/compose v5.5 `pkg/api/event.go`). */
export interface Resource {
  /** `Container app-web-1`. */
  readonly id: string;
  readonly status: 'working' | 'done' | 'warning' | 'error';
  /** `Creating`. */
  readonly text: string;
  readonly details?: string;
  /** The image that a layer belongs to. */
  readonly parent?: string;
}

export const working = (id: string, text: string): Resource => ({ id, status: 'working', text });
export const done = (id: string, text: string): Resource => ({ id, status: 'done', text });
export const warned = (id: string, text: string): Resource => ({ id, status: 'warning', text });

export const broken = (id: string, details: string): Resource => ({
  id,
  status: 'error',
  text: 'Error',
  details,
});

/** Said of the whole: it is printed at once, whatever runs. */
export const WHOLE = 'Compose';
