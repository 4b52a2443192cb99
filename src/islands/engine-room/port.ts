/**
 * How a page speaks with the engine, which runs beside it in a worker: it asks by a handler's name and
 * is answered once, and it hears news that it did not ask for. All of it is plain data.
 */
export interface Asked {
  readonly id: number;
  /** A key of `handlers.ts`. */
  readonly ask: string;
  readonly body: unknown;
}

export type Told =
  | { readonly id: number; readonly answer: unknown }
  /** The handler threw: a fault of ours, in words for the console. */
  | { readonly id: number; readonly fault: string }
  | { readonly news: News };

/** What the engine says unasked: to whom (a world or a run that the page named), and what. */
export interface News {
  readonly about: string;
  readonly kind: string;
  readonly body: unknown;
}

/** What carries messages to and from the engine: a worker, or in a test the same thread. */
export interface Wire {
  readonly send: (asked: Asked) => void;
  readonly listen: (listener: (told: Told) => void) => void;
  /** Hears that nothing will be answered any more, with a reason for the console. */
  readonly onBreak?: (listener: (fault: string) => void) => void;
}

/** What a handler has besides what it was asked. */
export interface Room {
  readonly tell: (news: News) => void;
}

/** Answers at once or later; several may be under way, so what takes long breathes in between. */
export type Handler<Body = never, Answer = unknown> = (body: Body, room: Room) => Answer;
