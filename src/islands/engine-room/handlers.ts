import { editorHandlers } from './editor.ts';
import { panelHandlers } from './panels.ts';
import { platformHandlers } from './platforms.ts';
import { runHandlers } from './run.ts';
import { worldHandlers } from './world.ts';

/**
 * All that a page can ask the engine, by name: `area/verb`. Each area is a file beside this one, which
 * exports its handlers; a page imports this table as a type only, so no engine comes with it.
 */
export const handlers = {
  ...worldHandlers,
  ...editorHandlers,
  ...panelHandlers,
  ...platformHandlers,
  ...runHandlers,
};

export type Handlers = typeof handlers;
