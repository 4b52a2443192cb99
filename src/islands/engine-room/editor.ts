import { checkFile } from '../editor/check/check-file.ts';
import type { CheckedFile, EditorFault } from '../editor/fault.ts';
import { withPieces } from './breath.ts';

/** What an editor asks the engine. */
export const editorHandlers = {
  'editor/check': (file: CheckedFile): Promise<readonly EditorFault[]> =>
    withPieces(() => checkFile(file)),
};
