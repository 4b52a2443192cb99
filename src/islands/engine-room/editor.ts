import type { CheckedFile, EditorFault } from '../editor/fault.ts';
import { withPieces } from './pieces.ts';

/** What an editor asks the engine. The readers of files come when a file is first edited. */
export const editorHandlers = {
  'editor/check': async (file: CheckedFile): Promise<readonly EditorFault[]> => {
    const { checkFile } = await import('../editor/check/check-file.ts');
    return withPieces(() => checkFile(file));
  },
};
