import { checkFile } from '../editor/check/check-file.ts';
import type { CheckedFile, EditorFault } from '../editor/fault.ts';

/** What an editor asks the engine. */
export const editorHandlers = {
  'editor/check': (file: CheckedFile): readonly EditorFault[] => checkFile(file),
};
