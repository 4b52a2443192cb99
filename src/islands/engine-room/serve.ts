import { handlers } from './handlers.ts';
import type { Asked, Handler, Room, Told } from './port.ts';

/**
 * Answers what is asked, by the table of handlers.
 * @param tell carries an answer or news to the page
 */
export function serve(tell: (told: Told) => void): (asked: Asked) => Promise<void> {
  const room: Room = { tell: (news) => tell({ news }) };
  const table: Readonly<Record<string, Handler>> = handlers;
  return async ({ id, ask, body }) => {
    try {
      const handler = table[ask];
      if (!handler) throw new Error(`there is no handler ${ask}`);
      tell({ id, answer: await handler(body as never, room) });
    } catch (error) {
      tell({ id, fault: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  };
}
