import type { Adapter } from '../adapter.ts';
import {
  documentOperations,
  readingOperations,
  syntaxOperations,
} from '../compose-file-operations.ts';
import {
  loadOperations,
  nameOperations,
  selectionOperations,
  stackOperations,
} from '../compose-file-projects.ts';
import { deployOperations } from '../compose-deploy.ts';
import { upOperations } from '../compose-up.ts';
import { waitingOperations } from '../compose-waiting.ts';

export const adapter: Adapter = {
  area: 'compose',
  operations: [
    ...readingOperations,
    ...syntaxOperations,
    ...documentOperations,
    ...loadOperations,
    ...selectionOperations,
    ...stackOperations,
    ...nameOperations,
    ...upOperations,
    ...waitingOperations,
    ...deployOperations,
  ],
};
